/** A releases page on this machine, and machines to install from it. @module */

/** Text, or what a program consists of. */
type Bytes = Uint8Array<ArrayBuffer>;

/** How the server answers instead of with the whole file. */
export type Fault = "tampered" | "cut" | "hangs" | "missing";

export interface ReleaseServer extends AsyncDisposable {
  /** The address of its releases page. */
  url: string;
  /** The paths that were asked for. */
  asked: string[];
  /** What is wrong with the binary. */
  fault?: Fault;
  /** Settles when the binary is asked for. */
  binaryAsked: Promise<void>;
}

/** The name of the binary for the machine that runs the tests. */
export const ASSET = `okta-aws-${Deno.build.os === "darwin" ? "macos" : "linux"}-${
  Deno.build.arch === "aarch64" ? "arm64" : "x64"
}`;

/** A program that says its version and nothing else. */
export function programOfVersion(version: string): Bytes {
  return new TextEncoder().encode(`#!/bin/sh\necho okta-aws ${version}\n`);
}

/** By the program: a real binary is large, and this one packs quickly where it is told to. */
async function gzip(bytes: Bytes): Promise<Bytes> {
  const command = new Deno.Command("gzip", { args: ["-1"], stdin: "piped", stdout: "piped" });
  const child = command.spawn();
  const [{ stdout }] = await Promise.all([
    child.output(),
    new Blob([bytes]).stream().pipeTo(child.stdin),
  ]);
  return stdout;
}

async function sha256(bytes: Bytes): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** The files of releases, by path. */
async function filesOf(releases: Record<string, Bytes>, asset: string) {
  const files = new Map<string, Bytes>();
  for (const [version, program] of Object.entries(releases)) {
    const packed = await gzip(program);
    const sums = `${"0".repeat(64)}  okta-aws.cdx.json\n${await sha256(packed)}  ${asset}.gz\n`;
    // The last one is the newest.
    for (const folder of [`/download/v${version}`, "/latest/download"]) {
      files.set(`${folder}/${asset}.gz`, packed);
      files.set(`${folder}/SHA256SUMS`, new TextEncoder().encode(sums));
    }
  }
  return files;
}

function faulty(bytes: Bytes, fault: Fault): Response {
  if (fault === "missing") return new Response("Not Found", { status: 404 });
  const half = bytes.subarray(0, bytes.length >> 1);
  if (fault === "tampered") return new Response(half);
  const body = new ReadableStream<Bytes>({
    start(controller) {
      controller.enqueue(half);
      if (fault === "cut") controller.error(new Error("the line is cut"));
    },
  });
  return new Response(body, { headers: { "content-length": `${bytes.length}` } });
}

/**
 * Starts a server of releases.
 *
 * @param releases The binaries by version, the newest last.
 * @param asset The name of the binary.
 * @returns The server; `await using` stops it.
 */
export async function startReleaseServer(
  releases: Record<string, Bytes>,
  asset = ASSET,
): Promise<ReleaseServer> {
  const files = await filesOf(releases, asset);
  const { promise: binaryAsked, resolve } = Promise.withResolvers<void>();
  const stop = new AbortController();
  const server = Deno.serve(
    {
      port: 0,
      hostname: "127.0.0.1",
      onListen() {},
      onError: () => new Response(),
      signal: stop.signal,
    },
    (request) => {
      const { pathname, host } = new URL(request.url);
      // A proxy is asked with the whole address.
      release.asked.push(request.url.startsWith(release.url) ? pathname : `${host}${pathname}`);
      const path = pathname.replace(/^\/releases/, "");
      const bytes = files.get(path);
      if (bytes === undefined) return new Response("Not Found", { status: 404 });
      const isBinary = path.endsWith(".gz");
      if (isBinary) resolve();
      return isBinary && release.fault ? faulty(bytes, release.fault) : new Response(bytes);
    },
  );
  const release: ReleaseServer = {
    url: `http://127.0.0.1:${server.addr.port}/releases`,
    asked: [],
    binaryAsked,
    [Symbol.asyncDispose]() {
      // Whoever still waits for the rest waits in vain.
      stop.abort();
      return Promise.resolve();
    },
  };
  return release;
}
