/**
 * The page on which a device code is approved: as text, as a QR code for a phone, in the browser.
 * For Okta
 * and for Identity Center.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Interaction } from "../../app/interaction.ts";

/** A longer address is not one that a person could check. */
const LONGEST = 1000;

/** A code to approve; all of it untrusted. */
export interface ShownCode {
  /** The page shows it as well. */
  userCode: string;
  /** The page. */
  verificationUri: string;
  /** The page with the code filled in. */
  verificationUriComplete: string | undefined;
}

/** Which page may be opened, and how. */
export interface CodePage {
  /** Whether the address is the org's, or AWS's. */
  owns(url: URL): boolean | Promise<boolean>;
  /** What a person who has not started this command is told: lines. */
  purpose(): Promise<string[]>;
  /** Opens it in the person's browser; rejects if there is none. */
  openBrowser(url: Secret): Promise<void>;
}

/**
 * Shows a code and its page. A background command opens no browser: a window that nobody asked for
 * is what
 * phishing looks like.
 *
 * @throws {SignInError} `bad_link` if the address may not be opened.
 */
export async function showDeviceCode(
  interaction: Interaction,
  code: ShownCode,
  page: CodePage,
): Promise<void> {
  const url = URL.parse(code.verificationUriComplete ?? code.verificationUri);
  // A URL that has been parsed holds nothing but printable ASCII.
  const opens = url !== null && url.href.length <= LONGEST && await page.owns(url);
  if (!opens) throw foreignPage(url?.href ?? code.verificationUri);
  const userCode = showUntrusted(code.userCode);
  const purpose = interaction.foreground ? [] : await page.purpose();
  const about = purpose.length === 0 ? "" : `okta-aws: ${purpose.join(", ")}\n`;
  const text =
    `\n${about}To sign in, open this URL in a browser and check that it shows ${userCode}:\n\n` +
    `    ${url.href}\n\n`;
  await interaction.show(`${text}${await pictureOf(interaction, url.href)}`);
  // The address is on the screen: a browser that does not open is no failure.
  if (interaction.foreground) void page.openBrowser(new Secret(url.href)).catch(() => {});
}

/** For a phone that is to approve it; only a terminal can show it. */
async function pictureOf(interaction: Interaction, url: string): Promise<string> {
  if (interaction.plain || !await interaction.canAsk()) return "";
  const { terminalQr } = await import("../../totp/terminal_qr.ts");
  const picture = terminalQr(new Secret(url), interaction);
  return picture === undefined ? "" : `${picture}\n`;
}

function foreignPage(address: string): SignInError {
  return new SignInError(
    `the sign-in page has an untrusted address: ${showUntrusted(address)}`,
    {
      code: "bad_link",
      hint: "tell your administrator; the page was not opened",
    },
  );
}
