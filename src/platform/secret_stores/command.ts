/**
 * The `command` backend: other programs print the secrets (`op read …`, `bw get totp …`), nothing is
 * stored. The commands come from the user's own settings only.
 *
 * @module
 */

import { SecretStoreError, SettingsError } from "../../errors.ts";
import type { Environment, SecretStore, StoreAccountSettings } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { splitCommand } from "../processes/child_process.ts";
import { runStoreProgram } from "./store_program.ts";
import { checkAccountName } from "./store_rules.ts";

export interface CommandStoreSettings {
  /** What the commands inherit, without our own secrets. */
  environment: Pick<Environment, "all">;
  account?: StoreAccountSettings | undefined;
  /** Time limit of a command, unlocking included (default: 60,000). */
  timeoutMilliseconds?: number;
}

/** The setting that names a command. */
type CommandKey = "password_command" | "totp_command";

const COMMAND_MILLISECONDS = 60_000;
/** For programs that colour their output even in a pipe. */
// deno-lint-ignore no-control-regex -- escape sequences are what this looks for
const ESCAPE_SEQUENCES = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))/g;

/** `op` and `bw` print other messages before the answer, so the last line counts. */
function lines(output: string): string[] {
  const plain = output.replace(ESCAPE_SEQUENCES, "");
  return plain.split(/\r?\n/).filter((line) => line.trim() !== "");
}

/** The password in a command's output: the last line that is not blank, unchanged. */
export function passwordIn(output: string): string | undefined {
  return lines(output).at(-1);
}

/**
 * The one-time code, or its secret, in a command's output: an `otpauth://` URI; else the last line
 * that is a code (also in groups: `123 456`); else the last number of 6 to 8 digits; else the last
 * line that can be a base32 secret.
 */
export function oneTimeCodeIn(output: string): string | undefined {
  const printed = lines(output).map((line) => line.trim());
  const uri = printed.findLast((line) => /otpauth:\/\/\S+/i.test(line));
  if (uri !== undefined) return /otpauth:\/\/\S+/i.exec(uri)![0];
  const code = printed.findLast((line) => /^(?:\d[ -]?){5,7}\d$/.test(line));
  if (code !== undefined) return code.replace(/\D/g, "");
  const number = printed.join("\n").match(/(?<![\w.:-])\d{6,8}(?![\w:-])/g)?.at(-1);
  return number ?? printed.findLast((line) => /^(?:[a-z2-7]{4,} ?)+=*$/i.test(line));
}

function failure(message: string, code: string, hint: string): SecretStoreError {
  return new SecretStoreError(message, { code, hint });
}

async function run(
  key: CommandKey,
  { environment, account, timeoutMilliseconds = COMMAND_MILLISECONDS }: CommandStoreSettings,
): Promise<string | undefined> {
  const [program, ...args] = splitCommand(account?.[key] ?? "");
  if (program === undefined) return undefined;
  const result = await runStoreProgram({ environment, program, args, timeoutMilliseconds });
  const name = showUntrusted(program);
  if (result.kind === "not_started") {
    const hint = `install ${name}, or fix ${key} in the settings`;
    throw failure(`could not start ${name} (${key})`, "unavailable", hint);
  }
  if (result.kind === "timeout") {
    const hint = `run the command yourself to see whether ${name} waits for input`;
    throw failure(`${key} timed out`, "timeout", hint);
  }
  if (result.code === 0) return result.stdout;
  // Its output may hold a secret, so it is not shown.
  const hint = `run the command yourself to see why; you may have to unlock ${name} first`;
  throw failure(`${key} failed with exit code ${result.code}`, "unavailable", hint);
}

function nothingFound(key: CommandKey, what: string): SecretStoreError {
  const hint = "run the command yourself to see what it prints";
  return failure(`${key} printed no ${what}`, "empty", hint);
}

async function read(settings: CommandStoreSettings): Promise<Secret | undefined> {
  const { password_command, totp_command } = settings.account ?? {};
  if (password_command === undefined && totp_command === undefined) {
    throw new SettingsError("the secret backend command has no command to run", {
      code: "no_command",
      hint: 'set password_command ("op read op://…") or totp_command in the account\'s settings',
    });
  }
  const output = await run("password_command", settings);
  const password = output === undefined ? undefined : passwordIn(output);
  if (output !== undefined && password === undefined) {
    throw nothingFound("password_command", "password");
  }
  return new Secret(JSON.stringify({ password }));
}

async function oneTimeCode(settings: CommandStoreSettings): Promise<Secret> {
  const code = oneTimeCodeIn(await run("totp_command", settings) ?? "");
  if (code === undefined) throw nothingFound("totp_command", "one-time code");
  return new Secret(code);
}

function refuse(): Promise<never> {
  const hint = "change the secret in the program that prints it, or choose another backend " +
    "(--backend)";
  return Promise.reject(failure("the secret backend command is read-only", "read_only", hint));
}

/**
 * An item is `{"password": …}`, empty without `password_command`; with `totp_command` the store has
 * `oneTimeCode`.
 *
 * Error codes: `no_command`, `unavailable`, `timeout`, `empty`; `read_only` for `write` and `remove`.
 */
export function commandStore(settings: CommandStoreSettings): SecretStore {
  const store: SecretStore = {
    name: "command",
    readOnly: true,
    read: async (account) => {
      checkAccountName(account);
      return await read(settings);
    },
    write: refuse,
    remove: refuse,
    list: () => Promise.resolve([]),
  };
  if (settings.account?.totp_command === undefined) return store;
  return { ...store, oneTimeCode: () => oneTimeCode(settings) };
}

/** Why the backend can't be used, if no command is set. */
export function probeCommand(
  { account = {} }: Pick<CommandStoreSettings, "account">,
): SecretStoreError | undefined {
  if (account.password_command !== undefined || account.totp_command !== undefined) {
    return undefined;
  }
  const hint = "set them in the account's settings";
  return failure("neither password_command nor totp_command is set", "unavailable", hint);
}
