/** The recorded answers of Identity Engine, as tests read them. */

const FIXTURES = new URL("../../../shared/fixtures/", import.meta.url);
const MOCKS = new URL("okta-signin-widget/playground/mocks/data/idp/idx/", FIXTURES);

// deno-lint-ignore no-explicit-any -- recorded bodies have many shapes
export type Json = any;

export interface IdxMock {
  name: string;
  text: string;
  /** Its body; `undefined` where it is no JSON, which a few are not on purpose. */
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

/** All of them; none where the folder is missing. */
export const idxMocks: readonly IdxMock[] = readIfThere();

/** What a test of them needs where the folder is missing. */
export const ignoreIdxMocks = idxMocks.length === 0;

/** The remediations of a body. */
export function remediationsOf(body: Json): Json[] {
  const list = body?.remediation?.value;
  return Array.isArray(list) ? list : [];
}

/** Whether a body is a sign-in's: a few are of other APIs, or cut short on purpose. */
export function isTransaction(body: Json): boolean {
  return typeof body?.stateHandle === "string" || body?.remediation !== undefined ||
    body?.messages !== undefined;
}
