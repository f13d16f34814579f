/**
 * `deno task bench peers [fetch] [CASE…]`: compares okta-aws with other tools, in turns, against the
 * simulated Okta and STS: over TLS, on their production host names, in a network of its own, with a
 * delaying relay in between. `fetch` first fetches the tools that are missing; others are left out.
 *
 * `OKTA_AWS_BIN` adds the binary, `OKTA_AWS_BENCH_ROUNDS` multiplies the rounds.
 */

import { cachedProgram } from "../deno_cache.ts";
import { print } from "./measure.ts";
import { runInNamespace } from "./peers/namespace.ts";
import { fetchPrograms } from "./peers/programs.ts";

/** @returns Always `true`: there is no limit. */
export async function measurePeers(args: readonly string[] = []): Promise<boolean> {
  if (args.includes("fetch")) await fetchPrograms();
  const script = new URL("./peers/arena.ts", import.meta.url);
  const cases = args.filter((one) => one !== "fetch");
  const code = await runInNamespace(script, cases, { DENO_DIR: await cachedProgram() });
  if (code === undefined) {
    print("peers: left out. It needs network namespaces: Linux, and root or user namespaces.");
  }
  return code === undefined || code === 0;
}
