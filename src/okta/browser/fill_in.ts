/** What is typed into the org's own pages: user name, password and one-time code, each once. @module */

import type { SignInAccount } from "../factors/factor_context.ts";
import {
  earlierOutcome,
  noteRejected,
  noteSending,
  type SendingNote,
  settlePassword,
} from "../factors/password.ts";
import { Secret } from "../../secret.ts";
import { codeToSend } from "../factors/totp.ts";
import type { DrivenBrowser, PageLook } from "../../ports.ts";
import type { OwnedOrigins } from "./org_origins.ts";
import {
  type ChoiceName,
  chooseScript,
  type FieldName,
  fillScript,
  type PageState,
} from "./page_script.ts";

const WORDS: Record<FieldName, string> = {
  username: "the user name",
  password: "the password",
  code: "the one-time code",
};

/** How a page took what was filled in. */
export type FillResult = "filled" | "nothing";

export interface FillOptions {
  account: SignInAccount;
  owned: OwnedOrigins;
  /** Tells each step. */
  step(line: string): Promise<void>;
}

/** Fills pages in during one sign-in. */
export class FillIn {
  readonly #options: FillOptions;
  /** What has been sent. */
  readonly #sent = new Set<FieldName>();
  readonly #chosen = new Set<ChoiceName>();
  /** What was chosen from the list that is still shown. */
  #choosing: ChoiceName | undefined;
  /** Whether Okta rejected the password in this sign-in. */
  passwordRejected = false;
  /** Whether the password was sent before, and nobody knows what came of it. */
  passwordUnknown = false;
  #passwordTaken = false;
  #note: SendingNote | undefined;
  /** Whether the page that has the password has sent something to the org since. */
  #wasPosted: () => Promise<boolean> = () => Promise.resolve(false);

  constructor(options: FillOptions) {
    this.#options = options;
  }

  /**
   * A new window starts over. The password may be filled in again if Okta has taken it, or never got
   * it: a captcha asks its question before the page sends anything.
   */
  async startOver(): Promise<void> {
    const again = this.#passwordTaken || !await this.#wasPosted();
    if (this.#passwordTaken) await this.#settle();
    else if (again) await this.#undo();
    for (const name of [...this.#sent]) {
      if (name !== "password" || again) this.#sent.delete(name);
    }
    this.#chosen.clear();
    this.#choosing = undefined;
  }

  /** Okta has let the person in. */
  async accepted(): Promise<void> {
    await this.#settle();
    // A person has typed the password: what became of it before no longer matters.
    if (this.passwordUnknown) await settlePassword(this.#options.account);
    this.passwordUnknown = false;
  }

  async #settle(): Promise<void> {
    await this.#note?.settle();
    this.#note = undefined;
  }

  async #undo(): Promise<void> {
    await this.#note?.undo();
    this.#note = undefined;
  }

  #countPosts(browser: DrivenBrowser): () => Promise<boolean> {
    const before = new Map(browser.posts);
    return async () => {
      for (const [origin, count] of browser.posts) {
        const isNew = count > (before.get(origin) ?? 0);
        if (isNew && await this.#options.owned.has(origin)) return true;
      }
      return false;
    };
  }

  /** Fills in what the page asks for, as far as it is stored. */
  async fill(browser: DrivenBrowser, look: PageLook, page: PageState): Promise<FillResult> {
    if (look.badCertificate || !await this.#options.owned.has(page.origin)) return "nothing";
    await this.#readVerdict(page);
    const choice = this.#nextChoice(page);
    if (page.fields.length === 0 && choice !== undefined && await this.#has(choice)) {
      return await this.#choose(browser, page, choice);
    }
    const values: Partial<Record<FieldName, string>> = {};
    for (const name of page.fields) {
      if (this.#sent.has(name)) continue;
      const value = await this.#valueOf(name);
      if (value !== undefined) values[name] = value;
    }
    const names = Object.keys(values) as FieldName[];
    // A user name without its password would only submit an incomplete form.
    const isWhole = page.fields.every((name) => name in values || name === "code");
    if (names.length === 0 || !isWhole) return "nothing";
    for (const name of names) this.#sent.add(name);
    if (values.password !== undefined) {
      this.#note = await noteSending(this.#options.account, new Secret(values.password));
      this.#wasPosted = this.#countPosts(browser);
    }
    const done = await browser.look(fillScript([page.origin], values));
    // No answer at all: the page may have sent it before it went away.
    if (done !== undefined && done.value !== true && values.password !== undefined) {
      await this.#undo();
    }
    if (done?.value !== true) return "nothing";
    await this.#options.step(`filled in ${names.map((name) => WORDS[name]).join(" and ")}`);
    return "filled";
  }

  /** None while the list that we chose from stays: a second choice would end the sign-in. */
  #nextChoice({ choices }: PageState): ChoiceName | undefined {
    if (this.#choosing !== undefined && choices.includes(this.#choosing)) return undefined;
    this.#choosing = undefined;
    return choices.find((one) => !this.#chosen.has(one));
  }

  async #choose(
    browser: DrivenBrowser,
    { origin }: PageState,
    choice: ChoiceName,
  ): Promise<FillResult> {
    const done = await browser.look(chooseScript([origin], choice));
    const isChosen = done?.value === true;
    // No answer at all: the page may have taken it before it went away.
    if (isChosen || done === undefined) {
      this.#chosen.add(choice);
      this.#choosing = choice;
    }
    return isChosen ? "filled" : "nothing";
  }

  /** A password that Okta rejected is never sent again. */
  async #readVerdict({ fields, error, forPerson }: PageState): Promise<void> {
    if (!this.#sent.has("password") || this.passwordRejected) return;
    if (!fields.includes("password")) {
      this.#passwordTaken = true;
      // An empty page may still be waiting for Okta's answer.
      if (forPerson && error.trim() === "") await this.#settle();
    } else if (error.trim() !== "" && !this.#passwordTaken) {
      this.passwordRejected = true;
      await noteRejected(this.#options.account);
      this.#note = undefined;
    }
  }

  async #has(name: ChoiceName): Promise<boolean> {
    if (this.#sent.has(name)) return false;
    const { id, password, totp, oneTimeCode } = await this.#options.account.secrets.read();
    if (name === "code") return (totp ?? oneTimeCode) !== undefined;
    if (password === undefined) return false;
    const outcome = await earlierOutcome(this.#options.account, id, password);
    if (outcome === "unknown") this.passwordUnknown = true;
    return outcome === undefined;
  }

  async #valueOf(name: FieldName): Promise<string | undefined> {
    const { account } = this.#options;
    if (name === "username") return account.username;
    if (!await this.#has(name)) return undefined;
    if (name === "password") return (await account.secrets.read()).password?.reveal();
    return (await codeToSend(account))?.reveal();
  }
}
