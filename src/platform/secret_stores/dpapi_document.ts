/**
 * What the file of a `dpapi` item holds. It stands where the `file` backend would keep its own, so
 * each has to know the other's.
 *
 * @module
 */

/** What stands in the file, as JSON. */
export interface DpapiDocument {
  /** 1. */
  version: 1;
  /** The account whose item this is; also part of what was encrypted. */
  account: string;
  /** What `ProtectedData.Protect` gave, base64. */
  dpapi: string;
}

/**
 * Reads the file of an item.
 *
 * @param bytes The file's content.
 * @returns What it holds, or `undefined` where it is none of this kind.
 */
export function parseDpapiDocument(bytes: Uint8Array): DpapiDocument | undefined {
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const { version, account, dpapi } = value as Partial<DpapiDocument>;
    const isWhole = version === 1 && typeof account === "string" && typeof dpapi === "string";
    return isWhole ? { version, account, dpapi } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a file is a `dpapi` item's.
 *
 * @param bytes The file's content.
 * @returns Whether it is.
 */
export function isDpapiDocument(bytes: Uint8Array): boolean {
  return parseDpapiDocument(bytes) !== undefined;
}
