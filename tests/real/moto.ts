/** moto's server: somebody else's idea of AWS. @module */

/** A running moto. */
export interface Moto extends AsyncDisposable {
  /** Its origin. */
  url: string;
}

/**
 * Starts moto on a free port of the loopback.
 *
 * @returns The server; `await using` ends it.
 */
export async function startMoto(): Promise<Moto> {
  const child = new Deno.Command("python3", {
    args: ["-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let written = "";
  while (!/http:\/\/127\.0\.0\.1:\d+/.test(written)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`moto ended: ${written}`);
    written += value;
  }
  const drained = (async () => {
    while (!(await reader.read()).done);
  })();
  return {
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(written)![0],
    async [Symbol.asyncDispose]() {
      child.kill();
      await drained;
      await child.status;
    },
  };
}
