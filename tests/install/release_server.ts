/** A local releases page. */

/** Text or bytes. */
type Bytes = Uint8Array<ArrayBuffer>;

/** How the server fails instead of sending the whole file. */
export type Fault = "tampered" | "cut" | "hangs" | "missing";

export interface ReleaseServer extends AsyncDisposable {
  /** The URL of its releases page. */
  url: string;
  /** The requested paths. */
  asked: string[];
  /** What is wrong with the binary. */
  fault?: Fault;
  /** What SHA256SUMS ends with (default: a newline). */
  sumsEnd?: string;
  /** Resolves when the binary is requested. */
  binaryAsked: Promise<void>;
}

/** The binary's file name for this machine. */
export const ASSET = `okta-aws-${Deno.build.os === "darwin" ? "macos" : "linux"}-${
  Deno.build.arch === "aarch64" ? "arm64" : "x64"
}`;

/** A program that prints its version; from 1.1 on it has a manual. */
export function programOfVersion(version: string): Bytes {
  const page = version.startsWith("1.0")
    ? ""
    : `[ "$*" = "help man" ] && { echo .TH OKTA-AWS 1; exit; }\n`;
  return new TextEncoder().encode(`#!/bin/sh\n${page}echo okta-aws ${version}\n`);
}

/** The packed binary, by its bytes: packing a real one takes long. */
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

/** `releases`: binaries by version, the newest last. `await using` stops the server. */
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
      // A proxy request has the absolute URL.
      release.asked.push(request.url.startsWith(release.url) ? pathname : `${host}${pathname}`);
      const path = pathname.replace(/^\/releases/, "");
      const bytes = files.get(path);
      if (bytes === undefined) return new Response("Not Found", { status: 404 });
      const isBinary = path.endsWith(".gz");
      if (isBinary) resolve();
      if (!isBinary && release.sumsEnd !== undefined) {
        return new Response(new TextDecoder().decode(bytes).trimEnd() + release.sumsEnd);
      }
      return isBinary && release.fault ? faulty(bytes, release.fault) : new Response(bytes);
    },
  );
  const release: ReleaseServer = {
    url: `http://127.0.0.1:${server.addr.port}/releases`,
    asked: [],
    binaryAsked,
    [Symbol.asyncDispose]() {
      // Clients that still wait for the rest get no answer.
      stop.abort();
      return Promise.resolve();
    },
  };
  return release;
}
