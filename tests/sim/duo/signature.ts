/**
 * Duo Web v2's signatures, as the SDKs of Duo make and check them: `PREFIX|base64(user|ikey|expiry)|hmac`.
 *
 * @module
 */

/** The three keys of an integration. */
export interface DuoKeys {
  /** Names the integration. */
  ikey: string;
  /** Shared by Duo and the site. */
  skey: string;
  /** The site's own: Duo never has it. */
  akey: string;
}

async function hmac(key: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const hash = { name: "HMAC", hash: "SHA-1" };
  const hmacKey = await crypto.subtle.importKey("raw", encoder.encode(key), hash, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", hmacKey, encoder.encode(text))).toHex();
}

/** @returns A signed value that holds for five minutes. */
export async function signDuo(
  key: string,
  prefix: "TX" | "APP" | "AUTH",
  user: string,
  ikey: string,
  nowMs: number,
): Promise<string> {
  const expiry = Math.floor(nowMs / 1000) + 300;
  const value = `${prefix}|${new TextEncoder().encode(`${user}|${ikey}|${expiry}`).toBase64()}`;
  return `${value}|${await hmac(key, value)}`;
}

/** @returns Whom a signed value names, or `undefined` where it is not good. */
export async function checkDuo(
  key: string,
  prefix: "TX" | "APP" | "AUTH",
  ikey: string,
  signed: string,
  nowMs: number,
): Promise<string | undefined> {
  const [found, data = "", mac] = signed.split("|");
  if (found !== prefix || mac !== await hmac(key, `${prefix}|${data}`)) return undefined;
  const [user, of, expiry] = new TextDecoder().decode(Uint8Array.fromBase64(data)).split("|");
  return of === ikey && Number(expiry) * 1000 > nowMs ? user : undefined;
}
