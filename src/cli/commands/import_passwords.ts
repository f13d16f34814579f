/** After an import: new accounts get their password, and sign in once. @module */

import { chooseStore, initAccount } from "../../accounts/init.ts";
import type { AppContext } from "../../app/context.ts";
import { exitCodeFor, InterruptedError, OktaAwsError } from "../../errors.ts";
import { initIdentityCenter } from "../../accounts/init_identity_center.ts";
import { readOldPassword } from "../../import/old_password.ts";
import type { Plan, PlannedAccount } from "../../import/planned.ts";
import { openAccountState } from "../../store/account_state.ts";
import type { Secret } from "../../secret.ts";
import { backendFor } from "../../settings/account_settings.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import { reportError } from "../output.ts";
import { openAsker } from "./init_questions.ts";
import { type GivenSecrets, parseSecretsInput } from "./init_secrets.ts";

const NONE: GivenSecrets = { password: undefined, totp: undefined };

/**
 * Signs new accounts in at a terminal, or with `--secrets-stdin`. A failure leaves the settings as
 * they are, and the other accounts their turn.
 *
 * @returns The exit code of the first failure.
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
  const isAtTerminal = !flags.yes && await context.interaction.canAsk();
  let code = 0;
  for (const account of accounts) {
    const option = account.name === "default" ? "" : ` --account ${account.name}`;
    const next = `okta-aws init${option}`;
    if (!isAtTerminal && (given === undefined || account.kind !== "saml")) {
      if (!flags.quiet) output.notice(`next: ${next}\n`);
      continue;
    }
    try {
      await signInTo(context, account, given);
    } catch (error) {
      if (!(error instanceof OktaAwsError) || error instanceof InterruptedError) throw error;
      reportError(output, error, { json: flags.json ?? false, debug: flags.debug ?? false });
      if (!flags.json) output.notice(`the settings are written; try again: ${next}\n`);
      code ||= exitCodeFor(error);
    }
  }
  if (!flags.quiet && !flags.json && code === 0) tryIt(invocation, plan);
  return code;
}

/** Those that have no secret item yet, and a store that can keep one. */
async function accountsWithout(
  context: AppContext,
  { accounts }: Plan,
): Promise<PlannedAccount[]> {
  const { ports: { files }, paths, settings } = context;
  const without: PlannedAccount[] = [];
  for (const account of accounts) {
    const backend = backendFor(context, settings.accounts.get(account.name) ?? {});
    if (backend === "env" || backend === "command") continue;
    if (account.kind === "identity-center" && !account.isNew) continue;
    const { stored } = await (await openAccountState(files, paths.cache, account.name)).read();
    if (stored === undefined) without.push(account);
  }
  return without;
}

async function signInTo(
  context: AppContext,
  account: PlannedAccount,
  given: GivenSecrets | undefined,
): Promise<void> {
  const { name, kind, address, username = "", apps } = account;
  const { interaction } = context;
  const settings = context.settings.accounts.get(name) ?? {};
  if (kind === "identity-center") {
    const { list } = await initIdentityCenter(context, {
      name,
      startUrl: address,
      ssoRegion: settings.sso_region,
      askRegion: () => Promise.resolve(settings.sso_region ?? ""),
      region: undefined,
      verify: true,
      onAccount: () => {},
    });
    return await interaction.say(`signed in; ${Object.keys(list?.names ?? {}).length} roles`);
  }
  const store = await chooseStore(context, settings);
  // Each sign-in gets its secrets from such a store.
  if (store.readOnly) return;
  const inBrowser = settings.auth === "device" || settings.auth === "browser";
  const secrets = inBrowser ? NONE : given ?? await findSecrets(context, account);
  const draft = { name, org: address, username, apps, region: undefined, verify: true };
  const { list } = await initAccount(context, { ...draft, ...secrets }, store);
  const roles = Object.keys(list?.names ?? {}).length;
  await interaction.say(`signed in as ${showUntrusted(username)}; ${roles} roles`);
}

/** From the old tool's store, after a yes; else typed. */
async function findSecrets(context: AppContext, account: PlannedAccount): Promise<GivenSecrets> {
  const password = await oldPassword(context, account);
  if (password !== undefined) return { ...NONE, password };
  const asker = openAsker(context);
  const typed = await asker.password(account.username!, undefined);
  return { password: typed, totp: await asker.totp(undefined) };
}

async function oldPassword(
  context: AppContext,
  { passwords }: PlannedAccount,
): Promise<Secret | undefined> {
  const { interaction } = context;
  for (const place of passwords) {
    if (place.kind === "known") return place.password;
    const from = place.kind === "file" ? showUntrusted(place.path) : place.shown;
    const question = `Use the password from ${from}?`;
    if (place.kind === "file" && !await interaction.askConfirm(question, true)) continue;
    try {
      const password = await readOldPassword(context, place);
      if (password !== undefined) {
        await interaction.say(`using the password from ${from}`);
        return password;
      }
    } catch (error) {
      if (!(error instanceof OktaAwsError) || error instanceof InterruptedError) throw error;
      // Most machines without a keyring never had the item.
      if (error.code === "unavailable") continue;
      await interaction.say(`could not read ${from}: ${error.message}`);
    }
  }
  return undefined;
}

function tryIt({ ports: { output } }: Invocation, { profiles }: Plan): void {
  const usable = profiles.find(({ roleArn }) => roleArn !== undefined) ?? profiles[0];
  if (usable === undefined) return output.notice("next: okta-aws refresh\n");
  const isPlain = /^[\w@%+=:,./-]+$/.test(usable.name);
  const name = isPlain ? usable.name : `'${showUntrusted(usable.name)}'`;
  output.notice(`try: aws sts get-caller-identity --profile ${name}\n`);
}
