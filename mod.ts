/**
 * The entry of okta-aws, and the types for plugins.
 *
 * @module
 */

import { type Composition, main } from "./src/main.ts";

export * from "./src/errors.ts";
export type * from "./src/plugins/contract.ts";

if (import.meta.main) {
  // Not a literal: `deno run` loads the whole graph of a literal import before the first line runs,
  // and a cache hit needs a fifth of it. For compiling, tools/compiled_entry.ts has a literal import.
  const composition = "./src/composition.ts";
  Deno.exit(await main(Deno.args, () => import(composition) as Promise<Composition>));
}
