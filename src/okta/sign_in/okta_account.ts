/**
 * One Okta account at work: its settings resolved, its stores opened, its secrets read at most once.
 *
 * @module
 */

import { type AccountSettings, isPluginBackend } from "../../settings/settings.ts";
import { SecretStoreError, SettingsError } from "../../errors.ts";
import { OktaClient } from "../client/client.ts";
import { CookieJar } from "../client/cookie_jar.ts";
import type { FactorPreference } from "../factors/factors.ts";
import type { Authenticator } from "../factors/authenticator.ts";
import type { HttpClient, Interruptible, SecretStore, SecurityKeys } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import { type AccountStateFile, openAccountState } from "./account_state.ts";
import { type AssertionStore, openAssertionStore } from "../../credentials/assertion_store.ts";
import {
  type AccountSecrets,
  formatSecretItem,
  newAccountSecrets,
  parseSecretItem,
} from "../../secrets/secret_item.ts";
import { openSessionStore, type SessionStore } from "./session_store.ts";
import { accountSettings, backendFor } from "../../settings/account_settings.ts";
import type { AppContext } from "../../app/context.ts";
import type { Interaction } from "../../app/interaction.ts";
import type { DeviceAccess } from "../device/device_access.ts";
import { openHttp } from "../../app/open_http.ts";
import { preferenceFor, rememberFactor } from "./factor_preference.ts";
import { purposeOf } from "./sign_in_purpose.ts";

/** An Okta account at work. */
export interface OktaAccount {
  /** Its name in the settings. */
  readonly name: string;
  /** The org's origin. */
  readonly org: string;
  /** The person's user name at Okta. */
  readonly username: string;
  /** The AWS apps' URLs. */
  readonly apps: readonly string[];
  /** The org, with the cookies of this run. */
  readonly client: OktaClient;
  /** How the person is told and asked. */
  readonly interaction: Interaction;
  /** The network, for requests to AWS too. */
  readonly http: HttpClient;
  /** The security keys of this machine. */
  securityKeys(): Promise<SecurityKeys>;
  /** Which factor the person wants. */
  readonly preference: FactorPreference;
  /** Whether Okta is asked to remember this device. */
  readonly rememberDevice: boolean;
  /** When this run began to ask, milliseconds since the Unix epoch. */
  readonly askedAt: number;
  /** Lets Ctrl-C end a piece of work. */
  readonly interruptible: Interruptible;
  /** For what Okta is asked, for whoever gets a push: a line each for account, role, program. */
  purpose(): Promise<string[]>;
  /** What runs leave for one another. */
  readonly state: AccountStateFile;
  /** Okta sessions between runs. */
  readonly sessions: SessionStore;
  /** Assertions, for the minutes that they live. */
  readonly assertions: AssertionStore;
  /** Which API signs in, where the settings say. */
  readonly auth: AccountSettings["auth"];
  /** The device grant, where the account signs in by that (`auth = device`). */
  readonly device?: DeviceAccess | undefined;
  /** The stored secrets; the store is opened at the first call alone. */
  secrets(): Promise<AccountSecrets>;
  /** Stores another password, and with it a new item id; all else of the item stays. */
  replacePassword(password: Secret): Promise<void>;
  /** Stores another TOTP secret, or none, likewise. */
  replaceTotp(totp: Secret | undefined): Promise<void>;
  /** Whether a time-based code is to be enrolled where Okta offers that, and whether it has been. */
  readonly enrollTotp?: { done: boolean } | undefined;
  /** The answer to a factor, where a plugin gives one. */
  answerByPlugin(authenticator: Authenticator): Promise<Secret | undefined>;
  /** Keeps the choice of a factor in the settings. */
  rememberFactor(authenticator: Authenticator): Promise<void>;
}

/** What `init` knows before anything is stored. */
export interface AccountDraft {
  /** The account's name. */
  name: string;
  /** The org's origin. */
  org: string;
  /** The person's user name at Okta. */
  username: string;
  /** The AWS apps' URLs. */
  apps: readonly string[];
  /** The factor that a profile of the AWS config file names. */
  mfa?: FactorPreference;
  /** The role that is wanted, where it is one. */
  roleArn?: string;
  /** When the run began to ask, where it has waited for another one since. */
  askedAt?: number;
  /** Names a session of its own, beside the account's (aws-okta's `okta_session_cookie_key`). */
  sessionCookieKey?: string;
  /** `init --enroll-totp`; `done` is set when it is. */
  enrollTotp?: { done: boolean } | undefined;
}

/**
 * Opens the store that keeps an account's secrets.
 *
 * @param account The account's settings.
 * @param mayAsk Whether it may ask a person.
 * @returns The store.
 */
export async function openStore(
  context: AppContext,
  account: AccountSettings,
  mayAsk: boolean,
): Promise<SecretStore> {
  const name = backendFor(context, account);
  if (name !== undefined && isPluginBackend(name)) {
    const { pluginSecretStore } = await import("../../plugins/plugin_secret_store.ts");
    return await pluginSecretStore(context, name.slice("plugin:".length), mayAsk);
  }
  const directory = `${context.paths.settingsDirectory}/secrets`;
  return await context.ports.secretStore({ name, directory, mayAsk, account });
}

/**
 * Lets codes be asked for where another program gives them.
 *
 * @param secrets What the store's item holds.
 * @param store The store.
 * @param name The account's name.
 * @returns The same, with `oneTimeCode` where the store has it.
 */
export function withOneTimeCode(
  secrets: AccountSecrets,
  store: SecretStore,
  name: string,
): AccountSecrets {
  const { oneTimeCode } = store;
  return oneTimeCode === undefined ? secrets : { ...secrets, oneTimeCode: () => oneTimeCode(name) };
}

async function readSecrets(store: SecretStore, name: string): Promise<AccountSecrets> {
  const item = await store.read(name);
  if (item !== undefined) return withOneTimeCode(parseSecretItem(item), store, name);
  const other = (store.passedOver ?? []).map(({ name, why }) => `; ${name} can't be used: ${why}`);
  const what = `the secret store (${store.name}) has nothing for ${name}${other.join("")}`;
  throw new SecretStoreError(what, {
    code: "no_item",
    hint: `set it up: okta-aws init${name === "default" ? "" : ` --account ${name}`}`,
  });
}

/**
 * Opens an account for work.
 *
 * @param draft Name, org, user name and apps.
 * @param known The secrets, where they don't come out of the store (`init`).
 * @returns The account.
 */
export async function openDraft(
  context: AppContext,
  draft: AccountDraft,
  known?: AccountSecrets,
): Promise<OktaAccount> {
  const { ports, paths, settings } = context;
  const account = settings.accounts.get(draft.name) ?? {};
  const http = await openHttp(context);
  const client = new OktaClient({
    org: draft.org,
    jar: new CookieJar(),
    http,
    clock: ports.clock,
    onWait: context.interaction.countDown,
  });
  let item = known === undefined ? undefined : Promise.resolve(known);
  const secrets = async () => {
    return item ??= openStore(context, account, await context.interaction.canAsk())
      .then((store) => readSecrets(store, draft.name));
  };
  const replace = async (changed: Partial<Pick<AccountSecrets, "password" | "totp">>) => {
    const old = await secrets();
    const replaced = newAccountSecrets({ ...old, ...changed }, old.sessionKey);
    item = Promise.resolve(replaced);
    const store = await openStore(context, account, true);
    await store.write(draft.name, formatSecretItem(replaced));
  };
  const { name, sessionCookieKey } = draft;
  const session = sessionCookieKey ? JSON.stringify([name, sessionCookieKey]) : name;
  if (account.auth === "browser") throw notInBrowser(draft.name);
  const device = account.auth === "device"
    ? await (await import("../device/device_access.ts")).openDeviceAccess(context, draft, account)
    : undefined;
  return {
    askedAt: ports.clock.now(),
    ...draft,
    client,
    interaction: context.interaction,
    http,
    securityKeys: () => ports.securityKeys(),
    preference: preferenceFor(context, account, draft.mfa),
    auth: account.auth,
    rememberDevice: account.remember_device ?? false,
    interruptible: ports.interruptible,
    purpose: () => purposeOf(context, draft),
    async answerByPlugin(authenticator) {
      const { answerByPlugin } = await import("../../plugins/hooks.ts");
      return await answerByPlugin(context, draft.name, authenticator);
    },
    rememberFactor: (authenticator) => rememberFactor(context, draft.name, authenticator),
    state: await openAccountState(ports.files, paths.cache, draft.name),
    sessions: await openSessionStore(ports.files, paths.cache, session, draft.org),
    assertions: await openAssertionStore(ports.files, paths.cache, session, draft.org),
    device,
    secrets,
    replacePassword: (password) => replace({ password }),
    replaceTotp: (totp) => replace({ totp }),
  };
}

/**
 * Opens an account of the settings for work.
 *
 * @param name Its name.
 * @param mfa The factor that a profile of the AWS config file names.
 * @param wanted The role that is wanted, and since when.
 * @returns The account.
 * @throws {SettingsError} `not_set_up`
 */
export function openAccount(
  context: AppContext,
  name: string,
  mfa?: FactorPreference,
  wanted: Pick<AccountDraft, "roleArn" | "askedAt" | "sessionCookieKey"> = {},
): Promise<OktaAccount> {
  const { org, username, app = [] } = accountSettings(context, name);
  if (org === undefined || username === undefined) {
    throw new SettingsError(
      `the settings of ${name} lack ${org === undefined ? "org" : "username"}`,
      {
        code: "not_set_up",
        hint: "run: okta-aws init",
      },
    );
  }
  const named = [...context.settings.awsAccounts.values()].map((account) => account.app)
    .filter((link) => link !== undefined && URL.parse(link)?.origin === org);
  const apps = [...new Set([...app, ...named])].filter((link) => link !== undefined);
  const draft: AccountDraft = { name, org, username, apps, ...wanted };
  if (mfa !== undefined) draft.mfa = mfa;
  return openDraft(context, draft);
}

/** The name stands in the settings' grammar; going on some other way would not be what was asked. */
function notInBrowser(name: string): SettingsError {
  return new SettingsError(`this version can't sign ${name} in by the browser (auth = browser)`, {
    code: "auth_not_available",
    hint: "take auth out of the settings to sign in here, or set auth = device and oidc_client_id",
  });
}
