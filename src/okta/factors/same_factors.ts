/**
 * Several factors of one type, such as two phones: how menus, settings and hints tell them apart.
 *
 * @module
 */

import type { Authenticator } from "./authenticator.ts";

/** Text that can be written into the settings as it is. */
const PLAIN = /^[^\s#;"'\\][^#;"\\]*$/;

function alike(one: Authenticator, all: readonly Authenticator[]): Authenticator[] {
  return all.filter(({ factorType, provider }) =>
    factorType === one.factorType && provider === one.provider
  );
}

/**
 * What names a factor in `mfa_factor_type`: `push`, or `push/Pixel 8` if there are several. Falls back
 * to Okta's id if the device has no name of its own.
 */
export function factorWord(one: Authenticator, all: readonly Authenticator[]): string {
  const { factorType, detail, id } = one;
  const others = alike(one, all);
  if (others.length < 2) return factorType;
  const isUnique = others.filter((other) => other.detail === detail).length === 1;
  const word = detail !== undefined && isUnique && PLAIN.test(detail) ? detail : id;
  return word === undefined ? factorType : `${factorType}/${word}`;
}

/** Whether a factor is meant by a type (`push`) or by a type and a device (`push/Pixel 8`). */
export function isNamed({ factorType, detail, id }: Authenticator, word: string): boolean {
  const slash = word.indexOf("/");
  const type = slash === -1 ? word : word.slice(0, slash);
  if (type.toLowerCase() !== factorType) return false;
  if (slash === -1) return true;
  const device = word.slice(slash + 1).toLowerCase();
  return device === detail?.toLowerCase() || device === id?.toLowerCase();
}

/** The names, made different where they are the same. */
export function distinctNames(all: readonly Authenticator[]): string[] {
  return all.map(({ name, detail }, at) => {
    const same = all.filter((one) => one.name === name);
    if (same.length < 2) return name;
    const tells = detail !== undefined && !name.includes(detail) &&
      same.filter((one) => one.detail === detail).length === 1;
    if (tells) return `${name}: ${detail}`;
    return `${name} (${all.slice(0, at + 1).filter((one) => one.name === name).length})`;
  });
}
