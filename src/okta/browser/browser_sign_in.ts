/**
 * A sign-in through the person's own browser: without a window while nobody is needed, then in one.
 *
 * @module
 */

import { InterruptedError } from "../../errors.ts";
import type { BrowserCookie, DrivenBrowser, FoundBrowser } from "../../ports.ts";
import { type ClassifiedPage, NOT_ASSIGNED } from "../../saml/html_page.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { StoredCookie } from "../client/cookie_jar.ts";
import type { SignInAccount } from "../factors/factor_context.ts";
import { sentBefore } from "../factors/password.ts";
import { withSignInBackoff } from "../factors/sign_in_backoff.ts";
import type { BrowserAccess } from "./browser_access.ts";
import { browserEnded, nobodyActed, notReachable, rejectedPassword } from "./browser_errors.ts";
import { FillIn } from "./fill_in.ts";
import { orgCookies, OwnedOrigins } from "./org_origins.ts";
import { LOOK, type PageState, parsePageState } from "./page_script.ts";
import { PostTaker } from "./post_taker.ts";
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

/** A running browser of a sign-in. */
interface Attempt {
  browser: DrivenBrowser;
  visible: boolean;
  posts: PostTaker;
}

class BrowserSignIn {
  readonly #fill: FillIn;
  readonly #owned = new OwnedOrigins((url) => this.account.session.client.owns(url));
  #cookies: BrowserCookie[] = [];
  #attended = false;

  constructor(
    readonly account: BrowserAccount,
    readonly target: string,
    readonly goal: Goal,
    readonly signal: AbortSignal,
  ) {
    const step = async (line: string) => {
      this.#attended = true;
      await this.#step(line);
    };
    this.#fill = new FillIn({ account, owned: this.#owned, step });
  }

  async run(): Promise<BrowserResult> {
    const { browser: access, secrets, org } = this.account;
    const found = await access.find();
    if (access.showsAlways) await this.#requireWindow();
    const sessionKey = await secrets.sessionKey();
    if (sessionKey !== undefined) this.#cookies = await access.cookies.read(sessionKey);
    let outcome = await this.#attempt(found, access.showsAlways);
    if (outcome.kind === "person") {
      await this.#fill.startOver();
      await this.#requireWindow();
      await this.account.interaction.say(this.#fill.passwordUnknown ? TYPE_IT : CONTINUE);
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
    if (this.account.browser.showsAlways) await this.account.interaction.say(line);
  }

  /** One run of the browser. */
  async #attempt(found: FoundBrowser, visible: boolean): Promise<Outcome> {
    const { browser: access, session: { client: { clock } } } = this.account;
    const posts = new PostTaker({
      account: this.account,
      target: this.target,
      owned: this.#owned,
      accepted: () => this.#fill.accepted(),
      step: (line) => this.#step(line),
    });
    const browser = await access.launch(found, {
      visible,
      onPost: (post) => void posts.take(post),
      // Okta Verify answers on this computer.
      reachesLoopback: [this.account.org],
      signal: this.signal,
    });
    if (visible) {
      this.#attended = true;
      await this.#step(`opened ${found.name} (${browser.product})`);
    }
    const over = new AbortController();
    const close = () => void browser.close();
    this.signal.addEventListener("abort", close);
    try {
      this.signal.throwIfAborted();
      await browser.setCookies(this.#cookies);
      browser.open(this.target);
      const stop = AbortSignal.any([this.signal, over.signal]);
      const outcome = await Promise.race([
        posts.taken.then((page): Outcome => ({ kind: "page", page })),
        browser.ended.then((end) => Promise.reject(browserEnded(end, visible, found))),
        this.#watch({ browser, visible, posts }, stop),
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

  /** Fills pages in until one waits for a person, or nobody comes. */
  async #watch({ browser, visible, posts }: Attempt, stop: AbortSignal): Promise<Outcome> {
    const { clock } = this.account.session.client;
    const began = clock.now();
    let since = began;
    let seen = "";
    for (;;) {
      await clock.sleep(LOOK_MILLISECONDS, stop);
      const look = await browser.look(LOOK);
      const now = clock.now();
      // The page rests while its form is checked, which may need an answer at the terminal.
      if (posts.isChecking) since = now;
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
      const isRefused = this.#fill.passwordRejected && !visible;
      if (
        !isRefused && !isRested(page, { now, began, since, isLoading: browser.isLoading }, visible)
      ) continue;
      if (visible) throw nobodyActed(this.account.name);
      return { kind: "person" };
    }
  }

  async #arrived({ origin, path, text, fields }: PageState): Promise<Outcome | undefined> {
    if (fields.length > 0) return undefined;
    if (NOT_ASSIGNED.test(text) && await this.#owned.has(origin)) {
      return { kind: "page", page: { kind: "not_assigned", message: showUntrusted(text) } };
    }
    if (this.goal !== "session" || !HOME_PATH.test(path) || !await this.#owned.has(origin)) {
      return undefined;
    }
    return { kind: "page", page: { kind: "unknown", title: "" } };
  }
}

const CONTINUE = "this sign-in needs you: continue in the browser window";

const TYPE_IT =
  "the stored password was sent before, but Okta's answer did not arrive: type it in " +
  "the browser window";
