/**
 * Roles and credentials from the assertions of Okta's AWS apps.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import type { IssuedCredentials } from "../aws/session_credentials.ts";
import { isAssertionExpired, isThrottling } from "../aws/sts/sts_errors.ts";
import { throttledTogether } from "../aws/sts/throttled_together.ts";
import { AssertionError, AwsError, type OktaAwsError } from "../errors.ts";
import { type OktaAccount, openAccount } from "../okta/sign_in/okta_account.ts";
import { isOfOneApp } from "../okta/sign_in/page_errors.ts";
import { nameAndRememberRoles, rememberRoles } from "../roles/remember_roles.ts";
import { grantedRoles, openRoleList, type RoleList } from "../roles/role_list.ts";
import type { RoleRequest, RoleSource, SourceOptions } from "../roles/role_source.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { assumeGrantedRole, grantedRole, type StsContext } from "./assume_role.ts";
import { connectForRoles } from "./connect_for_roles.ts";
import { fetchAssertions } from "./fetch_assertions.ts";
import { newEnough, noApp, type SharedAssertion, sharedAssertion } from "./shared_assertion.ts";

/** @throws {SettingsError} `not_set_up` */
export async function openSamlSource(
  context: AppContext,
  name: string,
  { mfa, notBefore = 0, allRoles = false, ...wanted }: SourceOptions = {},
): Promise<RoleSource> {
  const account = await openAccount(context, name, { mfa, ...wanted });
  const { clock, files } = context.ports;
  const asked = clock.now();
  const pool = assertionPool(context, account, notBefore);
  const sts: StsContext = {
    http: throttledTogether(account.session.http, clock),
    clock,
    state: account.session.state,
    interaction: context.interaction,
  };
  let known: Promise<RoleList> | undefined;
  const readList = () =>
    known ??= openRoleList(files, context.paths.cache, name).then((file) => file.read());

  /** The kept assertion can't know of a role that was granted a minute ago. */
  async function assertionWith(app: string, roleArn: string): Promise<SharedAssertion> {
    const kept = await pool.get(app);
    const since = newEnough(context.interaction, asked);
    if (grantedRole(kept, roleArn) !== undefined || kept.fetched >= since) return kept;
    return await pool.renew(kept, since);
  }

  return {
    name,
    async learn() {
      const { fetched, failed } = await fetchAssertions(context, account);
      pool.add(fetched, failed);
      if (allRoles) await connectForRoles(context, account, fetched);
      // Only a person's command takes the time to look up aliases, of which names are made.
      const list = context.interaction.foreground
        ? await nameAndRememberRoles(context, account, fetched)
        : await rememberRoles(context, name, fetched);
      known = Promise.resolve(list);
      return { list, asked: fetched.map(({ app }) => app), failed: [...failed.keys()] };
    },
    async fetch(request) {
      const { roleArn } = request;
      const began = clock.now();
      // Open by the time that Okta has answered.
      account.session.http.connectEarly?.(request.endpoint.url);
      let failure: OktaAwsError | undefined;
      for (const app of appsToAsk(account, await readList(), request)) {
        const assertion = await assertionWith(app, roleArn).catch((error) => {
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
    },
  };
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

/** The app that the profile names or that granted the role before; else each in turn. */
function appsToAsk(
  { name, apps }: OktaAccount,
  list: RoleList,
  { app, roleArn }: RoleRequest,
): readonly string[] {
  const granting = grantedRoles(list).find((role) => role.roleArn === roleArn);
  const known = [app, granting?.app].filter((one) => one !== undefined);
  if (known.length > 0) return [...new Set(known)];
  if (apps.length > 0) return apps;
  throw noApp(name);
}

function notGranted(roleArn: string): AssertionError {
  return new AssertionError(`Okta does not grant you the role ${showUntrusted(roleArn)}`, {
    code: "role_not_granted",
    hint: "list what it grants: okta-aws roles --refresh",
  });
}

/** Fetches and renews each app's assertion once, however many roles need it at the same time. */
function assertionPool(context: AppContext, account: OktaAccount, notBefore: number) {
  const byApp = new Map<string, Promise<SharedAssertion>>();
  const renewals = new Map<SharedAssertion, Promise<SharedAssertion>>();
  const start = (app: string, since: number) => {
    const fresh = sharedAssertion(context, account, { app, notBefore: since });
    byApp.set(app, fresh);
    return fresh;
  };
  return {
    add(fetched: readonly SharedAssertion[], failed: ReadonlyMap<string, OktaAwsError>) {
      for (const one of fetched) byApp.set(one.app, Promise.resolve(one));
      for (const [app, error] of failed) {
        const failure = Promise.reject<SharedAssertion>(error);
        // Perhaps nobody ever asks for it.
        failure.catch(() => {});
        byApp.set(app, failure);
      }
    },
    get: (app: string) => byApp.get(app) ?? start(app, notBefore),
    renew(old: SharedAssertion, since: number) {
      const renewal = renewals.get(old) ?? start(old.app, since);
      renewals.set(old, renewal);
      return renewal;
    },
  };
}
