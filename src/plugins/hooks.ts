/** The hooks `postSignin`, `preExec`, `mfa` and `roleFilter`. */

import type { AppContext } from "../app/context.ts";
import type { SessionCredentials } from "../aws/session_credentials.ts";
import type { CredentialRequest } from "../credentials/credential_request.ts";
import { SettingsError } from "../errors.ts";
import type { KnownRole } from "../roles/role_match.ts";
import { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { type Grant, hasPlugins } from "./grants.ts";
import { consoleRequests } from "./host_requests.ts";
import { commonEvent, credentialsFor, reportFailures, runHook, toPluginRole } from "./run_hook.ts";

/** No factor has a longer answer. */
const MOST_CHARACTERS = 200;

export interface SignedIn {
  /** The Okta account's name. */
  account: string;
  /** `null` at IAM Identity Center, where only the browser knows it. */
  username: string | null;
  /** The org's origin, or the portal. */
  org: string;
  /** When the session ends, milliseconds since the Unix epoch, if Okta tells. */
  expiresAt: number | undefined;
}

/** Runs `postSignin`; failures are only reported. */
export async function runAfterSignin(
  context: AppContext,
  { account, username, org, expiresAt }: SignedIn,
): Promise<void> {
  if (!await hasPlugins(context)) return;
  const expiration = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
  const event = { ...commonEvent(context, account), username, org, expiration };
  const requests = consoleRequests(context);
  const results = await runHook(context, { hook: "postSignin", eventFor: () => event, requests });
  await reportFailures(context.interaction, results);
}

/** What `exec` is about to run. */
export interface PendingCommand {
  request: CredentialRequest;
  credentials: SessionCredentials;
  command: readonly string[];
}

/**
 * Runs `preExec`. A plugin that fails does not stop the command.
 *
 * @throws {SettingsError} `plugin_refused`
 */
export async function runBeforeExec(
  context: AppContext,
  { request: { profile, oktaAccount, chain }, credentials, command }: PendingCommand,
): Promise<void> {
  if (!await hasPlugins(context)) return;
  const common = { ...commonEvent(context, oktaAccount), profile, command };
  const roleArn = chain.at(-1)!.roleArn;
  const eventFor = (grant: Grant) => ({
    ...common,
    roleArn,
    ...credentialsFor(grant, credentials),
  });
  const requests = consoleRequests(context);
  const results = await runHook(context, { hook: "preExec", eventFor, requests });
  await reportFailures(context.interaction, results);
  for (const { plugin, value } of results) {
    const { refuse } = (value ?? {}) as { refuse?: unknown };
    if (typeof refuse !== "string") continue;
    throw new SettingsError(`plugin ${plugin} refused: ${showUntrusted(refuse)}`, {
      code: "plugin_refused",
      hint: `to run without it: okta-aws plugin remove ${plugin}`,
    });
  }
}

/** A factor that a plugin may answer. */
export interface FactorQuestion {
  /** `token:software:totp` */
  factorType: string;
  /** `GOOGLE` */
  provider: string;
  name: string;
  /** A security question's text. */
  question?: string | undefined;
}

/**
 * Runs `mfa`.
 *
 * @returns The first answer; `undefined` if no plugin has one.
 */
export async function answerByPlugin(
  context: AppContext,
  account: string,
  { factorType, provider, name, question }: FactorQuestion,
): Promise<Secret | undefined> {
  if (!await hasPlugins(context)) return undefined;
  const common = commonEvent(context, account);
  const event = { ...common, factorType, provider, name, question: question ?? null };
  const results = await runHook(context, { hook: "mfa", eventFor: () => event });
  await reportFailures(context.interaction, results);
  const answers = results.map(({ value }) => value);
  const answer = answers.find((value) => typeof value === "string" && value !== "");
  return typeof answer === "string" && answer.length <= MOST_CHARACTERS
    ? new Secret(answer)
    : undefined;
}

/**
 * Runs `roleFilter`: the roles that every plugin keeps. A plugin that fails, or returns no list,
 * keeps all; none can add a role.
 */
export async function filterRoles(
  context: AppContext,
  account: string,
  roles: readonly KnownRole[],
): Promise<KnownRole[]> {
  if (!await hasPlugins(context)) return [...roles];
  const event = { ...commonEvent(context, account), roles: roles.map(toPluginRole) };
  const results = await runHook(context, { hook: "roleFilter", eventFor: () => event });
  await reportFailures(context.interaction, results);
  const lists = results.map(({ value }) => value).filter(Array.isArray);
  return roles.filter(({ roleArn }) => lists.every((list) => list.includes(roleArn)));
}
