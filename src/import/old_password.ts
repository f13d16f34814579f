/** Reads a password from where another tool keeps it; only after the user agreed. */

import { parseIni } from "../ini/document.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import type { AppContext } from "../app/context.ts";
import { Secret } from "../secret.ts";
import type { Entry, KeyringEntry, PasswordPlace } from "./found.ts";
import { readAddress } from "./old_values.ts";

/**
 * Returns `undefined` if it is not there.
 *
 * @throws {SecretStoreError} As the port `foreignItem`.
 */
export async function readOldPassword(
  { ports }: AppContext,
  place: PasswordPlace,
): Promise<Secret | undefined> {
  if (place.kind === "known") return place.password;
  if (place.kind === "file") {
    const { sections } = parseIni(await readLossless(ports.files, place.path));
    // Sections may inherit: any of them has it.
    const own = sections.filter(({ name }) => name === place.section);
    const found = [...own, ...sections].flatMap(({ properties }) => properties)
      .find(({ key }) => key === place.key)?.value;
    return found ? new Secret(found) : undefined;
  }
  const item = await ports.foreignItem(place.item);
  const password = item && unwrap(item.reveal(), place.format);
  return password ? new Secret(password) : undefined;
}

/** Go's keyring libraries wrap the password; on macOS some of them don't. */
function unwrap(text: string, format: "plain" | "99designs" | "go-keyring"): string | undefined {
  if (format === "plain") return text;
  if (format === "go-keyring") {
    const [, encoding, encoded] = /^go-keyring-(base64|encoded):(.*)$/s.exec(text) ?? [];
    if (encoded === undefined) return text;
    const bytes = encoding === "base64"
      ? Uint8Array.fromBase64(encoded)
      : Uint8Array.fromHex(encoded);
    return new TextDecoder().decode(bytes);
  }
  const inner = parseObject(text);
  return inner === undefined ? text : textIn(inner, "Secret");
}

/** JSON, in Linux inside an item whose data is base64. */
function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const outer: unknown = JSON.parse(text);
    if (typeof outer !== "object" || outer === null) return undefined;
    const data = textIn(outer as Record<string, unknown>, "Data");
    if (data === undefined) return outer as Record<string, unknown>;
    return parseObject(new TextDecoder().decode(Uint8Array.fromBase64(data)));
  } catch {
    return undefined;
  }
}

function textIn(map: Record<string, unknown>, key: string): string | undefined {
  const value = map[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * Completes an entry of aws-okta from its keyring item, after a yes.
 *
 * @returns `undefined` if there is no usable item.
 * @throws {SecretStoreError} As the port `foreignItem`.
 */
export async function readKeyringEntry(
  { ports }: AppContext,
  { item, entry }: KeyringEntry,
): Promise<Entry | undefined> {
  const found = await ports.foreignItem(item);
  const fields = found && parseObject(found.reveal());
  if (fields === undefined) return undefined;
  const organization = textIn(fields, "Organization");
  const domain = textIn(fields, "Domain") ?? (organization && `${organization}.okta.com`);
  const address = readAddress(domain);
  const username = textIn(fields, "Username");
  const password = textIn(fields, "Password");
  if (address === undefined || username === undefined) return undefined;
  const { app } = entry;
  return {
    ...entry,
    org: address.org,
    app: app === undefined
      ? undefined
      : URL.parse(app.replace(/^(?!https?:|\/)/, "/"), address.org)?.href,
    username,
    password: password === undefined
      ? undefined
      : { kind: "known", password: new Secret(password) },
  };
}
