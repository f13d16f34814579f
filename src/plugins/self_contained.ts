/**
 * Whether a plugin's text is sure to import nothing, by words alone.
 *
 * It stands in for the gate where Deno lacks what that is built on (`registerHooks`, before 2.9, in a
 * compiled program). No code can come from strings there, so what the text does not spell does not
 * happen. It rather refuses a text that only speaks of importing than lets one through that does.
 *
 * @module
 */

/** `import type { A, B } from "x"`: gone before the code runs. `import type from "x"` is not. */
const TYPES_ONLY = /\bimport\s+type\s*\{[\w\s,$]*\}\s*from\s*(?:"[^"\\\n]*"|'[^'\\\n]*')/g;

/** A keyword can't be written with escapes, so these letters are the only way to spell it. */
const IMPORT = /(?<![\p{ID_Continue}$\u200c\u200d])import(?![\p{ID_Continue}$\u200c\u200d])/u;

/** `export … from "x"`, with whatever may stand between the last two. */
const FROM = /(?<![\p{ID_Continue}$])from(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*["']/u;

/**
 * Tells whether a text imports nothing.
 *
 * @param text The module's text.
 * @returns Whether that is sure.
 */
export function importsNothing(text: string): boolean {
  const rest = text.replace(TYPES_ONLY, "");
  return !IMPORT.test(rest) && !FROM.test(rest);
}
