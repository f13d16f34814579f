/**
 * The page's cookie: signed, for 30 days, valid across restarts of the server. A code of the page's
 * address becomes one. Cookies reach every port of a host, so forms carry a value of the page too.
 *
 * @module
 */

import type { Secret } from "../../secret.ts";
import { isEqual, randomToken, sign } from "../secret_text.ts";

const NAME = "okta-aws";
const SECONDS = 30 * 24 * 3600;

/** The value of `Set-Cookie` for a new session. */
export async function newCookie(key: Secret, now: number): Promise<string> {
  const content = `${Math.floor(now / 1000) + SECONDS}.${randomToken()}`;
  const value = `${content}.${await sign(key, `cookie ${content}`)}`;
  return `${NAME}=${value}; Path=/; Max-Age=${SECONDS}; HttpOnly; SameSite=Strict`;
}

/** The valid session of a `Cookie` header. */
export async function sessionOf(
  key: Secret,
  header: string | null,
  now: number,
): Promise<string | undefined> {
  for (const cookie of (header ?? "").split(";")) {
    const [name, value = ""] = cookie.trim().split("=", 2);
    const [until, nonce, signature] = value.split(".");
    if (name !== NAME || signature === undefined) continue;
    const content = `${until}.${nonce}`;
    const isGenuine = await isEqual(signature, await sign(key, `cookie ${content}`));
    if (isGenuine && Number(until) * 1000 > now) return content;
  }
  return undefined;
}

/** The value that the forms of a session's page carry. */
export function formValue(key: Secret, session: string): Promise<string> {
  return sign(key, `form ${session}`);
}
