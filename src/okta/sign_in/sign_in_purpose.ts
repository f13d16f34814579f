/**
 * What a person who gets a push is told about it.
 *
 * @module
 */

import { showUntrusted } from "../../untrusted_text.ts";
import type { AppContext } from "../../app/context.ts";
import type { AccountDraft } from "./okta_account.ts";

/**
 * For what Okta is asked. Who started a foreground command knows that; the program that runs us in
 * the background has to be named.
 *
 * @param draft Account, user name and role.
 * @returns A line each: account, role, program.
 */
export async function purposeOf(
  { ports, interaction: { foreground } }: AppContext,
  { name, username, roleArn }: Pick<AccountDraft, "name" | "username" | "roleArn">,
): Promise<string[]> {
  const parent = foreground ? undefined : await (await ports.processes()).parentName();
  const lines = [`for ${showUntrusted(username)} (account ${name})`];
  if (roleArn !== undefined) lines.push(`role ${showUntrusted(roleArn)}`);
  if (!foreground) lines.push(`asked by ${showUntrusted(parent ?? "an unknown program")}`);
  return lines;
}
