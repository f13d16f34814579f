/** What a person starts on the page: sign in, sign out, renew. @module */

import { openSignOutAccount, signOut as endSession } from "../../accounts/sign_out.ts";
import type { AppContext } from "../../app/context.ts";
import { CONCURRENCY, mapBounded } from "../../app/map_bounded.ts";
import { requestForRole } from "../../credentials/credential_request.ts";
import { obtainCredentials } from "../../credentials/obtain_credentials.ts";
import { learnRoles } from "../../credentials/role_source.ts";
import { OktaAwsError } from "../../errors.ts";
import type { KnownRole } from "../../roles/role_match.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { contextWith } from "../server_context.ts";
import { readPage } from "./page_model.ts";
import type { PageQuestions } from "./page_questions.ts";

export interface PageTasks {
  /** The keys of the tasks that run: accounts, role ARNs, `all`. */
  readonly busy: ReadonlySet<string>;
  signIn(account: string): void;
  signOut(account: string): void;
  renew(role: KnownRole): void;
  renewAll(): void;
}

export function pageTasks(
  server: AppContext,
  questions: PageQuestions,
  onChange: () => void,
): PageTasks {
  const busy = new Set<string>();
  const report = (error: unknown) => {
    const known = error instanceof OktaAwsError;
    questions.say(known ? error.message : "okta-aws failed unexpectedly");
    if (known && error.hint !== undefined) questions.say(error.hint);
  };
  const run = async (
    key: string,
    start: string,
    work: (context: AppContext) => Promise<string>,
  ) => {
    if (busy.has(key)) return;
    busy.add(key);
    questions.say(start);
    try {
      const { columns } = server.interaction;
      questions.say(await work(await contextWith(server, questions.interaction(columns))));
    } catch (error) {
      report(error);
    } finally {
      busy.delete(key);
      questions.settle();
    }
  };
  const label = ({ alias, accountId, roleName }: KnownRole) =>
    showUntrusted(`${alias ?? accountId}/${roleName}`);
  return {
    busy,
    signIn: (account) =>
      void run(`account ${account}`, `${showUntrusted(account)}: signing in`, async (context) => {
        await learnRoles(context, account);
        return `${showUntrusted(account)}: signed in, roles updated`;
      }),
    signOut: (account) =>
      void run(`account ${account}`, `${showUntrusted(account)}: signing out`, async (context) => {
        const had = await endSession(context, await openSignOutAccount(context, account));
        return `${showUntrusted(account)}: ${had ? "signed out" : "you were not signed in"}`;
      }),
    renew: (role) =>
      void run(role.roleArn, `renewing ${label(role)}`, async (context) => {
        await obtainCredentials(context, await requestForRole(context, role, {}), true);
        return `renewed ${label(role)}`;
      }),
    renewAll: () =>
      void run("all", "renewing all roles", async (context) => {
        const roles = (await readPage(context)).flatMap((account) => account.roles);
        const limit = context.settings.program.concurrency ?? CONCURRENCY;
        let renewed = 0;
        await mapBounded(roles, limit, async ({ role }) => {
          try {
            await obtainCredentials(context, await requestForRole(context, role, {}), true);
            renewed++;
          } catch (error) {
            report(error);
          }
          onChange();
        });
        return `renewed ${renewed} of ${roles.length} roles`;
      }),
  };
}
