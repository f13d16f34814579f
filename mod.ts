/**
 * The program's entry, and what plugins and other programs may use of it.
 *
 * @module
 */

import { type Composition, main } from "./src/main.ts";

export * from "./src/errors.ts";
export type * from "./src/plugins/contract.ts";

if (import.meta.main) {
  // Not a literal: `deno run` reads the whole graph of a literal import before the first line runs,
  // and a cache hit needs a fifth of it. tools/compile.ts has an entry with a literal one.
  const composition = "./src/composition.ts";
  Deno.exit(await main(Deno.args, () => import(composition) as Promise<Composition>));
}
