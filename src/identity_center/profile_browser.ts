/**
 * The sign-in page of IAM Identity Center in the browser profile of an account with `auth = browser`:
 * without a window while the profile's Okta session lives.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { type BrowserAccess, openBrowserAccess } from "../okta/browser/browser_access.ts";
import { browserEnded, nobodyActed } from "../okta/browser/browser_errors.ts";
import { LOOK, type PageState, parsePageState } from "../okta/browser/page_script.ts";
import { isRested } from "../okta/browser/rest.ts";
import type { BrowserCookie, DrivenBrowser, FoundBrowser } from "../ports.ts";
import type { Secret } from "../secret.ts";
import { isPortalPage } from "./portal_page.ts";
import { portalSealKey } from "./portal_seal_key.ts";
import type { SsoAccess } from "./sso_access.ts";

const LOOK_MILLISECONDS = 100;

/** Presses AWS's button, if the page is AWS's and shows it. Returns whether it is there. */
function allowScript(press: boolean): string {
  return `((press) => {
const button = [...document.querySelectorAll("button, input[type=submit]")].find((one) =>
  one.getClientRects().length > 0 && !one.disabled &&
  /^\\s*allow( access)?\\s*$/i.test(one.innerText || one.value || ""));
if (press) button?.click();
return button !== undefined;
})(${press})`;
}

/** A browser that opens one page; `close` ends it. */
export interface ProfileBrowser {
  /** Opens the page and stays there. Only ever rejects. */
  open(url: string, signal: AbortSignal): Promise<never>;
  /** Keeps the session. `arrived`: the sign-in worked. */
  close(arrived: boolean): Promise<void>;
}

/** Whether an account of IAM Identity Center signs in through the profile. */
export function usesProfile({ settings }: Pick<AppContext, "settings">, name: string): boolean {
  return settings.accounts.get(name)?.auth === "browser";
}

/** @throws {SettingsError} `no_browser` */
export async function openProfileBrowser(
  context: AppContext,
  access: SsoAccess,
): Promise<ProfileBrowser> {
  const browser = await openBrowserAccess(context, access, {});
  const found = await browser.find();
  const key = await portalSealKey(context, access.name);
  return new PortalBrowser(context, { access, browser, found, key });
}

interface Parts {
  access: SsoAccess;
  browser: BrowserAccess;
  found: FoundBrowser;
  /** Encrypts the session cookies. */
  key: Secret | undefined;
}

class PortalBrowser implements ProfileBrowser {
  readonly #context: AppContext;
  readonly #parts: Parts;
  #running: DrivenBrowser | undefined;
  #cookies: BrowserCookie[] = [];
  #visible = false;

  constructor(context: AppContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  async open(url: string, signal: AbortSignal): Promise<never> {
    const { browser, key } = this.#parts;
    if (key !== undefined) this.#cookies = await browser.cookies.read(key);
    if (!browser.showsAlways) {
      await this.#run(url, signal);
      this.#cookies = await this.#running!.cookies();
      await this.#running!.close();
    }
    const why = await browser.whyNoWindow();
    if (why !== undefined) throw why;
    this.#visible = true;
    await this.#context.interaction.say(
      "this sign-in needs you: continue in the browser window. Confirm AWS's question there; " +
        "later sign-ins of this account confirm it for you",
    );
    await this.#run(url, signal);
    throw nobodyActed(this.#parts.access.name);
  }

  /** Returns when the page waits for a person; in a window, when nobody comes. */
  async #run(url: string, signal: AbortSignal): Promise<void> {
    const { browser, found } = this.#parts;
    const visible = this.#visible;
    const options = { visible, onPost: () => {}, pausesPosts: false, signal };
    const running = await browser.launch(found, options);
    this.#running = running;
    const ended = running.ended.then((end) => {
      throw browserEnded(end, visible, found);
    });
    await running.setCookies(this.#cookies);
    running.open(url);
    await Promise.race([this.#watch(running, signal), ended]);
  }

  async #watch(running: DrivenBrowser, signal: AbortSignal): Promise<void> {
    const { clock } = this.#context.ports;
    const { state } = this.#parts.access;
    const began = clock.now();
    let since = began;
    let seen = "";
    for (;;) {
      await clock.sleep(LOOK_MILLISECONDS, signal);
      const look = await running.look(LOOK);
      const page = look && parsePageState(look.value);
      const now = clock.now();
      if (page !== undefined && page.signature !== seen) [seen, since] = [page.signature, now];
      const asks = page !== undefined && !look!.badCertificate && this.#isAws(page) &&
        (await running.look(allowScript(false)))?.value === true;
      if (asks && (await state.read()).portalAllowed && !this.#visible) {
        await running.look(allowScript(true));
        continue;
      }
      const times = { now, began, since, isLoading: running.isLoading };
      if (isRested(page, times, this.#visible)) return;
    }
  }

  #isAws({ origin }: PageState): boolean {
    if (!URL.canParse(origin)) return false;
    const { session, endpoints: { oidc } } = this.#parts.access;
    return isPortalPage(new URL(origin), session.startUrl) ||
      (oidc.custom && origin === new URL(oidc.url).origin);
  }

  async close(arrived: boolean): Promise<void> {
    const { browser, access, key } = this.#parts;
    const running = this.#running;
    if (running === undefined) return;
    try {
      if (!arrived) return;
      const cookies = (await running.cookies()).filter(({ expires }) => expires === undefined);
      if (key !== undefined) await browser.cookies.write(key, cookies);
      if (this.#visible) await access.state.change({ portalAllowed: true });
    } finally {
      await running.close();
    }
  }
}
