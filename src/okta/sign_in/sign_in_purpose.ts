/**
 * What a person who gets a push is told about it.
 *
 * @module
 */

import { showUntrusted } from "../../untrusted_text.ts";
import type { Conversation } from "../../app/interaction.ts";
import type { AccountDraft } from "./okta_account.ts";
import type { Program } from "../../app/context.ts";

/**
 * For what Okta is asked. Who started a foreground command knows that; the program that runs us in
 * the background has to be named.
 *
 * @param program The run.
 * @param draft Account, user name and role.
 * @param conversation Whether it is a foreground command.
 * @returns A line each: account, role, program.
 */
export async function purposeOf(
  { ports }: Program,
  { name, username, roleArn }: Pick<AccountDraft, "name" | "username" | "roleArn">,
  { foreground }: Conversation,
): Promise<string[]> {
  const parent = foreground ? undefined : await (await ports.processes()).parentName();
  const lines = [`for ${showUntrusted(username)} (account ${name})`];
  if (roleArn !== undefined) lines.push(`role ${showUntrusted(roleArn)}`);
  if (!foreground) lines.push(`asked by ${showUntrusted(parent ?? "an unknown program")}`);
  return lines;
}
