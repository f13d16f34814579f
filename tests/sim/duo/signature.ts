/**
 * Duo Web v2's signatures, as Duo's SDKs make and check them: `PREFIX|base64(user|ikey|expiry)|hmac`.
 */

export interface DuoKeys {
  /** The integration's public id. */
  ikey: string;
  /** Shared by Duo and the site. */
  skey: string;
  /** Known only to the site. */
  akey: string;
}

async function hmac(key: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const hash = { name: "HMAC", hash: "SHA-1" };
  const hmacKey = await crypto.subtle.importKey("raw", encoder.encode(key), hash, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", hmacKey, encoder.encode(text))).toHex();
}

/** A signed value, valid for five minutes. */
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

/** The user that a signed value names; `undefined` if it is not valid. */
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
