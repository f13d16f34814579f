/**
 * The entry of the compiled program: like `mod.ts`, but everything else is imported by a literal, so
 * that the bundler finds it.
 *
 * @module
 */

import { main } from "../src/main.ts";

Deno.exit(await main(Deno.args, () => import("../src/composition.ts")));
