/**
 * The TOTP secret from a picture: the QR code of an authenticator's set-up page, or an
 * authenticator app's
 * export of several.
 *
 * @module
 */

import { SettingsError, UsageError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { parseTotpExport, type TotpExport } from "../totp/otpauth_migration.ts";
import { formatTotpUri } from "../totp/otpauth_uri.ts";
import type { TotpParameters } from "../totp/totp.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import type { Interaction } from "../app/interaction.ts";

/** Whose secret is wanted, if a picture holds several. */
export interface TotpOwner {
  /** The org's origin. */
  org: string;
  username: string;
}

/** Picks the owner's secret out of a picture that has been read, as an `otpauth://` URI. */
export type TotpPicture = (owner: TotpOwner) => Promise<Secret>;

/**
 * Reads a picture. What it returns may ask which secret is meant, and throws a `UsageError`
 * `several_secrets` if nobody can choose.
 *
 * @throws {SettingsError} `no_picture`, `bad_qr_picture`, `no_qr_code`, `bad_totp_secret`
 */
export async function openTotpPicture(
  { ports: { files }, interaction }: AppContext,
  path: string,
): Promise<TotpPicture> {
  const bytes = await files.read(path);
  if (bytes === undefined) {
    throw new SettingsError(`no such picture: ${showUntrusted(path)}`, {
      code: "no_picture",
      hint: "pass the file of a screenshot: --qr FILE",
    });
  }
  // Some hundred kilobytes that nothing else needs.
  const { readQrPicture } = await import("../totp/qr_picture.ts");
  const found = parseTotpExport(await readQrPicture(new Uint8Array(bytes)));
  if (found.secrets.length === 0) throw none(found);
  return async (owner) => formatTotpUri(await chooseSecret(interaction, found, owner));
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
    if (secrets.length > 1) await interaction.say(`using ${nameOf(first)} from the export`);
    return first;
  }
  if (!await interaction.canAsk()) throw several(fitting);
  const choices = fitting.map((secret) => ({ name: nameOf(secret), value: secret }));
  return await interaction.askChoice("Which account is Okta's", choices);
}

/** Okta's own label: the org's host, and the user name. */
function isOf({ issuer, account }: TotpParameters, { org, username }: TotpOwner): boolean {
  const host = new URL(org).hostname;
  const text = `${issuer ?? ""} ${account ?? ""}`.toLowerCase();
  return text.includes(host) || (/okta/.test(text) && text.includes(username.toLowerCase()));
}

function nameOf({ issuer, account }: TotpParameters): string {
  return showUntrusted([issuer, account].filter(Boolean).join(": ") || "unnamed");
}

function none({ skipped, pictures }: TotpExport): SettingsError {
  const more = pictures > 1 ? `; the export has ${pictures} pictures: try the others` : "";
  return new SettingsError("the picture has no secret for time-based codes", {
    code: "bad_totp_secret",
    hint: skipped > 0
      ? `the ${skipped} in it are counter-based or use an unknown hash${more}`
      : `export the account of your Okta org${more}`,
  });
}

function several(secrets: readonly TotpParameters[]): UsageError {
  return new UsageError(`the picture has several secrets: ${secrets.map(nameOf).join(", ")}`, {
    code: "several_secrets",
    hint: "export only your Okta org's account, or run this in a terminal",
  });
}
