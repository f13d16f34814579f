/** What `init` asks in a terminal, and reads with `--secrets-stdin`. @module */

import { InteractionError, SettingsError, UsageError } from "../../errors.ts";
import type { AppContext } from "../../app/context.ts";
import type { Interaction } from "../../app/interaction.ts";
import { parseSignInAddress, type SignInAddress } from "../../settings/sign_in_address.ts";
import type { Terminal } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import type { TotpPicture } from "../../secrets/read_totp_picture.ts";
import { formatTotpUri, parseTotpSecret } from "../../totp/otpauth_uri.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { AccountSettings } from "../../settings/settings.ts";
import type { TakenSettings } from "../../settings/team/take_team_settings.ts";
import type { Flags } from "../flags.ts";
import type { Invocation } from "../invocation.ts";
import { looksLikeRegion } from "../../aws/arn.ts";
import { isPortalAddress } from "../../aws/start_url.ts";

export interface GivenSecrets {
  password: Secret | undefined;
  /** An `otpauth://` URI. */
  totp: Secret | undefined;
}

/** An Okta org and app, or an Identity Center portal, whose URL may be unknown yet. */
export type SignInPlace = SignInAddress | { portal: string | undefined };

/**
 * Parses an AWS app link, an Okta org, or the URL of an Identity Center portal.
 *
 * @throws {SettingsError} `bad_sso_url`
 */
export function readSignInPlace(text: string): SignInPlace {
  return isPortalAddress(text) ? { portal: text } : parseSignInAddress(text);
}

/** Which secrets an empty answer keeps. */
export interface KeptSecrets {
  password: boolean;
  totp: boolean;
}

export const NOTHING_KEPT: KeptSecrets = { password: false, totp: false };

/** The prompts of one run. All reject with an `InteractionError` `no_terminal`. */
export interface Asker {
  /** An empty answer means `initial`; the error without a terminal names `flag`. */
  text(question: string, flag: string, initial: string | undefined): Promise<string>;
  /** An empty answer means `initial`. */
  address(initial: string | undefined): Promise<SignInPlace>;
  /** Who signs in at `org`; an empty answer means `initial`. */
  username(org: string, initial: string | undefined): Promise<string>;
  secrets(username: string, kept: KeptSecrets, asksTotp: boolean): Promise<GivenSecrets>;
  /** Says why something is asked again. */
  tell(why: string): Promise<void>;
  /** An empty answer means the same name. */
  usernameAgain(username: string): Promise<string>;
  /** `mayKeep`: an empty answer means the password that was typed. */
  passwordAgain(username: string, mayKeep: boolean): Promise<Secret | undefined>;
  totpAgain(): Promise<Secret | undefined>;
  /** The AWS region of the profiles; an empty answer means `initial`. */
  region(initial: string): Promise<string>;
  /** What to set up at the end; `none` without a terminal. */
  choose(): Promise<NonNullable<Flags["profiles"]>>;
}

/**
 * @param steps How many numbered questions there will be; none for a question outside `init`.
 */
export function openAsker(context: AppContext, steps: number = 0): Asker {
  const next = numberedSteps(context.interaction, steps);
  const terminal = async (flag: string): Promise<Terminal> => {
    if (await context.interaction.canAsk()) return await context.ports.terminal();
    throw new InteractionError("init needs a terminal", {
      code: "no_terminal",
      hint: `pass ${flag}, or run it in a terminal`,
    });
  };
  const text: Asker["text"] = async (question, flag, initial) => {
    const prompt = await terminal(flag);
    for (;;) {
      const given = await prompt.askText(initial ? { question, initial } : { question });
      if (given.trim() !== "") return given.trim();
    }
  };
  return {
    text,
    async address(initial) {
      const prompt = await terminal("--sso-url");
      const question = next(prompt, APP_LINK_HELP) + "AWS app link or Okta org";
      return await tryAgain(async () => {
        const typed = await prompt.askText(initial ? { question, initial } : { question });
        if (typed.trim() !== "") return readSignInPlace(typed);
        throw new SettingsError("enter a link, or the address of your Okta org", {
          code: "bad_sso_url",
        });
      }, (error) => prompt.write(`${error.message}\n`));
    },
    async username(org, initial) {
      const prompt = await terminal("--username");
      const help = `What you sign in to ${new URL(org).host} as, such as jane@example.com.`;
      return await text(`${next(prompt, help)}Okta user name`, "--username", initial);
    },
    async secrets(username, kept, asksTotp) {
      const prompt = await terminal("--secrets-stdin");
      const keep = kept.password ? "empty: keep stored" : "empty: ask at each sign-in";
      const question = `Okta password of ${showUntrusted(username)} (${keep})`;
      const password = secretOf(
        (await prompt.askSecret({ question: next(prompt, PASSWORD_HELP) + question })).reveal(),
      );
      if (!asksTotp) return { password, totp: undefined };
      const empty = kept.totp ? "empty: keep stored" : "empty: none";
      return { password, totp: await askTotp(prompt, empty, next(prompt, TOTP_HELP)) };
    },
    tell: async (why) => (await terminal("--secrets-stdin")).write(`${why}\n`),
    usernameAgain: (username) => text("Okta user name", "--username", username),
    async passwordAgain(username, mayKeep) {
      const prompt = await terminal("--secrets-stdin");
      const keep = mayKeep ? " (empty: the one you typed)" : "";
      const question = `Okta password of ${showUntrusted(username)}${keep}`;
      for (;;) {
        const typed = await prompt.askSecret({ question });
        if (mayKeep || typed.reveal() !== "") return secretOf(typed.reveal());
      }
    },
    totpAgain: async () => await askTotp(await terminal("--secrets-stdin"), "empty: none"),
    region: (initial) =>
      tryAgain(async () => {
        const prompt = await terminal("--region");
        const typed = (await prompt.askText({ question: "AWS region", initial })).trim();
        if (looksLikeRegion(typed)) return typed;
        throw new SettingsError(`not a region: ${showUntrusted(typed)} (such as eu-west-1)`, {
          code: "bad_region",
        });
      }, async (error) => (await terminal("--region")).write(`${error.message}\n`)),
    async choose() {
      if (!await context.interaction.canAsk()) return "none";
      const prompt = await context.ports.terminal();
      const question = "Let AWS tools call okta-aws automatically (credential_process)?";
      return await prompt.askConfirm({ question, initial: true }) ? "process" : "none";
    },
  };
}

/** What every `init` starts from. */
export interface InitStart {
  invocation: Invocation;
  context: AppContext;
  asker: Asker;
  /** The account's name. */
  name: string;
  /** The account's settings without the team's. */
  before: AccountSettings;
  /** The account's settings, the team's included. */
  existing: AccountSettings;
  /** From `--from`. */
  team: TakenSettings | undefined;
  /** From `--qr`. */
  picture: TotpPicture | undefined;
}

/** The error for a second source of the TOTP secret. */
export function twoSources(second: string): UsageError {
  return new UsageError(`${second} gives a second TOTP secret, but only one can be stored`, {
    code: "conflicting_flags",
    hint: "remove one of them",
  });
}

// A question's own words stand in its prompt alone: scripts that type wait for them.
const APP_LINK_HELP =
  "On your Okta home page, right-click the AWS tile and copy its link, such as\n" +
  "https://acme.okta.com/home/amazon_aws/0oa…/272; https://acme.okta.com works too.";
const PASSWORD_HELP = "Kept in your secret store, and nowhere else.";
const TOTP_HELP = "Optional, for okta-aws to compute your codes: the text behind the QR code of\n" +
  'Google Authenticator ("Can\'t scan?"), such as GEZD GNBV GY3T QOJQ.';

/** Numbers the questions, each below a line or two of help. */
function numberedSteps(
  { color }: Interaction,
  steps: number,
): (terminal: Terminal, help: string) => string {
  let step = 0;
  return (terminal, help) => {
    step += 1;
    if (steps === 0) return "";
    const faint = color ? `\x1b[2m${help}\x1b[22m` : help;
    const heading = step === 1 ? "okta-aws setup (Ctrl-C leaves everything as it is)\n" : "";
    terminal.write(`${heading}\n${faint}\n`);
    return `${step}/${Math.max(step, steps)} `;
  };
}

/** How often Okta may refuse: an account locks after five by default. */
export const TRIES = 3;

/** Asks again after an invalid answer, as often as it takes: nothing has been sent. */
async function tryAgain<T>(
  ask: () => Promise<T>,
  report: (error: SettingsError) => Promise<void> | void,
): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      await report(error);
    }
  }
}

function askTotp(
  terminal: Terminal,
  empty: string,
  number: string = "",
): Promise<Secret | undefined> {
  const question = `${number}TOTP secret or otpauth:// URI (${empty})`;
  return tryAgain(async () => {
    const typed = await terminal.askSecret({ question });
    return totpOf(typed.reveal().trim());
  }, ({ message }) => terminal.write(`${message}\n`));
}

/** `undefined` for empty text. */
function secretOf(text: string | undefined): Secret | undefined {
  return text ? new Secret(text) : undefined;
}

/**
 * A TOTP secret as an `otpauth://` URI, as it is stored; `undefined` for empty text.
 *
 * @param text Base32 or an `otpauth://` URI.
 * @throws {SettingsError} `bad_totp_secret`
 */
export function totpOf(text: string | undefined): Secret | undefined {
  return text ? formatTotpUri(parseTotpSecret(text)) : undefined;
}

/**
 * Parses the input of `--secrets-stdin`; the messages of its errors hold no part of it.
 *
 * @param input `{"password": "…", "totp": "otpauth://… or base32"}`, each key optional.
 * @throws {UsageError} `bad_secrets_input`
 */
export function parseSecretsInput(input: Secret): GivenSecrets {
  let document: unknown;
  try {
    document = JSON.parse(input.reveal());
  } catch {
    throw badInput("is not JSON");
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw badInput("is not a JSON object");
  }
  const unknown = Object.keys(document).find((key) => key !== "password" && key !== "totp");
  if (unknown !== undefined) throw badInput("has a key other than password and totp");
  const { password, totp } = document as Record<string, unknown>;
  for (const value of [password, totp]) {
    if (value !== undefined && typeof value !== "string") {
      throw badInput("has a value that is not a string");
    }
  }
  return { password: secretOf(password as string), totp: totpOf(totp as string) };
}

function badInput(what: string): UsageError {
  return new UsageError(`standard input ${what}`, {
    code: "bad_secrets_input",
    hint: 'pass {"password": "…", "totp": "otpauth://… or base32"}',
  });
}
