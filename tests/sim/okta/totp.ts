/** One-time codes, implemented independently of the product so that each checks the other. */

import type { TotpSettings } from "../world.ts";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648; padding and case are ignored. */
export function base32Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text.toUpperCase().replace(/[=\s]/g, "")) {
    const index = BASE32.indexOf(character);
    if (index < 0) throw new Error("the simulator's secret is not base32");
    value = (value << 5 | index) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes.push(value >> (bits -= 8) & 0xff);
  }
  return new Uint8Array(bytes);
}

/** RFC 4226, section 5.3. */
export async function codeAt(settings: TotpSettings, counter: number): Promise<string> {
  const key = await crypto.subtle.importKey(
    "raw",
    base32Bytes(settings.secret),
    { name: "HMAC", hash: settings.algorithm },
    false,
    ["sign"],
  );
  const message = new DataView(new ArrayBuffer(8));
  message.setBigUint64(0, BigInt(counter));
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, message.buffer));
  const at = mac[mac.length - 1]! & 0xf;
  const number = new DataView(mac.buffer).getUint32(at) & 0x7fffffff;
  return String(number % 10 ** settings.digits).padStart(settings.digits, "0");
}

/** `now`: milliseconds since 1970. */
export function counterAt(settings: TotpSettings, now: number): number {
  return Math.floor(now / 1000 / settings.period);
}

export function totpUri(settings: TotpSettings, login: string, issuer = "Acme"): string {
  const query = new URLSearchParams({
    secret: settings.secret,
    issuer,
    algorithm: settings.algorithm.replace("-", ""),
    digits: String(settings.digits),
    period: String(settings.period),
  });
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(login)}?${query}`;
}
