/**
 * One step of a chain of roles: from credentials to those of the next role.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * @module
 */

import { parseAssumedRoleArn, parseRoleArn } from "../aws/arn.ts";
import type { StsEndpoint } from "../aws/endpoints.ts";
import {
  assumeRoleRequest,
  CHAINED_ROLE_SECONDS,
  sendToSts,
  type SigningCredentials,
} from "../aws/sts/sts.ts";
import { processAssumeRoleResponse } from "../aws/sts/sts_response.ts";
import type { RoleStep } from "../roles/role_target.ts";
import { Secret } from "../secret.ts";
import type { CachedCredentials } from "./credential_document.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { StsContext } from "./assume_role.ts";
import type { Interaction } from "../app/interaction.ts";

/** What a step of a chain needs. */
export interface ChainContext extends Omit<StsContext, "say"> {
  /** Who is told and asked. */
  interaction: Interaction;
}

/** Whose credentials the step is made with; static keys have no session to be called by. */
export interface ChainStart {
  /** The credentials. */
  credentials: SigningCredentials;
  /** Who they are to AWS. */
  assumedRoleArn?: string;
}

/**
 * Assumes the next role of a chain. Where the role wants a code of an MFA device, the person is asked.
 *
 * @param context The ports.
 * @param from The credentials of the role before, or static keys.
 * @param step The role.
 * @param durationSeconds How long; an hour at most where `from` is a session itself.
 * @param endpoint Where STS is.
 * @returns The credentials.
 * @throws {AwsError} STS's refusal.
 * @throws {InteractionError} Where a code is needed and nobody can be asked.
 */
export async function assumeChainedRole(
  context: ChainContext,
  from: ChainStart,
  step: RoleStep,
  durationSeconds: number | undefined,
  endpoint: StsEndpoint,
): Promise<CachedCredentials> {
  const { http, clock, interaction } = context;
  const { roleSessionName = sessionNameOf(from), roleArn, externalId, mfaSerial } = step;
  if (from.credentials.sessionToken !== undefined) {
    await explainHour(context, roleArn, durationSeconds ?? 0);
  }
  const tokenCode = mfaSerial === undefined ? undefined : await askCode(interaction, mfaSerial);
  const issued = clock.now();
  const request = await assumeRoleRequest({
    endpoint,
    credentials: from.credentials,
    now: new Date(issued),
    roleArn,
    roleSessionName,
    externalId,
    serialNumber: mfaSerial,
    tokenCode,
    durationSeconds,
  });
  // A code is good once.
  const response = await sendToSts(http, clock, request, tokenCode === undefined);
  return { ...processAssumeRoleResponse(response), issued };
}

/** The person's name goes on: AWS's records then show who it was. */
function sessionNameOf({ assumedRoleArn }: ChainStart): string {
  return parseAssumedRoleArn(assumedRoleArn ?? "")?.roleSessionName ?? "okta-aws";
}

async function askCode(interaction: Interaction, mfaSerial: string): Promise<Secret> {
  const typed = await interaction.askSecret(
    `Code of the MFA device ${showUntrusted(mfaSerial)}`,
  );
  return new Secret(typed.reveal().replace(/\s/g, ""));
}

/** Told once a role. */
async function explainHour(
  { state, interaction }: ChainContext,
  roleArn: string,
  durationSeconds: number,
): Promise<void> {
  if (durationSeconds <= CHAINED_ROLE_SECONDS) return;
  const known = `chained ${roleArn}`;
  if ((await state.read()).longestSeconds?.[known] !== undefined) return;
  await state.change(({ longestSeconds }) => ({
    longestSeconds: { ...longestSeconds, [known]: CHAINED_ROLE_SECONDS },
  }));
  const name = showUntrusted(parseRoleArn(roleArn)?.roleName ?? roleArn);
  await interaction.say(
    `${name} is assumed from another role's session: AWS ends such a session after one hour, ` +
      "whatever is asked for; cred-process gets the next one by itself",
  );
}
