/**
 * Where STS is called: from an assertion, or from the credentials before it in a chain, to a role's
 * credentials. The calls themselves are in `aws/sts`.
 *
 * @module
 */

import type { Interaction } from "../app/interaction.ts";
import { parseAssumedRoleArn, parseRoleArn } from "../aws/arn.ts";
import type { StsEndpoint } from "../aws/endpoints.ts";
import type { IssuedCredentials } from "../aws/session_credentials.ts";
import type { SessionPolicy } from "../aws/session_policy.ts";
import {
  assumeRole,
  assumeRoleWithSaml,
  CHAINED_ROLE_SECONDS,
  type SigningCredentials,
} from "../aws/sts/sts.ts";
import { isDurationExceeded } from "../aws/sts/sts_errors.ts";
import { AssertionError } from "../errors.ts";
import type { AccountStateFile } from "../store/account_state.ts";
import type { AppAssertion } from "../okta/sign_in/obtain_assertion.ts";
import type { Clock, HttpClient } from "../ports.ts";
import type { GrantedRole } from "../roles/role_list.ts";
import type { ShorterSession } from "../roles/role_source.ts";
import type { RoleStep } from "../roles/role_step.ts";
import { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";

export interface StsContext {
  http: HttpClient;
  clock: Clock;
  /** Remembers the longest session of each role. */
  state: AccountStateFile;
  interaction: Interaction;
}

/** What `max` asks for if the assertion names no duration, seconds: the longest that STS allows. */
const LONGEST_SECONDS = 43_200;

/**
 * What is tried if a role does not allow the duration, seconds. Its limit can't be queried; it is
 * nearly always a whole number of hours.
 */
const LADDER_SECONDS = [43_200, 28_800, 14_400, 7200, 3600];

/** The role with its SAML provider, if the assertion grants it. */
export function grantedRole(
  { assertion }: AppAssertion,
  roleArn: string,
): GrantedRole | undefined {
  return assertion.roles.find((role) => role.roleArn === roleArn);
}

/** A role of an assertion, to be assumed. */
export interface SamlStep {
  assertion: AppAssertion;
  role: GrantedRole;
  /** Seconds, or `max` for the assertion's own. */
  duration: number | "max";
  endpoint: StsEndpoint;
  sessionPolicy?: SessionPolicy | undefined;
  /** Whether to try a duration again that STS refused before (`--force`). */
  again?: boolean | undefined;
  /** Told if the role allows only a shorter session; default: the person is told at once. */
  onShorter?: ((shorter: ShorterSession) => void) | undefined;
}

/**
 * Assumes a role by `AssumeRoleWithSAML`. If the role does not allow the duration, shorter ones are
 * tried, and the one that works is remembered.
 *
 * @throws {AwsError} STS's refusal.
 */
export async function assumeGrantedRole(
  context: StsContext,
  step: SamlStep,
): Promise<IssuedCredentials> {
  const { assertion: { assertion }, role: { roleArn }, duration } = step;
  const asked = duration === "max" ? assertion.sessionDurationSeconds ?? LONGEST_SECONDS : duration;
  const first = Math.min(asked, await rememberedLongest(context, step) ?? asked);
  const lower = LADDER_SECONDS.filter((seconds) => seconds < first);
  for (const seconds of [first, ...lower]) {
    try {
      const issued = await assumeFor(context, step, seconds);
      if (seconds !== first) {
        await rememberLongest(context, roleArn, seconds);
        const shorter = { roleArn, allowed: seconds, asked };
        if (step.onShorter !== undefined) step.onShorter(shorter);
        else await context.interaction.say(describeShorter([shorter])!);
      }
      return issued;
    } catch (error) {
      if (!isDurationExceeded(error) || seconds === lower.at(-1) || lower.length === 0) throw error;
    }
  }
  throw new AssertionError("no duration left to try", { code: "no_duration" });
}

/** One sentence for all roles; `undefined` for none. */
export function describeShorter(shorter: readonly ShorterSession[]): string | undefined {
  const [first, ...more] = shorter;
  if (first === undefined) return undefined;
  const hours = (duration: number) => `${duration / 3600} h`;
  const what = `${showUntrusted(first.roleArn)} allows ${hours(first.allowed)}, not ${
    hours(first.asked)
  }`;
  if (more.length === 0) return what;
  return `${shorter.length} roles allow less than ${hours(first.asked)}: ${what}`;
}

/** A role's limit may have been raised since. */
const BELIEVED_MILLISECONDS = 24 * 3600 * 1000;

/** The longest session that STS allowed, if that was found out not long ago. */
async function rememberedLongest(
  { state, clock }: StsContext,
  { role: { roleArn }, again = false }: SamlStep,
): Promise<number | undefined> {
  const { longestSeconds = {}, longestFound = {} } = await state.read();
  const isOld = clock.now() - (longestFound[roleArn] ?? 0) >= BELIEVED_MILLISECONDS;
  return again || isOld ? undefined : longestSeconds[roleArn];
}

async function assumeFor(
  context: StsContext,
  { assertion, role: { roleArn, principalArn }, endpoint, sessionPolicy }: SamlStep,
  durationSeconds: number,
): Promise<IssuedCredentials> {
  const { samlResponse } = assertion.form;
  const issued = context.clock.now();
  const assumed = await assumeRoleWithSaml(context, {
    endpoint,
    roleArn,
    principalArn,
    samlResponse,
    durationSeconds,
    sessionPolicy,
  });
  return { ...assumed, issued };
}

async function rememberLongest(
  { state, clock }: StsContext,
  key: string,
  seconds: number,
): Promise<void> {
  await state.change(({ longestSeconds, longestFound }) => ({
    longestSeconds: { ...longestSeconds, [key]: seconds },
    longestFound: { ...longestFound, [key]: clock.now() },
  }));
}

/** The next role of a chain, to be assumed. */
export interface ChainStep {
  /** The credentials of the role before, or static keys, which belong to no session. */
  from: { credentials: SigningCredentials; assumedRoleArn?: string };
  role: RoleStep;
  /** At most an hour if `from` is a session. */
  durationSeconds: number | undefined;
  endpoint: StsEndpoint;
  sessionPolicy?: SessionPolicy | undefined;
}

/**
 * Assumes the next role of a chain by `AssumeRole`. The person is asked for the code of an MFA
 * device if the role needs one.
 *
 * @throws {AwsError} STS's refusal.
 * @throws {InteractionError} If a code is needed and nobody can be asked.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export async function assumeChainedRole(
  context: StsContext,
  { from, role, durationSeconds, endpoint, sessionPolicy }: ChainStep,
): Promise<IssuedCredentials> {
  const { clock, interaction } = context;
  const { roleSessionName = sessionNameOf(from), roleArn, externalId, mfaSerial } = role;
  const { sourceIdentity, tags, transitiveTagKeys } = role;
  if (from.credentials.sessionToken !== undefined) {
    await explainHour(context, roleArn, durationSeconds ?? 0);
  }
  const tokenCode = mfaSerial === undefined ? undefined : await askCode(interaction, mfaSerial);
  const issued = clock.now();
  const assumed = await assumeRole(context, {
    endpoint,
    credentials: from.credentials,
    roleArn,
    roleSessionName,
    externalId,
    serialNumber: mfaSerial,
    tokenCode,
    durationSeconds,
    sessionPolicy,
    sourceIdentity,
    tags,
    transitiveTagKeys,
  });
  return { ...assumed, issued };
}

/** The person's name is passed on, so that AWS's logs show who it was. */
function sessionNameOf({ assumedRoleArn }: ChainStep["from"]): string {
  return parseAssumedRoleArn(assumedRoleArn ?? "")?.roleSessionName ?? "okta-aws";
}

async function askCode(interaction: Interaction, mfaSerial: string): Promise<Secret> {
  const typed = await interaction.askSecret(
    `Code of the MFA device ${showUntrusted(mfaSerial)}`,
    undefined,
    { echo: true },
  );
  return new Secret(typed.reveal().replace(/\s/g, ""));
}

/** Said once for each role. */
async function explainHour(
  context: StsContext,
  roleArn: string,
  durationSeconds: number,
): Promise<void> {
  if (durationSeconds <= CHAINED_ROLE_SECONDS) return;
  const key = `chained ${roleArn}`;
  if ((await context.state.read()).longestSeconds?.[key] !== undefined) return;
  await rememberLongest(context, key, CHAINED_ROLE_SECONDS);
  const name = showUntrusted(parseRoleArn(roleArn)?.roleName ?? roleArn);
  await context.interaction.say(
    `${name} is assumed from another role's session: AWS ends such a session after one hour, ` +
      "whatever you ask for; cred-process renews it automatically",
  );
}
