/**
 * A new TOTP secret, shown once: for a phone that is to have it too.
 *
 * @module
 */

import type { Secret } from "../../../secret.ts";
import { terminalQr } from "../../../totp/terminal_qr.ts";
import type { TotpParameters } from "../../../totp/totp.ts";
import type { Interaction } from "../../../app/interaction.ts";

/** A key in groups of four, as set-up pages show it. */
function grouped(key: Secret): string {
  return key.reveal().replace(/.{4}(?=.)/g, "$& ");
}

/**
 * Shows a secret at the terminal, and nowhere else: as a QR code, or as text where the terminal is
 * too narrow or a screen reader's. Where there is no terminal it is stored without being shown.
 *
 * @param uri The `otpauth://` URI.
 * @param parameters What it says.
 */
export async function showTotpSecret(
  interaction: Interaction,
  uri: Secret,
  { key }: TotpParameters,
): Promise<void> {
  if (!await interaction.canAsk()) return;
  const picture = interaction.plain ? undefined : terminalQr(uri, interaction);
  const intro =
    "to have the codes on your phone as well, give this to an authenticator app now;\n" +
    "it is not shown again, and okta-aws does without:\n\n";
  await interaction.show(`${intro}${picture ?? ""}\n    ${grouped(key)}\n\n`);
}
