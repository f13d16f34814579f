/**
 * `refresh` for every Okta account of the settings: one that fails keeps no other from being written.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { InterruptedError, OktaAwsError, ProfileError, UsageError } from "../errors.ts";
import { accountNames, readRoleLists, rolesOf } from "../roles/known_roles.ts";
import type { KnownRole } from "../roles/role_match.ts";
import { namesRole, selectRoles } from "../roles/select_roles.ts";
import { learnAccount, type LearnedAccount } from "./learn_account.ts";
import type { FailedAccount, RefreshOptions, RefreshResult } from "./refresh.ts";

/** What comes after the roles are known; loaded while the sign-in waits for its first answer. */
const loadSteps = async () => ({
  ...await import("./select_for_refresh.ts" as string) as typeof import("./select_for_refresh.ts"),
  ...await import("./refresh.ts" as string) as typeof import("./refresh.ts"),
});

/**
 * Refreshes the accounts.
 *
 * @throws {ProfileError} `unknown_profile` if a name matches no role of any account.
 * @throws The first account's failure if all fail.
 */
export async function refresh(
  context: AppContext,
  options: RefreshOptions,
): Promise<RefreshResult> {
  const accounts = await accountsFor(context, options.names);
  const failed: FailedAccount[] = [];
  const onBegun = () => {
    // What fails shows when they are needed.
    loadSteps().catch(() => {});
    options.onBegun?.();
  };
  const learned = await each(
    accounts,
    failed,
    (name) => name,
    (name) => learnAccount(context, name, { ...options, onBegun }),
  );
  if (learned.length === 0) throw failed[0]!.error;
  const words = await wordsByAccount(context, learned, options.names);
  const asked = learned.filter(({ name }) => options.names.length === 0 || words.has(name));
  // An account that failed may grant it.
  if (asked.length === 0) throw failed[0]!.error;
  const { pickFromAccounts, refreshAccount, selectFromAccount } = await loadSteps();
  const optionsOf = ({ name }: LearnedAccount) => ({ ...options, names: words.get(name) ?? [] });
  const selections = await each(
    asked,
    failed,
    ({ name }) => name,
    (one) => selectFromAccount(context, one, optionsOf(one)),
  );
  const results = await each(
    await pickFromAccounts(context, selections, options),
    failed,
    ({ account }) => account.name,
    ({ account, chosen }) => refreshAccount(context, account, chosen, optionsOf(account)),
  );
  if (results.length === 0) throw failed[0]!.error;
  return merge(results, failed);
}

/**
 * Which account each argument is for: those with a role of that name, else those with a part of it in
 * a name.
 *
 * @throws {ProfileError} `unknown_profile` if all accounts have answered and none has such a role.
 */
async function wordsByAccount(
  context: AppContext,
  learned: readonly LearnedAccount[],
  names: readonly string[],
): Promise<Map<string, string[]>> {
  const words = new Map<string, string[]>();
  for (const name of names) {
    const exact = learned.filter(({ roles }) => has(context, roles, name));
    const owners = exact.length > 0 ? exact : await withPart(context, learned, name);
    for (const owner of owners) {
      words.set(owner.name, [...words.get(owner.name) ?? [], name]);
    }
  }
  return words;
}

async function withPart(
  context: AppContext,
  learned: readonly LearnedAccount[],
  name: string,
): Promise<LearnedAccount[]> {
  const { searchRoles } = await import("../roles/role_search.ts");
  const found = learned.filter(({ roles }) => searchRoles(name, roles).length > 0);
  if (found.length > 0) return found;
  const roles = learned.flatMap((one) => one.roles);
  if (learned.length === accountNames(context).length) {
    await selectRoles(context, { oktaAccount: learned[0]!.name, roles }, [name]);
  }
  return [];
}

/** With names that are known already, only the accounts that grant them. */
async function accountsFor(context: AppContext, names: readonly string[]): Promise<string[]> {
  const all = accountNames(context);
  if (names.length === 0 || all.length < 2) return all;
  const lists = await readRoleLists(context);
  const roles = lists.map((list) => rolesOf(context, [list]));
  const isKnown = names.every((name) => roles.some((own) => has(context, own, name)));
  if (!isKnown) return all;
  return lists.filter((_, at) => names.some((name) => has(context, roles[at]!, name)))
    .map(({ account }) => account);
}

function has(context: AppContext, roles: readonly KnownRole[], name: string): boolean {
  return roles.some((role) => namesRole(context, role, name));
}

/** One after the other: each may ask the person. */
async function each<A, B>(
  items: readonly A[],
  failed: FailedAccount[],
  nameOf: (item: A) => string,
  work: (item: A) => Promise<B>,
): Promise<B[]> {
  const done: B[] = [];
  for (const item of items) {
    try {
      done.push(await work(item));
    } catch (error) {
      const isOne = error instanceof OktaAwsError && !(error instanceof InterruptedError) &&
        !(error instanceof ProfileError) && !(error instanceof UsageError);
      // Alone, an account's failure is the command's.
      if (!isOne || items.length === 1 && failed.length === 0) throw error;
      failed.push({ account: nameOf(item), error });
    }
  }
  return done;
}

function merge(results: readonly RefreshResult[], failedAccounts: FailedAccount[]): RefreshResult {
  return {
    profiles: results.flatMap(({ profiles }) => profiles),
    failed: results.flatMap(({ failed }) => failed),
    failedAccounts,
    removed: results.flatMap(({ removed }) => removed),
    added: results.flatMap(({ added }) => added),
    diff: results.map(({ diff }) => diff).join(""),
    lostApp: results.some(({ lostApp }) => lostApp),
    foreignEndpoint: results.find((one) => one.foreignEndpoint !== undefined)?.foreignEndpoint,
  };
}
