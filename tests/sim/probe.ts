/** A small client of the simulator for its own tests. It shares no code with the product. */

import { AwsClient } from "aws4fetch";
import type { Simulator } from "./simulator.ts";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** `undefined` if the body is not JSON. */
  // deno-lint-ignore no-explicit-any -- tests look into many shapes
  json: any;
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** Sends a request without following redirects. */
export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  return await read(await fetch(url, { redirect: "manual", ...init }));
}

/** POSTs JSON to Okta. `path` may be an absolute URL. */
export async function postJson(
  sim: Simulator,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return await send(new URL(path, sim.okta).href, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

export async function postForm(
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const type = "application/x-www-form-urlencoded; charset=utf-8";
  const body = new URLSearchParams(fields).toString();
  return await send(url, { method: "POST", headers: { "content-type": type, ...headers }, body });
}

/** Sends user name and password. */
export async function primary(sim: Simulator, extra: object = {}): Promise<Answer> {
  const { login, password } = sim.user;
  return await postJson(sim, "/api/v1/authn", { username: login, password, ...extra });
}

export function verifyLink(body: Answer["json"], index = 0): string {
  return body._embedded.factors[index]._links.verify.href;
}

/** Sends a code for the first factor (default: the right one). */
export async function verify(sim: Simulator, body: Answer["json"], code?: string): Promise<Answer> {
  const passCode = code ?? await sim.user.code();
  return await postJson(sim, verifyLink(body), { stateToken: body.stateToken, passCode });
}

/** Signs in; returns the sessionToken. */
export async function sessionToken(sim: Simulator): Promise<string> {
  for (const user of sim.world.users) for (const one of user.factors) delete one.lastCounter;
  return (await verify(sim, (await primary(sim)).json)).json.sessionToken;
}

/** Signs in; returns a `Cookie` header with the session's `sid`. */
export async function sessionCookie(sim: Simulator): Promise<string> {
  const answer = await postJson(sim, "/api/v1/sessions", { sessionToken: await sessionToken(sim) });
  return `sid=${answer.json.id}`;
}

export function unescapeHtml(text: string): string {
  return text.replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, digits) => String.fromCodePoint(Number(digits)))
    .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

/** The page's SAMLResponse, base64 without whitespace. */
export function samlResponseOf(page: string): string {
  const value = /SAMLResponse"[^>]*value="([^"]*)"/.exec(page)?.[1] ??
    /value='([^']*)'[^>]*SAMLResponse'/.exec(page)?.[1];
  if (value === undefined) throw new Error(`no SAMLResponse in ${page.slice(0, 200)}`);
  return unescapeHtml(value).replace(/\s/g, "");
}

/** Signs in and opens an app (default: the first); returns the SAMLResponse. */
export async function assertion(sim: Simulator, label?: string): Promise<string> {
  const cookie = await sessionCookie(sim);
  return samlResponseOf((await send(sim.embedLink(label), { headers: { cookie } })).text);
}

/** Calls AssumeRoleWithSAML with a grant (default: the first app's first). */
export async function assumeWithSaml(
  sim: Simulator,
  samlText: string,
  fields: Record<string, string> = {},
  grant = sim.world.apps[0]!.grants[0]!,
): Promise<Answer> {
  return await postForm(sim.sts, {
    Action: "AssumeRoleWithSAML",
    Version: "2011-06-15",
    RoleArn: grant.roleArn,
    PrincipalArn: grant.principalArn,
    SAMLAssertion: samlText,
    ...fields,
  });
}

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

export function element(xml: string, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  if (text === undefined) throw new Error(`no ${name} in ${xml}`);
  return text;
}

export function keysOf({ text }: Answer): Keys {
  return {
    accessKeyId: element(text, "AccessKeyId"),
    secretAccessKey: element(text, "SecretAccessKey"),
    sessionToken: element(text, "SessionToken"),
  };
}

/** Signs in and assumes the first role. */
export async function roleKeys(sim: Simulator): Promise<Keys> {
  return keysOf(await assumeWithSaml(sim, await assertion(sim)));
}

/** Calls STS, signed by aws4fetch. */
export async function signedSts(
  sim: Simulator,
  keys: Keys,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const client = new AwsClient({ ...keys, service: "sts", region: "eu-west-1", retries: 0 });
  const request = await client.sign(`${sim.sts}/`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8", ...headers },
    body: new URLSearchParams({ Version: "2011-06-15", ...fields }).toString(),
  });
  return await read(await fetch(request));
}

export async function presigned(
  sim: Simulator,
  keys: Keys,
  seconds: number,
  headers: Record<string, string> = {},
): Promise<string> {
  const client = new AwsClient({ ...keys, service: "sts", region: "eu-west-1" });
  const query = `Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires=${seconds}`;
  const request = await client.sign(`${sim.sts}/?${query}`, {
    method: "GET",
    headers,
    aws: { signQuery: true, allHeaders: true },
  });
  return request.url;
}
