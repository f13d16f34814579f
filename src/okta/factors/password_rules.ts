/**
 * The password policy in words.
 *
 * @module
 */

import type { PasswordComplexity } from "./password_change.ts";

/** What each member wants: one, several. */
const RULES: readonly [keyof PasswordComplexity, string, string][] = [
  ["minLength", "at least 1 character", "at least # characters"],
  ["minLowerCase", "a lower-case letter", "# lower-case letters"],
  ["minUpperCase", "an upper-case letter", "# upper-case letters"],
  ["minNumber", "a number", "# numbers"],
  ["minSymbol", "a symbol", "# symbols"],
];

/**
 * Says what a new password has to be like.
 *
 * @param complexity The policy; a member that is 0, negative or missing asks for nothing.
 * @returns `at least 8 characters, a number, no part of the user name`.
 */
export function describePasswordRules(complexity: PasswordComplexity): string {
  const rules = RULES.flatMap(([member, one, several]) => {
    const count = Number(complexity[member] ?? 0);
    if (!(count > 0)) return [];
    return [count === 1 ? one : several.replace("#", String(count))];
  });
  if (complexity.excludeUsername === true) rules.push("no part of the user name");
  const { historyCount = 0 } = complexity;
  if (historyCount > 0) rules.push(`to differ from the last ${historyCount}`);
  return rules.join(", ") || "whatever you like";
}
