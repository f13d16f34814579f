/**
 * A sign-in through the person's own browser: without a window while nobody is needed, then in one.
 *
 * @module
 */

import { InterruptedError } from "../../errors.ts";
import { redirectPage } from "../../oauth/authorization_code.ts";
import type { BrowserCookie, DrivenBrowser, FoundBrowser, PausedPost } from "../../ports.ts";
import { parseSamlResponse } from "../../saml/assertion.ts";
import { type ClassifiedPage, NOT_ASSIGNED, type SamlForm } from "../../saml/html_page.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { StoredCookie } from "../client/cookie_jar.ts";
import type { SignInAccount } from "../factors/factor_context.ts";
import { sentBefore } from "../factors/password.ts";
import { withSignInBackoff } from "../factors/sign_in_backoff.ts";
import type { BrowserAccess } from "./browser_access.ts";
import {
  browserEnded,
  issuerChanged,
  nobodyActed,
  notReachable,
  rejectedPassword,
} from "./browser_errors.ts";
import { checkAddressee, foreignPost, readPostedForm } from "./check_post.ts";
import { FillIn } from "./fill_in.ts";
import { LOOK, type PageState, parsePageState } from "./page_script.ts";
import { isRested } from "./rest.ts";

/** An account that signs in through the person's browser. */
export type BrowserAccount = SignInAccount & { browser: BrowserAccess };

export interface BrowserResult {
  page: ClassifiedPage;
  /** The org's cookies, for requests of our own. */
  cookies: StoredCookie[];
  /** Whether nothing was filled in and no window was shown. */
  unattended: boolean;
}

const LOOK_MILLISECONDS = 100;

/** A page that can't be loaded may still be on the way. */
const UNREACHABLE_MILLISECONDS = 2_000;

/** The last page is shown so long before its window closes. */
const FAREWELL_MILLISECONDS = 800;

/** Where Okta shows its home page. */
const HOME_PATH = /^\/(?:app\/UserHome|enduser(?:\/|$)|user\/|home(?:\/|$))/;

/** What ends a sign-in: an app's assertion, or Okta's home page. */
export type Goal = "assertion" | "session";

/**
 * Signs in, or uses the session of the browser's profile.
 *
 * @param target The app's URL, or the org's home page.
 * @throws {SettingsError} `no_browser`, `browser_failed`, `browser_policy`
 * @throws {InteractionError} If a person is needed, and no window may open.
 * @throws {InterruptedError} If the person closed the window.
 */
export function signInByBrowser(
  account: BrowserAccount,
  target: string,
  goal: Goal,
): Promise<BrowserResult> {
  return withSignInBackoff(
    account,
    () =>
      account.session.interruptible((signal) =>
        new BrowserSignIn(account, target, goal, signal).run()
      ),
  );
}

type Outcome =
  | { kind: "page"; page: ClassifiedPage }
  | { kind: "person" };

class BrowserSignIn {
  readonly #fill: FillIn;
  #cookies: BrowserCookie[] = [];
  #attended = false;

  constructor(
    readonly account: BrowserAccount,
    readonly target: string,
    readonly goal: Goal,
    readonly signal: AbortSignal,
  ) {
    const owns = (origin: string) => this.#owns(origin);
    this.#fill = new FillIn({ account, owns, step: (line) => this.#step(line) });
  }

  async run(): Promise<BrowserResult> {
    const { browser: access, secrets, org } = this.account;
    const found = await access.find();
    if (access.showsAlways) await this.#requireWindow();
    const sessionKey = await secrets.sessionKey();
    if (sessionKey !== undefined) this.#cookies = await access.cookies.read(sessionKey);
    let outcome = await this.#attempt(found, access.showsAlways);
    if (outcome.kind === "person") {
      await this.#requireWindow();
      await this.account.interaction.say(this.#fill.passwordUnknown ? TYPE_IT : CONTINUE);
      this.#attended = true;
      await this.#fill.startOver();
      outcome = await this.#attempt(found, true);
    }
    if (outcome.kind !== "page") throw new InterruptedError();
    if (sessionKey !== undefined) {
      const lost = this.#cookies.filter(({ expires }) => expires === undefined);
      await access.cookies.write(sessionKey, lost);
    }
    const cookies = orgCookies(this.#cookies, org);
    return { page: outcome.page, cookies, unattended: !this.#attended };
  }

  async #requireWindow(): Promise<void> {
    const why = await this.account.browser.whyNoWindow();
    if (why === undefined) return;
    if (this.#fill.passwordRejected) throw rejectedPassword(this.account);
    throw this.#fill.passwordUnknown ? sentBefore(this.account) : why;
  }

  /** What is shown on stderr with `--show-browser`. */
  async #step(line: string): Promise<void> {
    this.#attended = true;
    if (this.account.browser.showsAlways) await this.account.interaction.say(line);
  }

  async #owns(origin: string): Promise<boolean> {
    const url = URL.parse(origin);
    return url !== null && await this.account.session.client.owns(url);
  }

  /** One run of the browser. */
  async #attempt(found: FoundBrowser, visible: boolean): Promise<Outcome> {
    const { browser: access, session: { client: { clock } } } = this.account;
    const posted = Promise.withResolvers<Outcome>();
    posted.promise.catch(() => {});
    const browser = await access.launch(found, {
      visible,
      onPost: (post) =>
        void this.#take(post).then((outcome) => {
          if (outcome !== undefined) posted.resolve(outcome);
        }, posted.reject),
    });
    if (visible) await this.#step(`opened ${found.name} (${browser.product})`);
    const over = new AbortController();
    const close = () => void browser.close();
    this.signal.addEventListener("abort", close);
    try {
      this.signal.throwIfAborted();
      await browser.setCookies(this.#cookies);
      await browser.open(this.target);
      const stop = AbortSignal.any([this.signal, over.signal]);
      const outcome = await Promise.race([
        posted.promise,
        browser.ended.then((end) => Promise.reject(browserEnded(end, visible, found))),
        this.#watch(browser, visible, stop),
      ]);
      this.#cookies = await browser.cookies();
      if (visible && outcome.kind === "page") await clock.sleep(FAREWELL_MILLISECONDS);
      return outcome;
    } finally {
      over.abort();
      this.signal.removeEventListener("abort", close);
      await browser.close();
    }
  }

  /** @returns `undefined` for a form that has nothing to do with us; it is stopped. */
  async #take(post: PausedPost): Promise<Outcome | undefined> {
    const form = readPostedForm(post);
    if (form === undefined) {
      await post.answer(await stopped("This page sends nothing that okta-aws waits for."));
      return undefined;
    }
    try {
      const page = await this.#checked(post, form);
      await post.answer(await redirectPage({ ok: true, ...TAKEN }));
      await this.#step("took the assertion for AWS");
      return { kind: "page", page };
    } catch (error) {
      const text = error instanceof Error ? error.message : "";
      await post.answer(await stopped(`${text}. You can close this window.`));
      throw error;
    }
  }

  async #checked(post: PausedPost, form: SamlForm): Promise<ClassifiedPage> {
    const url = this.account.browser.signInUrl(post.url);
    if (url === undefined) throw foreignPost(post);
    if (post.origin === undefined || !await this.#owns(post.origin)) throw foreignPost(post);
    // The org has let the person in, whatever the assertion is for.
    await this.#fill.accepted();
    if (IDENTITY_CENTER.test(url.pathname)) {
      return { kind: "identity_center", action: showUntrusted(post.url) };
    }
    const assertion = parseSamlResponse(form.samlResponse);
    checkAddressee(assertion, new URL(post.url));
    if (assertion.issuer !== undefined) await this.#checkIssuer(assertion.issuer);
    return { kind: "saml_response", form };
  }

  /** An app's issuer doesn't change: another one may be another org's app. */
  async #checkIssuer(issuer: string): Promise<void> {
    const { interaction, session: { state } } = this.account;
    const known = (await state.read()).issuers?.[this.target];
    if (known === issuer) return;
    if (known !== undefined) {
      const question = `The app's SAML issuer is now ${showUntrusted(issuer)}, not ` +
        `${showUntrusted(known)}. Trust it?`;
      if (!await interaction.canAsk()) throw issuerChanged(known, issuer);
      if (!await interaction.askConfirm(question, false)) throw issuerChanged(known, issuer);
    }
    await state.change(({ issuers }) => ({ issuers: { ...issuers, [this.target]: issuer } }));
  }

  /** Fills pages in until one waits for a person, or nobody comes. */
  async #watch(browser: DrivenBrowser, visible: boolean, stop: AbortSignal): Promise<Outcome> {
    const { clock } = this.account.session.client;
    const began = clock.now();
    let since = began;
    let seen = "";
    for (;;) {
      await clock.sleep(LOOK_MILLISECONDS, stop);
      const look = await browser.look(LOOK);
      const now = clock.now();
      const page = look && parsePageState(look.value);
      const unreachable = look?.url.startsWith("chrome-error:") === true;
      const signature = unreachable ? look.url : page?.signature ?? seen;
      if (signature !== seen) since = now;
      seen = signature;
      if (unreachable && !visible) {
        if (now - since > UNREACHABLE_MILLISECONDS) throw notReachable(this.target);
        continue;
      }
      if (page?.ready) {
        const arrived = await this.#arrived(page);
        if (arrived !== undefined) return arrived;
        const fills = this.account.browser.fills;
        if (fills && await this.#fill.fill(browser, look!, page) === "filled") {
          since = clock.now();
          continue;
        }
      }
      if (!isRested(page, { now, began, since }, visible)) continue;
      if (visible) throw nobodyActed(this.account.name);
      return { kind: "person" };
    }
  }

  async #arrived({ origin, path, text, fields }: PageState): Promise<Outcome | undefined> {
    if (fields.length > 0) return undefined;
    if (NOT_ASSIGNED.test(text) && await this.#owns(origin)) {
      return { kind: "page", page: { kind: "not_assigned", message: showUntrusted(text) } };
    }
    if (this.goal !== "session" || !HOME_PATH.test(path) || !await this.#owns(origin)) {
      return undefined;
    }
    return { kind: "page", page: { kind: "unknown", title: "" } };
  }
}

const CONTINUE = "this sign-in needs you: continue in the browser window";

const TYPE_IT =
  "the stored password was sent before, but Okta's answer did not arrive: type it in " +
  "the browser window";

const IDENTITY_CENTER = /\/platform\/saml\/acs\//;

const TAKEN = {
  title: "You are signed in",
  text:
    "okta-aws has what it needs and continues in your terminal. This window closes automatically.",
};

function stopped(text: string): ReturnType<typeof redirectPage> {
  return redirectPage({ ok: false, title: "okta-aws stopped this request", text });
}

/** The cookies that the browser would send to the org. */
export function orgCookies(cookies: readonly BrowserCookie[], org: string): StoredCookie[] {
  const { host, hostname } = new URL(org);
  const isOrgs = ({ domain }: BrowserCookie) =>
    domain === hostname || (domain.startsWith(".") && `.${hostname}`.endsWith(domain));
  return cookies.filter(isOrgs).map(({ name, value, path, expires }) => ({
    host,
    name,
    value,
    path,
    ...(expires !== undefined && { expires: expires * 1000 }),
  }));
}
