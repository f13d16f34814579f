/** Reads a password from where another tool keeps it; only after the user agreed. */

import { parseIni } from "../ini/document.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import type { AppContext } from "../app/context.ts";
import { Secret } from "../secret.ts";
import type { PasswordPlace } from "./found.ts";

/**
 * Returns `undefined` if it is not there.
 *
 * @throws {SecretStoreError} As the port `foreignItem`.
 */
export async function readOldPassword(
  { ports }: AppContext,
  place: PasswordPlace,
): Promise<Secret | undefined> {
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
  if (format === "go-keyring") {
    const [, encoding, encoded] = /^go-keyring-(base64|encoded):(.*)$/s.exec(text) ?? [];
    if (encoded === undefined) return text;
    const bytes = encoding === "base64"
      ? Uint8Array.fromBase64(encoded)
      : Uint8Array.fromHex(encoded);
    return new TextDecoder().decode(bytes);
  }
  if (format === "plain" || !text.startsWith("{")) return text;
  try {
    const { Data } = JSON.parse(text) as { Data?: string };
    const inner = JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(Data ?? ""))) as {
      Secret?: string;
      Password?: string;
    };
    return inner.Secret ?? inner.Password;
  } catch {
    return undefined;
  }
}
