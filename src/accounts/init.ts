/**
 * Setting an Okta account up: prove what was given by signing in, then store it.
 *
 * @module
 */

import { type OktaAwsError, SignInError } from "../errors.ts";
import type { IniSetting } from "../ini/values.ts";
import type { SecretStore, StoreFinding } from "../ports.ts";
import type { Secret } from "../secret.ts";
import { withAccountLock } from "../store/account_lock.ts";
import {
  type AccountSecrets,
  formatSecretItem,
  newAccountSecrets,
  parseSecretItem,
  storedSecrets,
  withOneTimeCode,
} from "../secrets/secret_item.ts";
import type { RoleList } from "../roles/role_list.ts";
import type { AppContext } from "../app/context.ts";
import { reloadSettings } from "../app/open_context.ts";
import { discoverApps } from "../okta/sign_in/discover_apps.ts";
import { tellFailed } from "../credentials/fetch_assertions.ts";
import { noRoles } from "../credentials/learn_roles.ts";
import { checkOrg } from "../okta/sign_in/org_preflight.ts";
import { type AppAssertion, obtainAssertion, signInTo } from "../okta/sign_in/obtain_assertion.ts";
import { isOfOneApp } from "../okta/sign_in/page_errors.ts";
import { openCache } from "../credentials/obtain_credentials.ts";
import { type AccountDraft, type OktaAccount, openDraft } from "../okta/sign_in/okta_account.ts";
import type { TakenSettings } from "../settings/team/take_team_settings.ts";
import { nameAndRememberRoles } from "../roles/remember_roles.ts";
import { writeAccount } from "./write_account.ts";

/** What a person has told. */
export interface AccountAnswers extends AccountDraft {
  /** The password; the stored one stays where it is left out. */
  password: Secret | undefined;
  /** The TOTP secret as an `otpauth://` URI; likewise. */
  totp: Secret | undefined;
  /** The default region, where one was given. */
  region: string | undefined;
  /** Whether to sign in before anything is stored. */
  verify: boolean;
  /** A team's settings, to be written with the account. */
  team?: Pick<TakenSettings, "settings" | "change" | "keep"> | undefined;
}

/** What came of it. */
export interface InitResult {
  /** The run, with the new settings. */
  context: AppContext;
  /** What Okta grants; `undefined` where nothing was verified. */
  list: RoleList | undefined;
  /** Where the secrets are. */
  backend: string;
  /** What would have come first, and why it did not work, where nobody had named a store. */
  passedOver: readonly StoreFinding[];
}

/**
 * Sets an account up, or changes one: what is not told stays as it was.
 *
 * @param answers What the person has told.
 * @param store Where the secrets will be.
 * @returns What came of it.
 * @throws {SignInError} Okta's refusal; nothing has been stored then.
 */
export async function initAccount(
  app: AppContext,
  answers: AccountAnswers,
  store: SecretStore,
): Promise<InitResult> {
  const { ports, paths, settings, interaction } = app;
  const context = { ...app, settings: answers.team?.settings ?? settings };
  const onWait = () => void interaction.say("waiting for another okta-aws that signs in");
  const lock = { files: ports.files, cacheDirectory: paths.cache, account: answers.name, onWait };
  return await withAccountLock(lock, async () => {
    const known = settings.accounts.get(answers.name);
    // Another org must not be sent this one's password, nor another person get this one's session.
    const isSame = known?.org === answers.org && known.username === answers.username;
    const keeps = isSame || store.readOnly === true;
    const merged = mergeSecrets(answers, keeps ? await store.read(answers.name) : undefined);
    const secrets = withOneTimeCode(merged, store, answers.name);
    const account = await openDraft(context, answers, secrets);
    const fetched = answers.verify ? await prove(account) : undefined;
    if (answers.enrollTotp?.done === false) throw notOffered();
    // An expired password was changed on the way in: what is stored is what holds now.
    const held = await account.secrets.read();
    if (!store.readOnly) await store.write(answers.name, formatSecretItem(held));
    if (!isSame) {
      await openCache(context).clear(answers.name);
      if (fetched === undefined) await account.session.kept.remove();
    }
    const found = fetched?.map(({ app }) => app) ?? [];
    const apps = answers.apps.length > 0 ? answers.apps : found;
    await writeSettings(context, { ...answers, apps }, store.name);
    await answers.team?.keep();
    await account.session.state.change({
      stored: storedSecrets(held, store),
      refusedItem: undefined,
    });
    const renewed = await reloadSettings(context);
    const list = fetched && await nameAndRememberRoles(renewed, account, fetched);
    const { name: backend, passedOver = [] } = store;
    return { context: renewed, list, backend, passedOver };
  });
}

function notOffered(): SignInError {
  return new SignInError("Okta signed you in without asking for another factor: none is enrolled", {
    code: "enrolment_not_offered",
    hint:
      "add Google Authenticator under Settings on your Okta page, and give its QR code or key: " +
      "okta-aws init --qr FILE",
  });
}

/** The key stays: sessions that were kept under it still open. */
function mergeSecrets(answers: AccountAnswers, item: Secret | undefined): AccountSecrets {
  const old = item && parseSecretItem(item);
  const password = answers.password ?? old?.password;
  const totp = answers.totp ?? old?.totp;
  return newAccountSecrets({ password, totp }, old?.sessionKey);
}

async function prove(account: OktaAccount): Promise<AppAssertion[]> {
  const { refusedItem } = await account.session.state.read();
  try {
    const fetched = await signInAndFetch(account);
    if (fetched.every(({ assertion }) => assertion.roles.length === 0)) throw noRoles();
    return fetched;
  } catch (error) {
    // What was tried here is not what is stored: the note about that one stays as it was.
    await account.session.state.change({ refusedItem });
    throw error;
  }
}

async function signInAndFetch(
  account: OktaAccount,
): Promise<AppAssertion[]> {
  const { org } = account;
  let { apps } = account;
  const inBrowser = account.session.device !== undefined;
  if (!inBrowser) await checkOrg(account);
  if (apps.length === 0) {
    if (!inBrowser) await signInTo(account, `${org}/`);
    apps = await discoverApps(account);
  }
  const fetched: AppAssertion[] = [];
  const failed = new Map<string, OktaAwsError>();
  for (const [index, app] of apps.entries()) {
    const newSession = index === 0 && account.apps.length > 0;
    try {
      fetched.push(await obtainAssertion(account, app, { newSession }));
    } catch (error) {
      if (!isOfOneApp(error)) throw error;
      failed.set(app, error);
    }
  }
  await tellFailed(account.interaction, fetched, failed);
  return fetched;
}

const PORTAL_KEYS = ["kind", "sso_start_url", "sso_region", "sso_session"];

async function writeSettings(
  context: AppContext,
  { name, org, username, apps, region, team }: AccountAnswers,
  backend: string,
): Promise<void> {
  const keys: IniSetting[] = [["org", org], ["username", username]];
  if (apps.length > 0) keys.push(["app", apps.join(" ")]);
  if (region !== undefined) keys.push(["region", region]);
  keys.push(["backend", backend]);
  // Another org's app must not stay, nor that the account was one of IAM Identity Center.
  const stale = apps.length > 0 ? [] : ["app"];
  const known = context.settings.accounts.get(name);
  const portal = known?.kind === "identity-center" ? PORTAL_KEYS : [];
  await writeAccount(context, { name, team, keys, drop: [...stale, ...portal] });
}
