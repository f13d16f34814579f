import assert from "node:assert/strict";
import { importsNothing } from "../../src/plugins/plugin_code.ts";

const IMPORTS = [
  `import "x";`,
  `import x from "x";`,
  `import type from "x";`,
  `import type, { y } from "x";`,
  `import type { A } from "a"; import b from "b";`,
  `await import("x");`,
  `[...import("x")]`,
  `import/**/("x")`,
  `"a"in{}?import("x"):0`,
  "`${import('x')}`",
  `import.meta.url`,
  `import source x from "x"`,
  `export * from "x";`,
  `export{a}from'x'`,
  `export { a } from // why\n "x"`,
  `export * as b from /* ' */ "x"`,
  `import type { A } from "a\\u0022; import b from "b"`,
];

const NONE = [
  `export default {};`,
  `import type { Plugin } from "../mod.ts";\nexport default {};`,
  `import type {\n  A,\n  B,\n} from '../mod.ts';`,
  `const important = 1, reimport = 2, $import = 3, importX = 4;`,
  `Array.from("abc"); const from = 1;`,
];

Deno.test("importsNothing() refuses everything that could import", () => {
  for (const text of IMPORTS) assert.equal(importsNothing(text), false, text);
});

Deno.test("importsNothing() accepts types and similar words", () => {
  for (const text of NONE) assert.equal(importsNothing(text), true, text);
});
