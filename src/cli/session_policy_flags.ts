/** `--policy` and `--read-only`. @module */

import type { AppContext } from "../app/context.ts";
import type { SessionPolicy } from "../aws/session_policy.ts";
import { describeSessionPolicy } from "../aws/session_policy.ts";
import {
  checkPolicyFlags,
  type PolicyFlags,
  readPolicyFlags,
} from "../credentials/session_policies.ts";
import { accountNames } from "../roles/known_roles.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Flags } from "./flags.ts";

/**
 * The flags with the session policy that they name, read and checked.
 *
 * @throws {UsageError} `bad_policy`, `policy_conflict`
 */
export async function withSessionPolicy(
  context: AppContext,
  flags: Flags,
): Promise<Flags & { sessionPolicy?: PolicyFlags }> {
  const sessionPolicy = await readPolicyFlags(context, flags);
  if (sessionPolicy === undefined) return flags;
  await checkPolicyFlags(context, sessionPolicy, accountNames(context));
  return { ...flags, sessionPolicy };
}

/** Tells what a narrowed session may do, for commands that hand it to somebody. */
export async function saySessionPolicy(
  { interaction, flags }: AppContext,
  policy: SessionPolicy | undefined,
): Promise<void> {
  if (policy === undefined || flags.quiet) return;
  const names = showUntrusted(describeSessionPolicy(policy));
  const isReading = policy.document === undefined && policy.arns.length === 1 &&
    policy.arns[0]!.endsWith(":iam::aws:policy/ReadOnlyAccess");
  await interaction.say(isReading ? `read-only session (${names})` : `session limited to ${names}`);
}
