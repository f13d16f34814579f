/**
 * The page on which a device code is approved: as text, as a QR code for a phone, in the browser.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Interaction } from "../../app/interaction.ts";

/** A longer address is none that a person could check. */
const LONGEST = 1000;

/** A code to approve, whoever gave it. */
export interface ShownCode {
  /** What the page shows as well, untrusted. */
  userCode: string;
  /** The page, untrusted. */
  verificationUri: string;
  /** The page with the code filled in, untrusted. */
  verificationUriComplete: string | undefined;
}

/** Where the page may be, and how it is opened. */
export interface CodePage {
  /** Whether an address may be opened: it is the org's, or AWS's. */
  owns(url: URL): boolean | Promise<boolean>;
  /** For what a person who has not started this command is asked: lines. */
  purpose(): Promise<string[]>;
  /** Opens it in the person's browser; rejects where there is none. */
  openBrowser(url: Secret): Promise<void>;
}

/**
 * Shows a code and its page. Who runs in the background opens no browser: a window that nobody asked
 * for is what phishing looks like.
 *
 * @param code The code.
 * @param page Where the page may be.
 * @throws {SignInError} `bad_link` where the address is not one that may be opened.
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
    `\n${about}to sign in, open this page in a browser and check that it shows ${userCode}:\n\n` +
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
    `the address of the sign-in page can't be trusted: ${showUntrusted(address)}`,
    {
      code: "bad_link",
      hint: "nothing was opened; tell your administrator",
    },
  );
}
