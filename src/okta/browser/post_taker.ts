/** The form with the assertion for AWS, which a page posts: checked, then kept from AWS. @module */

import { redirectPage } from "../../oauth/authorization_code.ts";
import type { PausedPost } from "../../ports.ts";
import { parseSamlResponse } from "../../saml/assertion.ts";
import type { ClassifiedPage, SamlForm } from "../../saml/html_page.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { SignInAccount } from "../factors/factor_context.ts";
import type { BrowserAccess } from "./browser_access.ts";
import { issuerChanged } from "./browser_errors.ts";
import { checkAddressee, foreignPost, readPostedForm } from "./check_post.ts";
import type { OwnedOrigins } from "./org_origins.ts";

export interface PostTakerOptions {
  account: SignInAccount & { browser: BrowserAccess };
  /** The app's URL. */
  target: string;
  owned: OwnedOrigins;
  /** Called when the org has let the person in. */
  accepted(): Promise<void>;
  /** Tells each step. */
  step(line: string): Promise<void>;
}

/** Takes the first assertion that one browser posts. */
export class PostTaker {
  /** Resolves with it; rejects if it is not for us. */
  readonly taken: Promise<ClassifiedPage>;
  readonly #options: PostTakerOptions;
  readonly #first = Promise.withResolvers<ClassifiedPage>();
  #checking = 0;

  constructor(options: PostTakerOptions) {
    this.#options = options;
    this.taken = this.#first.promise;
    this.taken.catch(() => {});
  }

  /** Whether a form waits for our answer. */
  get isChecking(): boolean {
    return this.#checking > 0;
  }

  async take(post: PausedPost): Promise<void> {
    this.#checking++;
    try {
      const page = await this.#take(post);
      if (page !== undefined) this.#first.resolve(page);
    } catch (error) {
      this.#first.reject(error);
    } finally {
      this.#checking--;
    }
  }

  /** @returns `undefined` for a form that has nothing to do with us; it is stopped. */
  async #take(post: PausedPost): Promise<ClassifiedPage | undefined> {
    const form = readPostedForm(post);
    if (form === undefined) {
      await post.answer(await stopped("This page sends nothing that okta-aws waits for."));
      return undefined;
    }
    try {
      const page = await this.#checked(post, form);
      await post.answer(await redirectPage({ ok: true, ...TAKEN }));
      await this.#options.step("took the assertion for AWS");
      return page;
    } catch (error) {
      const text = error instanceof Error ? error.message : "";
      await post.answer(await stopped(`${text}. You can close this window.`));
      throw error;
    }
  }

  async #checked(post: PausedPost, form: SamlForm): Promise<ClassifiedPage> {
    const { account, owned, accepted } = this.#options;
    const url = account.browser.signInUrl(post.url);
    if (url === undefined) throw foreignPost(post);
    if (post.origin === undefined || !await owned.has(post.origin)) throw foreignPost(post);
    // The org has let the person in, whatever the assertion is for.
    await accepted();
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
    const { account: { interaction, session: { state } }, target } = this.#options;
    const known = (await state.read()).issuers?.[target];
    if (known === issuer) return;
    if (known !== undefined) {
      const question = `The app's SAML issuer is now ${showUntrusted(issuer)}, not ` +
        `${showUntrusted(known)}. Trust it?`;
      if (!await interaction.canAsk()) throw issuerChanged(known, issuer);
      if (!await interaction.askConfirm(question, false)) throw issuerChanged(known, issuer);
    }
    await state.change(({ issuers }) => ({ issuers: { ...issuers, [target]: issuer } }));
  }
}

const IDENTITY_CENTER = /\/platform\/saml\/acs\//;

const TAKEN = {
  title: "You are signed in",
  text:
    "okta-aws has what it needs and continues in your terminal. This window closes automatically.",
};

function stopped(text: string): ReturnType<typeof redirectPage> {
  return redirectPage({ ok: false, title: "okta-aws stopped this request", text });
}
