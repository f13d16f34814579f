/**
 * IP addresses and networks as bits, to tell whether one lies in the other.
 *
 * @module
 */

/** A network. */
export interface Network {
  /** The bits of its address, 32 or 128 of `0` and `1`. */
  bits: string;
  /** How many of them, from the left, all its addresses have. */
  prefix: number;
}

function ipv4Bits(text: string): string | undefined {
  const parts = text.split(".");
  const valid = parts.length === 4 &&
    parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return valid
    ? parts.map((part) => Number(part).toString(2).padStart(8, "0")).join("")
    : undefined;
}

function ipv6Bits(text: string): string | undefined {
  // The URL parser knows all the ways to write one, and gives the shortest.
  const host = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1);
  if (host === undefined) return undefined;
  const [head = "", tail] = host.split("::");
  const groups = (part: string) => part === "" ? [] : part.split(":");
  const left = groups(head);
  const right = groups(tail ?? "");
  const zeros = Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right]
    .map((group) => parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}

/**
 * An address as bits.
 *
 * @param text An IPv4 or IPv6 address, the second with or without brackets.
 * @returns 32 or 128 of `0` and `1`; `undefined` for anything else, such as a name.
 */
export function addressBits(text: string): string | undefined {
  if (!text.includes(":")) return ipv4Bits(text);
  return ipv6Bits(text.replace(/^\[(.*)\]$/, "$1"));
}

/**
 * A network.
 *
 * @param text `10.0.0.0/8`, `fd00::/8`.
 * @returns The network, or `undefined` where the text is none.
 */
export function networkBits(text: string): Network | undefined {
  const [, address = "", length] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const bits = addressBits(address);
  const prefix = Number(length);
  return bits === undefined || prefix > bits.length ? undefined : { bits, prefix };
}
