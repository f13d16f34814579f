/**
 * Sets up an Okta account: proves what was entered by signing in, then stores it.
 *
 * @module
 */

import { type OktaAwsError, SecretStoreError, SignInError } from "../errors.ts";
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
import { forgetOwnPassword, forgetPassword } from "../secrets/password_fingerprint.ts";
import { strongTotpKey } from "../secrets/session_key.ts";
import type { RoleList } from "../roles/role_list.ts";
import type { AppContext } from "../app/context.ts";
import { reloadSettings } from "../app/open_context.ts";
import { discoverApps } from "../okta/sign_in/discover_apps.ts";
import { tellFailed } from "../credentials/fetch_assertions.ts";
import { noRoles } from "../credentials/role_source.ts";
import { checkOrg } from "../okta/sign_in/org_preflight.ts";
import { type AppAssertion, obtainAssertion, signInTo } from "../okta/sign_in/obtain_assertion.ts";
import { inBrowserIfNeeded } from "../okta/sign_in/open_in_browser.ts";
import { isOfOneApp } from "../okta/sign_in/page_errors.ts";
import { type AccountDraft, type OktaAccount, openDraft } from "../okta/sign_in/okta_account.ts";
import { openStore } from "../secrets/open_secrets.ts";
import type { TakenSettings } from "../settings/team/take_team_settings.ts";
import { nameAndRememberRoles } from "../roles/remember_roles.ts";
import { writeAccount } from "./write_account.ts";
import type { AccountSettings } from "../settings/settings.ts";
import { openCache } from "../credentials/open_cache.ts";

/** What the person has entered. */
export interface AccountAnswers extends AccountDraft {
  /** Default: the stored one. */
  password: Secret | undefined;
  /** An `otpauth://` URI; default: the stored one. */
  totp: Secret | undefined;
  /** The default region. */
  region: string | undefined;
  /** Whether to sign in before anything is stored. */
  verify: boolean;
  /** A team's settings, to be written with the account. */
  team?: Pick<TakenSettings, "settings" | "change" | "keep"> | undefined;
}

/** What came of it. */
export interface InitResult {
  /** With the new settings. */
  context: AppContext;
  /** What Okta grants; `undefined` if nothing was verified. */
  list: RoleList | undefined;
  backend: string;
  /** Stores that were tried first, and why they failed; none if the store was named. */
  passedOver: readonly StoreFinding[];
}

/**
 * Sets up an account, or changes one: what is not entered stays as it was.
 *
 * @param chosen The store, or how to choose one after the sign-in, of an account that has none.
 * @throws {SignInError} Okta's refusal; nothing has been stored then.
 */
export async function initAccount(
  app: AppContext,
  answers: AccountAnswers,
  chosen: SecretStore | (() => Promise<SecretStore>),
): Promise<InitResult> {
  const { ports, paths, settings, interaction } = app;
  const context = { ...app, settings: answers.team?.settings ?? settings };
  const onWait = () => void interaction.say("waiting for another okta-aws that signs in");
  const cacheDirectory = paths.cache;
  const lock = { files: ports.files, cacheDirectory, account: answers.name, user: answers, onWait };
  return await withAccountLock(lock, async () => {
    const known = settings.accounts.get(answers.name);
    // Another org must not be sent this one's password, nor another person get this one's session.
    const isSame = known?.org === answers.org && known.username === answers.username;
    const early = typeof chosen === "function" ? undefined : chosen;
    const keeps = isSame || early?.readOnly === true;
    const merged = mergeSecrets(answers, keeps ? await early?.read(answers.name) : undefined);
    const secrets = early ? withOneTimeCode(merged, early, answers.name) : merged;
    const account = await openDraft(context, answers, secrets);
    // Another person's session must not be in the browser's profile.
    if (!isSame && account.session.browser.inUse) {
      await (await account.session.browser.open()).forget(true);
    }
    const { state } = account.session;
    if (answers.password !== undefined) {
      await forgetPassword(state, answers.password, strongTotpKey(merged.totp));
    }
    const fetched = answers.verify ? await prove(account) : undefined;
    if (answers.enrollTotp?.done === false) throw notOffered();
    // The sign-in may have changed an expired password: store the current one.
    const held = await account.secrets.read();
    const store = await storeSecrets(context, answers.name, { held, chosen });
    if (!isSame) {
      await openCache(context).clear(answers.name);
      if (fetched === undefined) await account.session.kept.remove();
    }
    const found = fetched?.map(({ app }) => app) ?? [];
    const apps = answers.apps.length > 0 ? answers.apps : found;
    const inBrowser = account.session.browser.inUse;
    const auth = inBrowser ? "browser" : answers.auth;
    await writeSettings(context, { ...answers, apps, auth }, store.name);
    await answers.team?.keep();
    const ofPassword = forgetOwnPassword(state);
    await state.change((before) => ({ stored: storedSecrets(held, store), ...ofPassword(before) }));
    const renewed = await reloadSettings(context);
    const list = fetched && await nameAndRememberRoles(renewed, account, fetched);
    const { name: backend, passedOver = [] } = store;
    return { context: renewed, list, backend, passedOver };
  });
}

/**
 * Stores the secrets. Of a store that fails a person may choose another one: Okta has accepted what
 * was typed, and it should not be lost.
 */
async function storeSecrets(
  { flags, interaction }: AppContext,
  account: string,
  { held, chosen }: {
    held: AccountSecrets;
    chosen: SecretStore | (() => Promise<SecretStore>);
  },
): Promise<SecretStore> {
  for (;;) {
    let name: string | undefined;
    try {
      const store = typeof chosen === "function" ? await chosen() : chosen;
      name = store.name;
      if (!store.readOnly) await store.write(account, formatSecretItem(held));
      return store;
    } catch (error) {
      if (typeof chosen !== "function" || !(error instanceof SecretStoreError)) throw error;
      if (error.code === "no_store" || !await interaction.canAsk()) throw error;
      await interaction.say(error.message);
      const isFile = name === "file" || flags.backend === "file";
      const question = isFile ? "Try again" : "Use an encrypted file";
      if (!await interaction.askConfirm(question, true)) throw error;
      flags.backend = "file";
    }
  }
}

function notOffered(): SignInError {
  return new SignInError("Okta signed you in without offering to enrol a factor", {
    code: "enrolment_not_offered",
    hint:
      "add Google Authenticator under Settings on your Okta page, and give its QR code or key: " +
      "okta-aws init --qr FILE",
  });
}

/** Keeps the key, so that sessions sealed with it still open. */
function mergeSecrets(answers: AccountAnswers, item: Secret | undefined): AccountSecrets {
  const old = item && parseSecretItem(item);
  const password = answers.password ?? old?.password;
  const totp = answers.totp ?? old?.totp;
  return newAccountSecrets({ password, totp }, old?.sessionKey);
}

async function prove(account: OktaAccount): Promise<AppAssertion[]> {
  const { refusedItem, sentPasswords } = await account.session.state.read();
  try {
    const fetched = await signInAndFetch(account);
    if (fetched.every(({ assertion }) => assertion.roles.length === 0)) throw noRoles();
    return fetched;
  } catch (error) {
    // What was tried here is not what is stored: keep the notes about the stored password.
    await account.session.state.change({ refusedItem, sentPasswords });
    throw error;
  }
}

async function signInAndFetch(
  account: OktaAccount,
): Promise<AppAssertion[]> {
  const { org } = account;
  let { apps } = account;
  const { device, browser } = account.session;
  if (device === undefined && !browser.inUse) await preflight(account);
  if (apps.length === 0) {
    if (device === undefined) await signInTo(account, `${org}/`);
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

/** What the org says before any password is sent may already call for a browser. */
async function preflight(account: OktaAccount): Promise<void> {
  await inBrowserIfNeeded(account, () => checkOrg(account), async () => {});
}

const PORTAL_KEYS = ["kind", "sso_start_url", "sso_region", "sso_session"];

async function writeSettings(
  context: AppContext,
  { name, org, username, apps, region, team, auth }: AccountAnswers,
  backend: string,
): Promise<void> {
  const keys: IniSetting[] = [["org", org], ["username", username]];
  if (apps.length > 0) keys.push(["app", apps.join(" ")]);
  if (region !== undefined) keys.push(["region", region]);
  if (auth !== undefined) keys.push(["auth", auth]);
  keys.push(["backend", backend]);
  // Remove another org's app, and what made it an account of IAM Identity Center.
  const stale = apps.length > 0 ? [] : ["app"];
  const known = context.settings.accounts.get(name);
  const portal = known?.kind === "identity-center" ? PORTAL_KEYS : [];
  await writeAccount(context, { name, team, keys, drop: [...stale, ...portal] });
}

/**
 * Makes sure that there is a secret store. If the system has none, the person may choose an
 * encrypted file; it is never chosen silently.
 *
 * @throws {SecretStoreError} `no_store`
 */
export async function chooseStore(
  context: AppContext,
  account: AccountSettings,
): Promise<SecretStore> {
  const { flags, interaction } = context;
  try {
    const store = await openStore(context, account, await interaction.canAsk());
    // Looked up once: a store that hangs has already cost its time limit.
    flags.backend = store.name;
    return store;
  } catch (error) {
    const isNone = error instanceof SecretStoreError && error.code === "no_store";
    if (!isNone || !await interaction.canAsk()) throw error;
    if (flags.debug) await interaction.say(error.message);
    const question = "No keychain found. Use an encrypted file";
    if (!await interaction.askConfirm(question, true)) throw error;
    flags.backend = "file";
    return await openStore(context, account, true);
  }
}
