/**
 * What `init` asks at a terminal.
 *
 * @module
 */

import { isPortalAddress } from "../../identity_center/sso_session.ts";
import { InteractionError, SettingsError } from "../../errors.ts";
import type { AppContext } from "../../app/context.ts";
import { parseSignInAddress, type SignInAddress } from "../../settings/sign_in_address.ts";
import type { Terminal } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { formatTotpUri, parseTotpSecret } from "../../totp/otpauth_uri.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Flags } from "../flags.ts";

/** What somebody has given. */
export interface GivenSecrets {
  /** The password. */
  password: Secret | undefined;
  /** The TOTP secret as an `otpauth://` URI. */
  totp: Secret | undefined;
}

/** Where an account signs in: at Okta, or at an access portal, as far as that was given. */
export type SignInPlace = SignInAddress | { portal: string | undefined };

/**
 * Reads what a person pastes when asked where they sign in.
 *
 * @param text An AWS app's link, an Okta org, or the access portal of IAM Identity Center.
 * @returns Where that is.
 * @throws {SettingsError} `bad_sso_url`
 */
export function readSignInPlace(text: string): SignInPlace {
  return isPortalAddress(text) ? { portal: text } : parseSignInAddress(text);
}

/** Asks. */
export interface Asker {
  /** Asks for a line; an empty one is `initial`. Without a terminal `flag` is named. */
  text(question: string, flag: string, initial: string | undefined): Promise<string>;
  /** Asks for the AWS app's link, the org or the portal; an empty answer is `initial`. */
  address(initial: string | undefined): Promise<SignInPlace>;
  /** Asks for a password once more, after saying why. */
  password(username: string, why: string): Promise<Secret>;
  /** Asks for password and, where `asksTotp`, TOTP secret; `isKnown`: both may stay as stored. */
  secrets(username: string, isKnown: boolean, asksTotp: boolean): Promise<GivenSecrets>;
  /** Asks what to set up at the end. */
  choose(): Promise<NonNullable<Flags["profiles"]>>;
}

/**
 * The questions of one run.
 *
 * @returns The asker; it rejects with an `InteractionError` `no_terminal`.
 */
export function openAsker(context: AppContext): Asker {
  const terminal = async (flag: string): Promise<Terminal> => {
    if (await context.interaction.canAsk()) return await context.ports.terminal();
    throw new InteractionError("init has to ask and nobody can answer", {
      code: "no_terminal",
      hint: `give ${flag}, or run it in a terminal`,
    });
  };
  return {
    async text(question, flag, initial) {
      const there = await terminal(flag);
      for (;;) {
        const given = await there.askText(initial ? { question, initial } : { question });
        if (given.trim() !== "") return given.trim();
      }
    },
    address: (initial) =>
      tryAgain(async () => {
        const there = await terminal("--sso-url");
        const question = "AWS app link or Okta org";
        const typed = await there.askText(initial ? { question, initial } : { question });
        return readSignInPlace(typed);
      }, async (error) => (await terminal("--sso-url")).write(`${error.message}\n`)),
    async password(username, why) {
      const there = await terminal("--secrets-stdin");
      there.write(`${why}\n`);
      return await there.askSecret({ question: `Okta password of ${showUntrusted(username)}` });
    },
    async secrets(username, isKnown, asksTotp) {
      const there = await terminal("--secrets-stdin");
      const keep = isKnown ? "empty: as stored" : "empty: ask at each sign-in";
      const who = showUntrusted(username);
      const password = await there.askSecret({ question: `Okta password of ${who} (${keep})` });
      const totp = asksTotp
        ? await askTotp(there, isKnown ? "empty: as stored" : "empty: none")
        : undefined;
      return { password: secretOf(password.reveal()), totp };
    },
    async choose() {
      if (!await context.interaction.canAsk()) return "none";
      const there = await context.ports.terminal();
      const question = "Let AWS tools get fresh credentials by themselves (credential_process)";
      return await there.askConfirm({ question, initial: true }) ? "process" : "none";
    },
  };
}

/** How often a question is put whose answer can't be right. */
export const TRIES = 3;

/** A typing mistake is worth a second try. */
async function tryAgain<T>(
  ask: () => Promise<T>,
  say: (error: SettingsError) => Promise<void> | void,
): Promise<T> {
  for (let tries = TRIES;; tries--) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 1 || !(error instanceof SettingsError)) throw error;
      await say(error);
    }
  }
}

function askTotp(terminal: Terminal, empty: string): Promise<Secret | undefined> {
  const question = `TOTP secret or otpauth:// URI (${empty})`;
  return tryAgain(async () => {
    const typed = await terminal.askSecret({ question });
    return totpOf(typed.reveal().trim());
  }, ({ message }) => terminal.write(`${message}\n`));
}

/**
 * Text as a secret.
 *
 * @param text The text.
 * @returns The secret, or `undefined` where it is empty.
 */
export function secretOf(text: string | undefined): Secret | undefined {
  return text ? new Secret(text) : undefined;
}

/**
 * A TOTP secret as it is stored.
 *
 * @param text Base32 or an `otpauth://` URI.
 * @returns The URI, or `undefined` where the text is empty.
 * @throws {SettingsError} `bad_totp_secret`
 */
export function totpOf(text: string | undefined): Secret | undefined {
  return text ? formatTotpUri(parseTotpSecret(text)) : undefined;
}
