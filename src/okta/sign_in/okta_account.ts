/**
 * Opens an Okta account: its settings resolved, its stores opened, its secrets read at most once.
 *
 * @module
 */

import type { AccountSettings } from "../../settings/settings.ts";
import { accountSettings, accountsOfSameUser } from "../../settings/account_settings.ts";
import { SettingsError } from "../../errors.ts";
import { openAccountState } from "../../store/account_state.ts";
import type { AccountSecrets } from "../../secrets/secret_item.ts";
import { openSecrets } from "../../secrets/open_secrets.ts";
import type { AppContext } from "../../app/context.ts";
import { openHttp } from "../../app/open_http.ts";
import { OktaClient } from "../client/client.ts";
import { CookieJar } from "../client/cookie_jar.ts";
import type { BrowserAccess } from "../browser/browser_access.ts";
import type { DeviceAccess } from "../device/device_tokens.ts";
import type { FactorOptions, OktaSession, SignInAccount } from "../factors/factor_context.ts";
import {
  type FactorPreference,
  preferenceFor,
  rememberFactor,
} from "../factors/factor_preference.ts";
import { purposeOf } from "../factors/sign_in_purpose.ts";
import { type AssertionStore, openAssertionStore } from "./assertion_store.ts";
import { openSessionStore, type SessionStore } from "./kept_session.ts";
import { rememberedOrg } from "./remembered_org.ts";

/** One run's session at the org, and what is kept of it between runs. */
export interface AccountSession extends OktaSession {
  /** The org's cookies. */
  readonly kept: SessionStore;
  /** For the minutes that they live. */
  readonly assertions: AssertionStore;
  /** Set if the account signs in by the device grant (`auth = device`). */
  readonly device?: DeviceAccess | undefined;
  readonly browser: BrowserChoice;
}

/** Whether an account signs in through the person's browser, and how. */
export interface BrowserChoice {
  /** From the start (`auth = browser`), or since the person agreed (`auth = auto`). */
  inUse: boolean;
  /** Whether it may be offered (`auth = auto`). */
  readonly offered: boolean;
  open(): Promise<BrowserAccess>;
  /** Writes `auth = browser` to the account's settings, if there are any yet. */
  remember(): Promise<void>;
}

/** An open Okta account. */
export interface OktaAccount extends SignInAccount {
  /** The AWS apps' URLs. */
  readonly apps: readonly string[];
  /** Which API signs in, if the settings say. */
  readonly auth: AccountSettings["auth"];
  readonly session: AccountSession;
}

/** What `init` knows before anything is stored. */
export interface AccountDraft {
  /** The account's name. */
  name: string;
  /** The org's origin. */
  org: string;
  username: string;
  /** The AWS apps' URLs. */
  apps: readonly string[];
  /** The factor that a profile of the AWS config file names. */
  mfa?: FactorPreference | undefined;
  /** The role that is wanted, if it is one. */
  roleArn?: string;
  /** When the run began to ask, if it has waited for another one since. */
  askedAt?: number;
  /** Names a session of its own, beside the account's (aws-okta's `okta_session_cookie_key`). */
  sessionCookieKey?: string;
  /** `init --enroll-totp`; `done` is set when it is. */
  enrollTotp?: { done: boolean } | undefined;
  /** How to sign in, if not as the settings say (`init --browser`). */
  auth?: AccountSettings["auth"];
}

/**
 * Opens an account that may not be in the settings yet.
 *
 * @param known The secrets, if they don't come out of the store (`init`).
 * @throws {SettingsError} `no_oidc_client_id`
 */
export async function openDraft(
  context: AppContext,
  draft: AccountDraft,
  known?: AccountSecrets,
): Promise<OktaAccount> {
  const { name, org, username, apps } = draft;
  const settings = context.settings.accounts.get(name) ?? {};
  return {
    name,
    org,
    username,
    apps,
    auth: draftAuth(draft, settings),
    interaction: context.interaction,
    session: await openSession(context, draft, settings),
    secrets: openSecrets(context, name, {
      known,
      keyAlone: draftAuth(draft, settings) === "browser",
    }),
    factors: factorOptions(context, draft, settings),
  };
}

async function openSession(
  context: AppContext,
  draft: AccountDraft,
  settings: AccountSettings,
): Promise<AccountSession> {
  const { name, org, askedAt, sessionCookieKey } = draft;
  const { ports: { clock, files, interruptible }, paths: { cache } } = context;
  const http = await openHttp(context);
  const onWait = context.interaction.countDown;
  const state = await openAccountState(files, cache, name, accountsOfSameUser(context, draft));
  const remembered = rememberedOrg(state, clock, new URL(org).origin);
  const client = new OktaClient({ org, jar: new CookieJar(), http, clock, onWait, remembered });
  const account = sessionCookieKey ? JSON.stringify([name, sessionCookieKey]) : name;
  const owner = { cacheDirectory: cache, account, org, username: draft.username };
  const device = draftAuth(draft, settings) === "device"
    ? await (await import("../device/device_tokens.ts")).openDeviceAccess(
      context,
      { name, org },
      settings,
    )
    : undefined;
  return {
    client,
    http,
    state,
    askedAt: askedAt ?? clock.now(),
    rememberDevice: settings.remember_device ?? false,
    interruptible,
    kept: await openSessionStore(files, owner),
    assertions: await openAssertionStore(files, owner),
    device,
    browser: browserChoice(context, draft, settings),
  };
}

/** `init --browser` comes before the settings. */
function draftAuth(draft: AccountDraft, settings: AccountSettings): AccountSettings["auth"] {
  return draft.auth ?? settings.auth;
}

function browserChoice(
  context: AppContext,
  draft: AccountDraft,
  settings: AccountSettings,
): BrowserChoice {
  const { name } = draft;
  const auth = draftAuth(draft, settings) ?? "auto";
  return {
    inUse: auth === "browser",
    offered: auth === "auto",
    async open() {
      const { openBrowserAccess } = await import("../browser/browser_access.ts");
      return await openBrowserAccess(context, draft, settings);
    },
    async remember() {
      if (!context.settings.accounts.has(name)) return;
      const { editFile } = await import("../../app/edit_file.ts");
      const { setSection } = await import("../../ini/edit.ts");
      await editFile(context, {
        path: context.paths.settings,
        change: (text) => setSection(text, `account ${name}`, [["auth", "browser"]], []),
      });
    },
  };
}

function factorOptions(
  context: AppContext,
  draft: AccountDraft,
  settings: AccountSettings,
): FactorOptions {
  return {
    preference: preferenceFor(context, settings, draft.mfa),
    remember: (authenticator) => rememberFactor(context, draft.name, authenticator),
    purpose: () => purposeOf(context, draft),
    answerByPlugin: (asked) => context.plugins.answerFactor(context, draft.name, asked),
    answerDuo: async (challenge) =>
      await (await import("../duo/answer_duo.ts")).answerDuo(challenge),
    securityKeys: () => context.ports.securityKeys(),
    enrollTotp: draft.enrollTotp,
  };
}

/**
 * Opens an account of the settings.
 *
 * @throws {SettingsError} `not_set_up`, `no_oidc_client_id`
 */
export function openAccount(
  context: AppContext,
  name: string,
  wanted: Pick<AccountDraft, "mfa" | "roleArn" | "askedAt" | "sessionCookieKey"> = {},
): Promise<OktaAccount> {
  const { org, username, app = [] } = accountSettings(context, name);
  if (org === undefined || username === undefined) {
    throw new SettingsError(
      `account ${name} has no ${org === undefined ? "org" : "username"} in the settings`,
      {
        code: "not_set_up",
        hint: "run: okta-aws init",
      },
    );
  }
  const named = [...context.settings.awsAccounts.values()].map((account) => account.app)
    .filter((link) => link !== undefined && URL.parse(link)?.origin === org);
  const apps = [...new Set([...app, ...named])].filter((link) => link !== undefined);
  return openDraft(context, { name, org, username, apps, ...wanted });
}
