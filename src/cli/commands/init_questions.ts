/** What `init` asks in a terminal. @module */

import { InteractionError, SettingsError, UsageError } from "../../errors.ts";
import type { AppContext } from "../../app/context.ts";
import type { Interaction } from "../../app/interaction.ts";
import { parseSignInAddress, type SignInAddress } from "../../settings/sign_in_address.ts";
import type { AskOptions, Choice, Terminal } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import type { TotpPicture } from "../../secrets/read_totp_picture.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { AccountSettings } from "../../settings/settings.ts";
import type { TakenSettings } from "../../settings/team/take_team_settings.ts";
import type { Flags } from "../flags.ts";
import { secretOf, typedTotp } from "./init_secrets.ts";
import type { Invocation } from "../invocation.ts";
import { isRegion } from "../../aws/arn.ts";
import { isPortalAddress } from "../../aws/start_url.ts";

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

/** What an empty answer means: what is stored, what was typed before, or nothing. */
export type KeptSecret = "stored" | "typed" | undefined;

/** The questions of `init`, in their order. */
export type StepName =
  | "address"
  | "username"
  | "password"
  | "totp"
  | "ssoRegion"
  | "region"
  | "profiles";

/** The prompts of one run. All reject with an `InteractionError` `no_terminal`, and `step_back`. */
export interface Asker {
  /** The numbered steps; none for questions outside `init`. */
  steps: readonly StepName[];
  /** Whether Esc goes back from the next questions. */
  canGoBack: boolean;
  /** An empty answer means `initial`. */
  address(initial: string | undefined): Promise<SignInPlace>;
  /** Who signs in at `org`; an empty answer means `initial`. */
  username(org: string, initial: string | undefined): Promise<string>;
  password(username: string, kept: KeptSecret): Promise<Secret | undefined>;
  totp(kept: KeptSecret): Promise<Secret | undefined>;
  /** Says why something is asked again. */
  tell(why: string): Promise<void>;
  /** An empty answer means the same name. */
  usernameAgain(username: string): Promise<string>;
  /** `mayKeep`: an empty answer means the password that was typed. */
  passwordAgain(username: string, mayKeep: boolean): Promise<Secret | undefined>;
  /** The region of IAM Identity Center. */
  ssoRegion(): Promise<string>;
  /** The AWS region of the profiles; an empty answer means `initial`. */
  region(initial: string): Promise<string>;
  /** What to set up at the end; `none` without a terminal. */
  choose(): Promise<NonNullable<Flags["profiles"]>>;
  /** One of several; Esc and Ctrl-C interrupt. */
  menu<T>(question: string, choices: Choice<T>[]): Promise<T>;
}

/** @param first The numbered steps as far as they are known. */
export function openAsker(context: AppContext, first: readonly StepName[] = []): Asker {
  const { interaction, ports } = context;
  const terminal = async (flag: string): Promise<Terminal> => {
    if (await interaction.canAsk()) return await ports.terminal();
    throw new InteractionError("init needs a terminal", {
      code: "no_terminal",
      hint: `pass ${flag}, or run it in a terminal`,
    });
  };
  const next = numberedSteps(interaction, () => asker.steps);
  const options = (question: string): AskOptions =>
    asker.canGoBack ? { question, canGoBack: true } : { question };
  const text = async (question: string, flag: string, initial: string | undefined) => {
    const prompt = await terminal(flag);
    for (;;) {
      const given = await prompt.askText({
        ...options(question),
        ...(initial && { initial }),
      });
      if (given.trim() !== "") return given.trim();
    }
  };
  const region = (question: string, flag: string, initial: string | undefined) =>
    tryAgain(async () => {
      const typed = await text(question, flag, initial);
      if (isRegion(typed)) return typed;
      throw new SettingsError(`not a region: ${showUntrusted(typed)} (such as eu-west-1)`, {
        code: "bad_region",
      });
    }, async (error) => (await terminal(flag)).write(`${error.message}\n`));
  const asker: Asker = {
    steps: first,
    canGoBack: false,
    async address(initial) {
      const prompt = await terminal("--sso-url");
      const question = next(prompt, "address", APP_LINK_HELP) + "AWS app link or Okta org";
      return await tryAgain(async () => {
        const typed = await prompt.askText({ ...options(question), ...(initial && { initial }) });
        if (typed.trim() !== "") return readSignInPlace(typed);
        throw new SettingsError("enter a link, or the address of your Okta org", {
          code: "bad_sso_url",
        });
      }, (error) => prompt.write(`${error.message}\n`));
    },
    async username(org, initial) {
      const prompt = await terminal("--username");
      const help = `What you sign in to ${new URL(org).host} as, such as jane@example.com.`;
      const question = `${next(prompt, "username", help)}Okta user name`;
      return await text(question, "--username", initial);
    },
    async password(username, kept) {
      const prompt = await terminal("--secrets-stdin");
      const empty = kept === undefined ? "empty: ask at each sign-in" : EMPTY_KEEPS[kept];
      const number = next(prompt, "password", PASSWORD_HELP);
      const question = `${number}Okta password of ${showUntrusted(username)} (${empty})`;
      return secretOf((await prompt.askSecret(options(question))).reveal());
    },
    async totp(kept) {
      const prompt = await terminal("--secrets-stdin");
      const empty = kept === undefined ? "empty: none" : EMPTY_KEEPS[kept];
      const number = next(prompt, "totp", TOTP_HELP);
      const question = `${number}TOTP secret or otpauth:// URI (${empty})`;
      return await tryAgain(async () => {
        const typed = await prompt.askSecret(options(question));
        return typedTotp(typed.reveal().trim());
      }, ({ message }) => prompt.write(`${message}\n`));
    },
    tell: async (why) => (await terminal("--secrets-stdin")).write(`${why}\n`),
    usernameAgain: (username) => text("Okta user name", "--username", username),
    async passwordAgain(username, mayKeep) {
      const prompt = await terminal("--secrets-stdin");
      const keep = mayKeep ? ` (${EMPTY_KEEPS.typed})` : "";
      const question = `Okta password of ${showUntrusted(username)}${keep}`;
      for (;;) {
        const typed = await prompt.askSecret(options(question));
        if (mayKeep || typed.reveal() !== "") return secretOf(typed.reveal());
      }
    },
    async ssoRegion() {
      const prompt = await terminal("--sso-region");
      const number = next(prompt, "ssoRegion", SSO_REGION_HELP);
      return await region(`${number}IAM Identity Center region`, "--sso-region", undefined);
    },
    async region(initial) {
      const number = next(await terminal("--region"), "region", REGION_HELP);
      return await region(`${number}AWS region`, "--region", initial);
    },
    async choose() {
      if (!await interaction.canAsk()) return "none";
      const prompt = await ports.terminal();
      const question = next(prompt, "profiles", PROFILES_HELP) +
        "Let AWS tools call okta-aws automatically (credential_process)?";
      return await prompt.askConfirm({ ...options(question), initial: true }) ? "process" : "none";
    },
    menu: async (question, choices) =>
      await (await terminal("--sso-url")).askChoice({ question, choices }),
  };
  return asker;
}

const EMPTY_KEEPS = { stored: "empty: keep stored", typed: "empty: the one you typed" } as const;

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
const SSO_REGION_HELP = "Where your AWS access portal is, such as eu-west-1.";
const REGION_HELP = "Where AWS tools work unless you name another region, such as eu-west-1.";
const PROFILES_HELP = "Writes a profile for each role to your AWS config file; no keys are in it.";

/** Numbers the questions, each below a line or two of help. */
function numberedSteps(
  { color, plain }: Interaction,
  steps: () => readonly StepName[],
): (terminal: Terminal, step: StepName, help: string) => string {
  let isFirst = true;
  return (terminal, step, help) => {
    const [at, total] = [steps().indexOf(step) + 1, steps().length];
    if (at === 0 || total < 2) return "";
    const faint = color && !plain ? `\x1b[2m${help}\x1b[22m` : help;
    const back = plain ? "<" : "Esc";
    const heading =
      `okta-aws setup (${back}: back, Ctrl-C: quit). Stores nothing until Okta accepts.\n`;
    terminal.write(`${isFirst ? heading : ""}\n${faint}\n`);
    isFirst = false;
    return `${at}/${total} `;
  };
}

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
