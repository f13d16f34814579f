/**
 * Roles and credentials from the assertions of Okta's AWS apps. What reads assertions and calls STS
 * (`saml_roles.ts`) is loaded while the sign-in has begun.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { throttledTogether } from "../aws/sts/throttled_together.ts";
import type { OktaAwsError } from "../errors.ts";
import { type OktaAccount, openAccount } from "../okta/sign_in/okta_account.ts";
import { grantedRoles, openRoleList, type RoleList } from "../roles/role_list.ts";
import type { RoleRequest, RoleSource, SourceOptions } from "../roles/role_source.ts";
import { fetchAssertions } from "./fetch_assertions.ts";
import type { AssertionPool, KnownRoles, SamlSource } from "./saml_roles.ts";
import { noApp, type SharedAssertion, sharedAssertion } from "./shared_assertion.ts";

const loadSamlRoles = async () =>
  await import("./saml_roles.ts" as string) as typeof import("./saml_roles.ts");

/** @throws {SettingsError} `not_set_up` */
export async function openSamlSource(
  context: AppContext,
  name: string,
  { mfa, notBefore = 0, allRoles = false, ...wanted }: SourceOptions = {},
): Promise<RoleSource> {
  const account = await openAccount(context, name, { mfa, ...wanted });
  const { clock } = context.ports;
  const source: SamlSource = {
    context,
    account,
    asked: clock.now(),
    pool: assertionPool(context, account, notBefore),
    sts: {
      http: throttledTogether(account.session.http, clock),
      clock,
      state: account.session.state,
      interaction: context.interaction,
    },
    knownRoles: knownRoles(context, name),
  };
  return {
    name,
    async learn({ onBegun } = {}) {
      const { promise: begun, resolve } = Promise.withResolvers<void>();
      const fetching = fetchAssertions(context, account, resolve);
      // Nothing is read while modules are loaded, so the first request has to be on its way. None is
      // sent if an assertion is kept.
      const connected = begun.then(() => account.session.http.connectEarly?.(account.org));
      await Promise.race([connected, fetching.catch(() => {})]);
      onBegun?.();
      const { learnSamlRoles } = await loadSamlRoles();
      return await learnSamlRoles(source, fetching, allRoles);
    },
    async fetch(request) {
      const began = clock.now();
      // Open by the time that Okta has answered.
      account.session.http.connectEarly?.(request.endpoint.url);
      const apps = appsToAsk(account, await source.knownRoles.read(), request);
      await source.pool.begin(apps[0]);
      const { fetchSamlRole } = await loadSamlRoles();
      return await fetchSamlRole(source, { ...request, apps, began });
    },
  };
}

function knownRoles({ ports: { files }, paths }: AppContext, name: string): KnownRoles {
  let known: Promise<RoleList> | undefined;
  return {
    read: () => known ??= openRoleList(files, paths.cache, name).then((file) => file.read()),
    replace: (list) => void (known = Promise.resolve(list)),
  };
}

/** The app that the profile names or that granted the role before; else each in turn. */
function appsToAsk(
  { name, apps }: OktaAccount,
  list: RoleList,
  { app, roleArn }: RoleRequest,
): readonly [string, ...string[]] {
  const granting = grantedRoles(list).find((role) => role.roleArn === roleArn);
  const known = [...new Set([app, granting?.app].filter((one) => one !== undefined))];
  const [first, ...others] = known.length > 0 ? known : apps;
  if (first === undefined) throw noApp(name);
  return [first, ...others];
}

function assertionPool(
  context: AppContext,
  account: OktaAccount,
  notBefore: number,
): AssertionPool {
  const byApp = new Map<string, Promise<SharedAssertion>>();
  const renewals = new Map<SharedAssertion, Promise<SharedAssertion>>();
  const start = (app: string, since: number, onBegun?: () => void) => {
    const fresh = sharedAssertion(context, account, { app, notBefore: since, onBegun });
    byApp.set(app, fresh);
    return fresh;
  };
  const get = (app: string, onBegun?: () => void) =>
    byApp.get(app) ?? start(app, notBefore, onBegun);
  return {
    get: (app) => get(app),
    begin: (app) =>
      new Promise((resolve) => get(app, resolve).then(() => resolve(), () => resolve())),
    add(fetched: readonly SharedAssertion[], failed: ReadonlyMap<string, OktaAwsError>) {
      for (const one of fetched) byApp.set(one.app, Promise.resolve(one));
      for (const [app, error] of failed) {
        const failure = Promise.reject<SharedAssertion>(error);
        // Perhaps nobody ever asks for it.
        failure.catch(() => {});
        byApp.set(app, failure);
      }
    },
    renew(old: SharedAssertion, since: number) {
      const renewal = renewals.get(old) ?? start(old.app, since);
      renewals.set(old, renewal);
      return renewal;
    },
  };
}
