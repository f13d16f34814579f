import { isObject } from "../../is_object.ts";

export type Members = Record<string, unknown>;

export function membersOf(value: unknown): Members | undefined {
  return isObject(value) ? value : undefined;
}

/** `undefined` for anything but non-empty text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** `$.authenticators.value[0]`, `$.currentAuthenticator`, `authenticatorChallenge`. */
const STEP = /\[(\d{1,4})\]|([A-Za-z_]\w*)/g;

/**
 * Follows `relatesTo`: a JSONPath of members and positions, as text or as an array of one. Returns
 * the members of the ION value without its wrapper.
 */
export function followRelatesTo(document: Members, relatesTo: unknown): Members | undefined {
  const path = textOf(Array.isArray(relatesTo) ? relatesTo[0] : relatesTo);
  if (path === undefined) return undefined;
  let at: unknown = document;
  for (const [, position, name] of path.matchAll(STEP)) {
    at = position === undefined ? own(at, name!) : own(at, position);
  }
  const found = membersOf(at);
  return membersOf(found?.value) ?? found;
}

function own(value: unknown, name: string): unknown {
  const isParent = isObject(value) || Array.isArray(value);
  return isParent && Object.hasOwn(value, name) ? (value as Members)[name] : undefined;
}
