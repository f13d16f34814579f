import type { AppContext } from "../../app/context.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/**
 * What a person who gets a push is told about it: a line each for account, role, program. A person
 * knows which foreground command they started; a program that runs us in the background is named.
 */
export async function purposeOf(
  { ports, interaction: { foreground } }: AppContext,
  { name, username, roleArn }: { name: string; username: string; roleArn?: string },
): Promise<string[]> {
  const parent = foreground ? undefined : await (await ports.processes()).parentName();
  const lines = [`for ${showUntrusted(username)} (account ${name})`];
  if (roleArn !== undefined) lines.push(`role ${showUntrusted(roleArn)}`);
  if (!foreground) lines.push(`asked by ${showUntrusted(parent ?? "an unknown program")}`);
  return lines;
}
