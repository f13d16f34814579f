/** The recorded answers of Identity Engine. */

import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const MOCKS = new URL("okta-signin-widget/playground/mocks/data/idp/idx/", FIXTURES);

// deno-lint-ignore no-explicit-any -- recorded bodies have many shapes
export type Json = any;

export interface IdxMock {
  name: string;
  text: string;
  /** `undefined` if it is not JSON, which a few deliberately are not. */
  body: Json;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readMocks(): IdxMock[] {
  const names = [...Deno.readDirSync(MOCKS)].map(({ name }) => name).sort();
  return names.map((name) => {
    const text = Deno.readTextFileSync(new URL(name, MOCKS));
    return { name, text, body: parse(text) };
  });
}

function readIfThere(): IdxMock[] {
  try {
    return readMocks();
  } catch {
    return [];
  }
}

/** Empty if the folder is missing. */
export const idxMocks: readonly IdxMock[] = readIfThere();

/** For tests: ignored if the folder is missing. */
export const ignoreIdxMocks = ignoreWithoutData(idxMocks.length === 0);

export function remediationsOf(body: Json): Json[] {
  const list = body?.remediation?.value;
  return Array.isArray(list) ? list : [];
}

/** Whether a body is from a sign-in: a few are from other APIs, or deliberately incomplete. */
export function isTransaction(body: Json): boolean {
  return typeof body?.stateHandle === "string" || body?.remediation !== undefined ||
    body?.messages !== undefined;
}
