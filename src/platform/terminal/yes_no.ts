/**
 * What counts as a yes, and what as a no.
 *
 * @module
 */

/**
 * Reads a yes or a no.
 *
 * @param typed What was typed.
 * @param initial What an empty line means.
 * @returns The answer, or `undefined` where it is neither.
 */
export function parseYesNo(typed: string, initial: boolean): boolean | undefined {
  const word = typed.trim().toLowerCase();
  if (word === "") return initial;
  if (word === "y" || word === "yes") return true;
  if (word === "n" || word === "no") return false;
  return undefined;
}
