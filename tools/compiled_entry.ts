/**
 * The entry of the compiled program. Unlike `mod.ts` it has a literal `import()`, which the bundler
 * needs.
 */

import { main } from "../src/main.ts";

Deno.exit(await main(Deno.args, () => import("../src/composition.ts")));
