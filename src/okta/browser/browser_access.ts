/** What an account that signs in through the person's browser works with. @module */

import type { AccountSettings } from "../../settings/settings.ts";
import type { AppContext } from "../../app/context.ts";
import { signInCommand } from "../../app/browser_sign_in.ts";
import { signInFormUrl, signInPostPatterns } from "../../aws/endpoints.ts";
import { InteractionError, SettingsError } from "../../errors.ts";
import type { BrowserCookie, BrowserLaunch, DrivenBrowser, FoundBrowser } from "../../ports.ts";
import { settingsFile } from "../../settings/paths.ts";
import { hashName, hasVersion, isString, jsonFile } from "../../store/json_file.ts";
import { seal, type SealKey, unseal } from "../../store/seal.ts";
import type { OktaIdentity } from "../factors/factor_context.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** The session cookies of a profile, which the browser itself drops when it ends. */
export interface ProfileCookies {
  /** None if there are none that this key opens. */
  read(key: SealKey): Promise<BrowserCookie[]>;
  write(key: SealKey, cookies: readonly BrowserCookie[]): Promise<void>;
  remove(): Promise<boolean>;
}

/** The browser of one account. */
export interface BrowserAccess {
  readonly cookies: ProfileCookies;
  /** `--show-browser`: always a window. */
  readonly showsAlways: boolean;
  /** Whether stored user name, password and code are filled in. */
  readonly fills: boolean;
  /** @throws {SettingsError} `no_browser` */
  find(): Promise<FoundBrowser>;
  /** Starts it with the account's profile. */
  launch(
    browser: FoundBrowser,
    options:
      & Pick<BrowserLaunch, "visible" | "onPost" | "reachesLoopback" | "signal">
      & { pausesPosts?: boolean },
  ): Promise<DrivenBrowser>;
  /** Why no window may open; `undefined` if one may. */
  whyNoWindow(): Promise<InteractionError | undefined>;
  /** Where a form with an assertion is sent; `undefined` if not to AWS's sign-in service. */
  signInUrl(action: string): URL | undefined;
  /** Forgets the profile's session, or deletes the whole profile. */
  forget(all: boolean): Promise<boolean>;
}

/** The folder of an account's profile. */
export function profileFolder(cache: string, account: string): string {
  return `${cache}/browser/${account}`;
}

interface SealedCookies {
  version: 1;
  sealed: string;
}

function isSealedCookies(document: unknown): document is SealedCookies {
  return hasVersion(document, 1) && isString((document as SealedCookies).sealed);
}

async function openProfileCookies(
  { ports: { files }, paths }: AppContext,
  account: string,
): Promise<ProfileCookies> {
  const name = await hashName([account, "browser cookies"]);
  const file = jsonFile(files, `${paths.cache}/sessions/${name}.json`, isSealedCookies);
  const purpose = JSON.stringify(["okta-aws browser cookies", account]);
  return {
    async read(key) {
      const document = await file.read();
      const text = document && await unseal(key, purpose, document.sealed);
      return text === undefined ? [] : JSON.parse(text) as BrowserCookie[];
    },
    async write(key, cookies) {
      await file.write({ version: 1, sealed: await seal(key, purpose, JSON.stringify(cookies)) });
    },
    remove: () => file.remove(),
  };
}

/** Whether a window can be shown here. */
function hasDisplay({ get, os }: AppContext["ports"]["environment"]): boolean {
  if (os === "linux") return get("DISPLAY") !== undefined || get("WAYLAND_DISPLAY") !== undefined;
  return get("SSH_CONNECTION") === undefined && get("SSH_TTY") === undefined;
}

function needsPerson(code: string, why: string, account: string): InteractionError {
  return new InteractionError(`somebody has to sign in in the browser: ${why}`, {
    code,
    hint: `run this where a window can open: ${signInCommand(account)}`,
  });
}

async function whyNoWindow(
  { flags, interaction, ports: { environment } }: AppContext,
  account: string,
): Promise<InteractionError | undefined> {
  if (flags.noInput) return needsPerson("no_input", "--no-input is set", account);
  if (flags.noBrowser) return needsPerson("no_window", "--no-browser is set", account);
  if (!await interaction.mayPush()) {
    return needsPerson("no_terminal", "this command runs in the background", account);
  }
  if (hasDisplay(environment)) return undefined;
  return needsPerson("no_display", "there is no display", account);
}

function noBrowser(searched: readonly string[]): SettingsError {
  const places = searched.slice(0, 12).map(showUntrusted).join(", ");
  return new SettingsError(`no browser found (searched: ${places})`, {
    code: "no_browser",
    hint: "install Chrome, Chromium, Edge or Brave, or set browser_path in [okta-aws] of the " +
      "settings (or OKTA_AWS_BROWSER_PATH)",
  });
}

/** The browser that the settings name, else the first of the usual places. */
export async function findAccountBrowser(
  { ports, settings: { program }, paths }: AppContext,
): Promise<FoundBrowser> {
  const { environment } = ports;
  const named = environment.get("OKTA_AWS_BROWSER_PATH") ??
    (program.browser_path && settingsFile(program.browser_path, paths, environment));
  const { browser, searched } = await (await ports.browsers()).find(named);
  if (browser === undefined) throw noBrowser(searched);
  return browser;
}

export async function openBrowserAccess(
  context: AppContext,
  { name }: Pick<OktaIdentity, "name">,
  settings: AccountSettings,
): Promise<BrowserAccess> {
  const { ports, paths, flags, settings: { program } } = context;
  const { get } = ports.environment;
  const profile = profileFolder(paths.cache, name);
  const cookies = await openProfileCookies(context, name);
  return {
    cookies,
    showsAlways: flags.showBrowser === true,
    fills: settings.browser_fill ?? true,
    find: () => findAccountBrowser(context),
    async launch({ path }, { pausesPosts = true, ...options }) {
      const args = program.browser_args ?? [];
      const pause = pausesPosts ? signInPostPatterns(get) : [];
      const browsers = await ports.browsers();
      return await browsers.launch({ path, args, profile, pause, ...options });
    },
    whyNoWindow: () => whyNoWindow(context, name),
    signInUrl: (action) => signInFormUrl(action, get),
    async forget(all) {
      const had = await cookies.remove();
      if (await ports.files.facts(profile) === undefined) return had;
      const browsers = await ports.browsers();
      const removed = all
        ? await browsers.removeProfile(profile)
        : await browsers.removeCookies(profile);
      return removed || had;
    },
  };
}
