/**
 * What the assertions of an account's apps grant, and credentials for it.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import type { IssuedCredentials } from "../aws/session_credentials.ts";
import { isAssertionExpired, isThrottling } from "../aws/sts/sts_errors.ts";
import { AssertionError, AwsError, type OktaAwsError } from "../errors.ts";
import type { OktaAccount } from "../okta/sign_in/okta_account.ts";
import { isOfOneApp } from "../okta/sign_in/page_errors.ts";
import { nameAndRememberRoles, rememberRoles } from "../roles/remember_roles.ts";
import type { LearnedRoles, RoleRequest } from "../roles/role_source.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { grantedRoles, type RoleList } from "../roles/role_list.ts";
import { assumeGrantedRole, grantedRole, type StsContext } from "./assume_role.ts";
import { connectForNames, connectForRoles } from "./connect_for_roles.ts";
import type { FetchedAssertions } from "./fetch_assertions.ts";
import { newEnough, type SharedAssertion } from "./shared_assertion.ts";

/** An open source. */
export interface SamlSource {
  readonly context: AppContext;
  readonly account: OktaAccount;
  /** When the source was opened, milliseconds since the Unix epoch. */
  readonly asked: number;
  readonly pool: AssertionPool;
  readonly sts: StsContext;
  readonly knownRoles: KnownRoles;
}

/** Each app's assertion, fetched and renewed once, however many roles need it at the same time. */
export interface AssertionPool {
  get(app: string): Promise<SharedAssertion>;
  /** As `get`, but waits only until a sign-in has begun. A failure is left to `get`. */
  begin(app: string): Promise<void>;
  /** What was fetched, or has failed, by another way. */
  add(fetched: readonly SharedAssertion[], failed: ReadonlyMap<string, OktaAwsError>): void;
  /** @param old The assertion that does not help. */
  renew(old: SharedAssertion, since: number): Promise<SharedAssertion>;
}

/** What an account granted last, read once. */
export interface KnownRoles {
  read(): Promise<RoleList>;
  replace(list: RoleList): void;
}

/**
 * Stores and returns what the apps grant.
 *
 * @param fetching Their assertions, on the way.
 * @param allRoles Whether new credentials of all roles will be fetched.
 */
export async function learnSamlRoles(
  { context, account, pool, knownRoles }: SamlSource,
  fetching: Promise<FetchedAssertions>,
  allRoles: boolean,
): Promise<LearnedRoles> {
  // Only a person's command takes the time to look up aliases, of which names are made.
  const { foreground } = context.interaction;
  if (foreground && grantedRoles(await knownRoles.read()).length === 0) {
    await connectForNames(context, account);
  }
  const { fetched, failed } = await fetching;
  pool.add(fetched, failed);
  if (allRoles) await connectForRoles(context, account, fetched);
  const list = foreground
    ? await nameAndRememberRoles(context, account, fetched)
    : await rememberRoles(context, account.name, fetched);
  knownRoles.replace(list);
  return { list, asked: fetched.map(({ app }) => app), failed: [...failed.keys()] };
}

/** A role, and where to look for it. */
export interface SamlRoleRequest extends RoleRequest {
  /** The apps that may grant it. */
  apps: readonly string[];
  /** When it was asked for, milliseconds since the Unix epoch. */
  began: number;
}

/** @throws As `RoleSource.fetch`. */
export async function fetchSamlRole(
  source: SamlSource,
  request: SamlRoleRequest,
): Promise<IssuedCredentials> {
  const { asked, pool, sts } = source;
  const { roleArn, began } = request;
  let failure: OktaAwsError | undefined;
  for (const app of request.apps) {
    const assertion = await assertionWith(source, app, roleArn).catch((error) => {
      if (!isOfOneApp(error)) throw error;
      failure ??= error;
      return undefined;
    });
    const role = assertion && grantedRole(assertion, roleArn);
    if (assertion === undefined || role === undefined) continue;
    const assume = (one: SharedAssertion): Promise<IssuedCredentials> =>
      assumeGrantedRole(sts, { ...request, assertion: one, role });
    return await assume(assertion).catch(async (error) => {
      const since = retrySince(error, assertion, { asked, began });
      if (since === undefined) throw error;
      return await assume(await pool.renew(assertion, since));
    });
  }
  throw failure ?? notGranted(roleArn);
}

/** The kept assertion can't know of a role that was granted a minute ago. */
async function assertionWith(
  { context, asked, pool }: SamlSource,
  app: string,
  roleArn: string,
): Promise<SharedAssertion> {
  const kept = await pool.get(app);
  const since = newEnough(context.interaction, asked);
  if (grantedRole(kept, roleArn) !== undefined || kept.fetched >= since) return kept;
  return await pool.renew(kept, since);
}

/**
 * The one retry rule: an assertion that was kept from before may be too old, or Okta may have
 * changed since what it grants; one of this run can only have expired. Throttling is never cured by
 * another assertion.
 *
 * @returns From when on a newer assertion has to be, milliseconds since the Unix epoch; `undefined`
 * if the refusal is final.
 */
function retrySince(
  error: unknown,
  { fetched }: SharedAssertion,
  { asked, began }: { asked: number; began: number },
): number | undefined {
  if (!(error instanceof AwsError) || isThrottling(error)) return undefined;
  if (fetched < asked) return asked;
  return isAssertionExpired(error) && fetched < began ? began : undefined;
}

function notGranted(roleArn: string): AssertionError {
  return new AssertionError(`Okta does not grant you the role ${showUntrusted(roleArn)}`, {
    code: "role_not_granted",
    hint: "list what it grants: okta-aws roles --refresh",
  });
}
