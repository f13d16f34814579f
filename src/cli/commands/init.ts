/**
 * `init`: sets an Okta account up.
 *
 * @module
 */

import { ACCOUNT_NAME } from "../../config/settings.ts";
import { InteractionError, UsageError } from "../../errors.ts";
import { type Conversation, openConversation } from "../../flows/conversation.ts";
import { initAccount, type InitResult } from "../../flows/init.ts";
import { accountName } from "../../flows/account_settings.ts";
import { openProgram, type Program } from "../../flows/program.ts";
import { rolesOf } from "../../flows/known_roles.ts";
import { setUpProfiles } from "../../flows/setup_profiles.ts";
import { parseSignInAddress } from "../../okta/org.ts";
import type { Terminal } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { formatTotpUri, parseTotpSecret } from "../../totp/otpauth_uri.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../command_table.ts";
import type { Flags } from "../flags.ts";
import { formatTable } from "../report.ts";
import { runRefresh } from "./refresh.ts";

interface GivenSecrets {
  password: Secret | undefined;
  totp: Secret | undefined;
}

/**
 * Asks for what no flag gives, proves it, stores it, and offers to set the profiles up.
 *
 * @param invocation The command line.
 * @returns The exit code.
 */
export async function runInit(invocation: Invocation): Promise<number> {
  const { ports, flags } = invocation;
  const program = await openProgram(ports, flags);
  const conversation = openConversation(program, "foreground");
  const name = checkedName(accountName(program));
  const asker = openAsker(program, conversation);
  const existing = program.settings.accounts.get(name) ?? {};
  const known = existing.app?.[0] ?? existing.org;
  const typed = flags.ssoUrl ?? flags.domain ??
    await asker.text("AWS app link or Okta org", "--sso-url", known);
  const { org, app } = parseSignInAddress(typed);
  const username = flags.username ??
    await asker.text("Okta user name", "--username", existing.username);
  const secrets = flags.secretsStdin
    ? parseSecretsInput(await ports.standardInput())
    : await asker.secrets(username, existing.org === org && existing.username === username);
  const kept = existing.org === org ? existing.app ?? [] : [];
  const result = await initAccount(program, conversation, {
    name,
    org,
    username,
    apps: app === undefined || kept.includes(app) ? kept : [app],
    ...secrets,
    region: flags.region,
    verify: !flags.noVerify,
  });
  showInit(invocation, name, result);
  return await setUp(invocation, asker, result);
}

function checkedName(name: string): string {
  if (ACCOUNT_NAME.test(name)) return name;
  throw new UsageError(`${showUntrusted(name)} can't be the name of an account`, {
    code: "bad_account_name",
    hint: "letters, digits, dots, dashes and underscores, up to 63",
  });
}

/**
 * Reads what `--secrets-stdin` takes.
 *
 * @param input `{"password": "…", "totp": "otpauth://… or base32"}`, each key optional.
 * @returns The secrets, the second as an `otpauth://` URI.
 * @throws {UsageError} `bad_secrets_input`; the message holds no part of the input.
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
  if (unknown !== undefined) throw badInput("has a key that is neither password nor totp");
  const { password, totp } = document as Record<string, unknown>;
  for (const value of [password, totp]) {
    if (value !== undefined && typeof value !== "string") throw badInput("has a value of no text");
  }
  return { password: secretOf(password as string), totp: totpOf(totp as string) };
}

function secretOf(text: string | undefined): Secret | undefined {
  return text ? new Secret(text) : undefined;
}

function totpOf(text: string | undefined): Secret | undefined {
  return text ? formatTotpUri(parseTotpSecret(text)) : undefined;
}

function badInput(what: string): UsageError {
  return new UsageError(`what came on standard input ${what}`, {
    code: "bad_secrets_input",
    hint: 'give {"password": "…", "totp": "otpauth://… or base32"}',
  });
}

interface Asker {
  text(question: string, flag: string, initial: string | undefined): Promise<string>;
  secrets(username: string, isKnown: boolean): Promise<GivenSecrets>;
  choose(): Promise<NonNullable<Flags["profiles"]>>;
}

function openAsker(program: Program, conversation: Conversation): Asker {
  const terminal = async (flag: string): Promise<Terminal> => {
    if (await conversation.canAsk()) return await program.ports.terminal();
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
    async secrets(username, isKnown) {
      const there = await terminal("--secrets-stdin");
      const keep = isKnown ? "empty: as stored" : "empty: ask at each sign-in";
      const who = showUntrusted(username);
      const password = await there.askSecret({ question: `Okta password of ${who} (${keep})` });
      const totp = await askTotp(there, isKnown ? "empty: as stored" : "empty: none");
      return { password: secretOf(password.reveal()), totp };
    },
    async choose() {
      if (!await conversation.canAsk()) return "none";
      const there = await program.ports.terminal();
      const question = "Let AWS tools get fresh credentials by themselves (credential_process)";
      return await there.askConfirm({ question, initial: true }) ? "process" : "none";
    },
  };
}

/** A typing mistake in a secret that nobody sees is worth a second try. */
async function askTotp(terminal: Terminal, empty: string): Promise<Secret | undefined> {
  const question = `TOTP secret or otpauth:// URI (${empty})`;
  for (let tries = 3;; tries--) {
    const typed = await terminal.askSecret({ question });
    try {
      return totpOf(typed.reveal().trim());
    } catch (error) {
      if (tries === 1 || !(error instanceof Error)) throw error;
      terminal.write(`${error.message}\n`);
    }
  }
}

function showInit(
  { ports: { output }, flags }: Invocation,
  name: string,
  result: InitResult,
): void {
  const { program, list, backend } = result;
  const roles = list === undefined ? [] : rolesOf(program, [list]);
  if (flags.json) {
    const found = roles.map(({ roleArn, profile }) => ({ roleArn, profile }));
    const settings = program.paths.settings;
    return output.answer(`${JSON.stringify({ account: name, settings, backend, roles: found })}\n`);
  }
  if (flags.quiet) return;
  if (list !== undefined) {
    output.notice(`signed in; ${roles.length} roles:\n`);
    const rows = roles.map(({ profile, alias, accountId, roleName }) =>
      [profile ?? "", `${alias ?? accountId}/${roleName}`].map(showUntrusted)
    );
    output.notice(formatTable(["PROFILE", "ROLE"], rows));
  }
  output.notice(`settings: ${showUntrusted(program.paths.settings)}; secrets: ${backend}\n`);
}

async function setUp(
  { ports, flags, args, tail }: Invocation,
  asker: Asker,
  { program, list }: InitResult,
): Promise<number> {
  if (list === undefined) return 0;
  const kind = flags.profiles ?? await asker.choose();
  const { output } = ports;
  if (kind === "static") return await runRefresh({ ports, flags: { ...flags }, args, tail });
  if (kind === "none") {
    if (!flags.quiet) output.notice("next: okta-aws refresh\n");
    return 0;
  }
  const { profiles } = await setUpProfiles(program, list);
  if (!flags.quiet) {
    const example = profiles[0] === undefined ? "" : `; try: aws --profile ${profiles[0]} sts ` +
      "get-caller-identity";
    output.notice(`${profiles.length} profiles in ${program.paths.awsConfig}${example}\n`);
  }
  return 0;
}
