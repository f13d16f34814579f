/** After an import: the passwords of new accounts, each checked by one sign-in. @module */

import { chooseStore } from "../../accounts/choose_store.ts";
import { initAccount } from "../../accounts/init.ts";
import type { AppContext } from "../../app/context.ts";
import type { Plan, PlannedAccount } from "../../import/planned.ts";
import type { SecretStore } from "../../ports.ts";
import { openAccountState } from "../../okta/sign_in/account_state.ts";
import { backendFor } from "../../settings/account_settings.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import { type GivenSecrets, openAsker, parseSecretsInput } from "./init_questions.ts";

/**
 * Asks for the passwords at a terminal, or reads that of the only account from standard input.
 *
 * @throws {SignInError} Okta rejected one; the settings stay.
 */
export async function setUpPasswords(
  invocation: Invocation,
  context: AppContext,
  plan: Plan,
): Promise<number> {
  const { ports: { output }, flags } = invocation;
  const accounts = await accountsWithout(context, plan);
  const given = flags.secretsStdin
    ? parseSecretsInput(await context.ports.standardInput())
    : undefined;
  const mayAsk = given === undefined && !flags.yes && await context.interaction.canAsk();
  for (const account of accounts) {
    const option = account.name === "default" ? "" : ` --account ${account.name}`;
    if (given === undefined && !mayAsk) {
      if (!flags.quiet) output.notice(`next: okta-aws init${option}\n`);
      continue;
    }
    const store = await chooseStore(context, context.settings.accounts.get(account.name) ?? {});
    await signIn(context, account, store, given ?? await askSecrets(context, account));
  }
  if (!flags.quiet && !flags.json) tryIt(invocation, plan);
  return 0;
}

/** Those that have no stored password yet, and a store that can keep one. */
async function accountsWithout(
  context: AppContext,
  { accounts }: Plan,
): Promise<PlannedAccount[]> {
  const { ports: { files }, paths, settings } = context;
  const without: PlannedAccount[] = [];
  for (const account of accounts) {
    if (account.needsNoPassword || account.username === undefined) continue;
    const backend = backendFor(context, settings.accounts.get(account.name) ?? {});
    if (backend === "env" || backend === "command") continue;
    const { stored } = await (await openAccountState(files, paths.cache, account.name)).read();
    if (stored === undefined) without.push(account);
  }
  return without;
}

async function askSecrets(
  context: AppContext,
  { username }: PlannedAccount,
): Promise<GivenSecrets> {
  return await openAsker(context).secrets(username!, false, true);
}

async function signIn(
  context: AppContext,
  { name, address, username, apps }: PlannedAccount,
  store: SecretStore,
  secrets: GivenSecrets,
): Promise<void> {
  const { list } = await initAccount(context, {
    name,
    org: address,
    username: username!,
    apps,
    ...secrets,
    region: undefined,
    verify: true,
  }, store);
  const roles = Object.keys(list?.names ?? {}).length;
  await context.interaction.say(`signed in as ${showUntrusted(username!)}; ${roles} roles`);
}

function tryIt({ ports: { output } }: Invocation, { profiles }: Plan): void {
  const usable = profiles.find(({ roleArn }) => roleArn !== undefined) ?? profiles[0];
  if (usable === undefined) return output.notice("next: okta-aws refresh\n");
  const name = /^[\w@%+=:,./-]+$/.test(usable.name)
    ? usable.name
    : `'${showUntrusted(usable.name)}'`;
  output.notice(`try: aws sts get-caller-identity --profile ${name}\n`);
}
