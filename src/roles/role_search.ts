/**
 * Which roles a part of a name may mean, and which names are close to a mistyped one (docs/cli.md,
 * "What PROFILE names", 5). For people at a terminal only; loaded when an exact name isn't found.
 *
 * @module
 */

import { showUntrusted } from "../untrusted_text.ts";
import type { KnownRole } from "./role_match.ts";

/** How a person names a role: `acme-dev/Developer`. */
export function roleLabel(
  { alias, accountId, roleName }: Pick<KnownRole, "alias" | "accountId" | "roleName">,
): string {
  return showUntrusted(`${alias ?? accountId}/${roleName}`);
}

/** By account, then by role, as {@linkcode compareNames} orders them. */
export function byLabel(a: KnownRole, b: KnownRole): number {
  return compareNames(a.alias ?? a.accountId, b.alias ?? b.accountId) ||
    compareNames(a.roleName, b.roleName);
}

const NUMBER = /^\d/;

/** In any case, numbers by value: `Team2`, `team10`, `Teams`. `Intl.Collator` takes 10 ms to make. */
export function compareNames(a: string, b: string): number {
  const [left, right] = [chunksOf(a), chunksOf(b)];
  for (const [at, one] of left.entries()) {
    const other = right[at];
    if (other === undefined) return 1;
    const areNumbers = NUMBER.test(one) && NUMBER.test(other);
    const difference = areNumbers ? Number(one) - Number(other) : 0;
    if (difference !== 0) return difference;
    if (one !== other) return one < other ? -1 : 1;
  }
  return left.length - right.length;
}

/** Whole numbers, and single characters. */
function chunksOf(name: string): string[] {
  return name.toLowerCase().match(/\d+|\D/g) ?? [];
}

/** All names of a role, in lower case. */
function namesOf({ profile, also = [], alias, accountId, roleName }: KnownRole): string[] {
  const accounts = alias === undefined ? [accountId] : [alias, accountId];
  return [profile, ...also, ...accounts.map((account) => `${account}/${roleName}`)]
    .filter((name) => name !== undefined)
    .map((name) => name.toLowerCase());
}

/**
 * The roles that have every part of a word in one of their names: `dev` is in `acme-dev`, and
 * `dev/adm` in `acme-dev/Admin`. Case does not matter.
 *
 * @returns Each role once. If some roles have the whole word as a name in another case, only these.
 */
export function searchRoles(word: string, roles: readonly KnownRole[]): KnownRole[] {
  const wanted = word.toLowerCase();
  const unique = [...new Map(roles.map((role) => [role.roleArn, role])).values()];
  if (wanted === "") return [];
  const isWhole = (role: KnownRole) =>
    [...namesOf(role), role.roleName, role.alias, role.accountId]
      .some((name) => name?.toLowerCase() === wanted);
  const whole = unique.filter(isWhole);
  if (whole.length > 0) return whole;
  return unique.filter((role) => namesOf(role).some((name) => hasParts(name, wanted)));
}

/** Whether a name has the parts of a word between slashes, in their order. */
function hasParts(name: string, wanted: string): boolean {
  if (name.includes(wanted)) return true;
  const [account, ...role] = wanted.split("/");
  const slash = name.indexOf("/");
  if (role.length === 0 || slash < 0) return false;
  return name.slice(0, slash).includes(account!) && name.slice(slash + 1).includes(role.join("/"));
}

/** A name this far from the word is no typing mistake: one edit for each three characters. */
const CHARACTERS_PER_EDIT = 3;

/** How many names are suggested. */
const SUGGESTED = 3;

/**
 * The names that are closest to a mistyped word.
 *
 * @param names Profiles and aliases besides the roles' names.
 * @returns The closest first; none if the word is like no name.
 */
export function suggestNames(
  word: string,
  roles: readonly KnownRole[],
  names: readonly string[] = [],
): string[] {
  const wanted = word.toLowerCase();
  const distances = new Map<string, number>();
  const consider = (shown: string, candidate: string): void => {
    const distance = editDistance(wanted, candidate.toLowerCase());
    const limit = Math.max(1, Math.floor(wanted.length / CHARACTERS_PER_EDIT));
    if (distance <= limit && distance < (distances.get(shown) ?? Infinity)) {
      distances.set(shown, distance);
    }
  };
  for (const name of names) consider(showUntrusted(name), name);
  for (const role of roles) {
    const label = roleLabel(role);
    for (const name of namesOf(role)) consider(label, name);
    consider(showUntrusted(role.roleName), role.roleName);
    if (role.alias !== undefined) consider(role.alias, role.alias);
  }
  return [...distances].sort(([, a], [, b]) => a - b).slice(0, SUGGESTED).map(([name]) => name);
}

/** The end of a sentence that an unknown name is in. */
export function didYouMean(names: readonly string[]): string {
  return names.length === 0 ? "" : ` (did you mean ${names.join(" or ")}?)`;
}

/** Insertions, deletions, replacements and swaps of neighbours that make one text the other. */
export function editDistance(from: string, to: string): number {
  let [earlier, before]: [number[], number[]] = [
    [],
    Array.from(
      { length: to.length + 1 },
      (_, at) => at,
    ),
  ];
  for (let row = 1; row <= from.length; row++) {
    const now = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      now.push(Math.min(
        now[column - 1]! + 1,
        before[column]! + 1,
        before[column - 1]! + (same ? 0 : 1),
        isSwap ? earlier[column - 2]! + 1 : Infinity,
      ));
    }
    [earlier, before] = [before, now];
  }
  return before[to.length]!;
}
