/** Starts `serve` in a home and stops it again. @module */

import { type Home, startProgram } from "./program.ts";

export interface Served extends AsyncDisposable {
  url: string;
  page: string;
  credentials: string;
  token: string;
  readonly pid: number;
  get(path: string, options?: RequestInit): Promise<Response>;
  /** With the token. */
  withToken(path: string): Promise<Response>;
  /** Ends it by a signal; what it printed. */
  stop(signal?: Deno.Signal): Promise<{ code: number; stderr: string }>;
}

const PATIENCE_MILLISECONDS = 60_000;

/** On a free port unless `args` has one. */
export async function serve(home: Home, args: readonly string[] = []): Promise<Served> {
  const port = args.includes("--port") ? [] : ["--port", "0"];
  const child = await startProgram({
    args: ["serve", "--json", ...port, ...args],
    home: home.folder,
    env: home.env,
    signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
  });
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let line = "";
  while (!line.endsWith("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`serve ended: ${await stderr}`);
    line += value;
  }
  let stopped: Promise<{ code: number; stderr: string }> | undefined;
  const stop = (signal: Deno.Signal = "SIGTERM") =>
    stopped ??= (async () => {
      child.kill(signal);
      await reader.cancel();
      const { code } = await child.status;
      return { code, stderr: await stderr };
    })();
  const address = JSON.parse(line) as Pick<Served, "url" | "page" | "credentials" | "token">;
  const get: Served["get"] = (path, options = {}) =>
    fetch(`${address.url}${path}`, { redirect: "manual", ...options });
  return {
    ...address,
    pid: child.pid,
    get,
    withToken: (path) => get(path, { headers: { Authorization: address.token } }),
    stop,
    [Symbol.asyncDispose]: async () => void await stop(),
  };
}
