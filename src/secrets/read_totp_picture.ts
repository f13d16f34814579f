/**
 * The TOTP secret out of a picture: the QR code of an authenticator's set-up page, or an
 * authenticator app's export of several.
 *
 * @module
 */

import { SettingsError, UsageError } from "../errors.ts";
import type { Files } from "../ports.ts";
import type { Secret } from "../secret.ts";
import { parseTotpExport, type TotpExport } from "../totp/otpauth_migration.ts";
import { formatTotpUri } from "../totp/otpauth_uri.ts";
import type { TotpParameters } from "../totp/totp.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Interaction } from "../app/interaction.ts";

/** Whose secret is wanted, where a picture holds several. */
export interface TotpOwner {
  /** The org's origin. */
  org: string;
  /** The user name at Okta. */
  username: string;
}

/**
 * Reads the secret out of a picture.
 *
 * @param files Reads the file.
 * @param path The file.
 * @param owner Whose secret is wanted.
 * @returns The secret as an `otpauth://` URI.
 * @throws {SettingsError} `no_picture`, `bad_qr_picture`, `no_qr_code`, `bad_totp_secret`
 * @throws {UsageError} `several_secrets` where nobody can choose.
 */
export async function readTotpPicture(
  files: Pick<Files, "read">,
  interaction: Interaction,
  path: string,
  owner: TotpOwner,
): Promise<Secret> {
  const bytes = await files.read(path);
  if (bytes === undefined) {
    throw new SettingsError(`there is no picture ${showUntrusted(path)}`, {
      code: "no_picture",
      hint: "give the file of a screenshot: --qr FILE",
    });
  }
  // Some hundred kilobytes that nothing else needs.
  const { readQrPicture } = await import("../totp/qr_picture.ts");
  const found = parseTotpExport(await readQrPicture(new Uint8Array(bytes)));
  return formatTotpUri(await chooseSecret(interaction, found, owner));
}

async function chooseSecret(
  interaction: Interaction,
  found: TotpExport,
  owner: TotpOwner,
): Promise<TotpParameters> {
  const { secrets } = found;
  const own = secrets.filter((secret) => isOf(secret, owner));
  const fitting = own.length > 0 ? own : secrets;
  const [first, second] = fitting;
  if (first === undefined) throw none(found);
  if (second === undefined) {
    if (secrets.length > 1) await interaction.say(`taken from the export: ${nameOf(first)}`);
    return first;
  }
  if (!await interaction.canAsk()) throw several(fitting);
  const choices = fitting.map((secret) => ({ name: nameOf(secret), value: secret }));
  return await interaction.askChoice("Which one is Okta's", choices);
}

/** Okta's own label: the org's host, and the user name. */
function isOf({ issuer, account }: TotpParameters, { org, username }: TotpOwner): boolean {
  const host = new URL(org).hostname;
  const text = `${issuer ?? ""} ${account ?? ""}`.toLowerCase();
  return text.includes(host) || (/okta/.test(text) && text.includes(username.toLowerCase()));
}

function nameOf({ issuer, account }: TotpParameters): string {
  return showUntrusted([issuer, account].filter(Boolean).join(": ") || "without a name");
}

function none({ skipped, pictures }: TotpExport): SettingsError {
  const more = pictures > 1 ? `; the export has ${pictures} pictures: try the others` : "";
  return new SettingsError("the picture holds no secret of a time-based code", {
    code: "bad_totp_secret",
    hint: skipped > 0
      ? `the ${skipped} in it are counter-based, or of an unknown hash${more}`
      : `export the account of your Okta org${more}`,
  });
}

function several(secrets: readonly TotpParameters[]): UsageError {
  return new UsageError(`the picture holds several secrets: ${secrets.map(nameOf).join(", ")}`, {
    code: "several_secrets",
    hint: "export the one of your Okta org alone, or run this in a terminal",
  });
}
