/**
 * Roles out of the assertions of Okta's AWS apps.
 *
 * @module
 */

import { isAssertionExpired } from "../aws/sts/sts_errors.ts";
import { throttledTogether } from "../aws/sts/throttled_together.ts";
import { assumeGrantedRole, type StsContext } from "./assume_role.ts";
import type { AppContext } from "../app/context.ts";
import { fetchAssertions, type FetchedAssertions } from "./fetch_assertions.ts";
import type { AppAssertion } from "../okta/sign_in/obtain_assertion.ts";
import { type OktaAccount, openAccount } from "../okta/sign_in/okta_account.ts";
import { nameAndRememberRoles, rememberRoles } from "../roles/remember_roles.ts";
import type { RoleSource } from "./role_source.ts";
import { sharedAssertion } from "./shared_assertion.ts";

/**
 * The source of an Okta account.
 *
 * @param name The account's name in the settings.
 * @returns The source.
 * @throws {SettingsError} `not_set_up`
 */
export async function openSamlSource(
  context: AppContext,
  name: string,
): Promise<RoleSource> {
  const account = await openAccount(context, name);
  const { clock } = context.ports;
  return {
    name,
    async learn() {
      const apps = await fetchAssertions(context, account);
      const { fetched, failed } = apps;
      // An assertion that was kept may know more than a list that has been lost.
      const list = context.interaction.foreground
        ? await nameAndRememberRoles(context, account, fetched)
        : await rememberRoles(context, name, fetched);
      const http = throttledTogether(account.session.http, clock);
      const say = (line: string) => context.interaction.say(line);
      const sts: StsContext = { http, clock, state: account.session.state, say };
      const assertions = assertionSource(context, account, apps);
      return {
        list,
        asked: fetched.map(({ app }) => app),
        failed: [...failed.keys()],
        fetch: (role, { duration, endpoint }) =>
          assertions.use(
            role.app,
            (assertion) => assumeGrantedRole(sts, assertion, role, duration, endpoint),
          ),
      };
    },
  };
}

/** An assertion lives five minutes: one that ends in the middle is fetched anew, once for all. */
function assertionSource(
  context: AppContext,
  account: OktaAccount,
  { fetched, failed }: FetchedAssertions,
) {
  const byApp = new Map<string, Promise<AppAssertion>>(
    fetched.map((one) => [one.app, Promise.resolve(one)]),
  );
  /** Also for an app that the settings no longer name, whose roles are still known. */
  const assertionOf = (app: string): Promise<AppAssertion> => {
    const failure = failed.get(app);
    const known = failure === undefined ? byApp.get(app) : Promise.reject(failure);
    if (known !== undefined) return known;
    const fresh = sharedAssertion(context, account, app);
    byApp.set(app, fresh);
    return fresh;
  };
  return {
    async use<T>(app: string, work: (assertion: AppAssertion) => Promise<T>): Promise<T> {
      const first = assertionOf(app);
      try {
        return await work(await first);
      } catch (error) {
        if (!isAssertionExpired(error)) throw error;
        if (byApp.get(app) === first) {
          const now = context.ports.clock.now();
          byApp.set(app, sharedAssertion(context, account, app, now));
        }
        return await work(await byApp.get(app)!);
      }
    },
  };
}
