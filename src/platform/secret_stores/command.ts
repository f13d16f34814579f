/**
 * The `command` backend: nothing is stored, other programs print the secrets (`op read …`,
 * `bw get totp …`). The commands come out of the person's settings alone.
 *
 * @module
 */

import { SecretStoreError, SettingsError } from "../../errors.ts";
import type { Environment, SecretStore, StoreAccountSettings } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { splitCommand } from "../processes/command_words.ts";
import { checkAccountName } from "./account_name.ts";
import { runStoreProgram } from "./store_program.ts";

/** What the `command` backend needs. */
export interface CommandStoreSettings {
  /** What the commands inherit, but for our own secrets. */
  environment: Pick<Environment, "all">;
  /** The commands. */
  account?: StoreAccountSettings | undefined;
  /** How long a command may take, a person's unlocking included; 60,000 if left out. */
  timeoutMilliseconds?: number;
}

/** The setting that names a command. */
type CommandKey = "password_command" | "totp_command";

const COMMAND_MILLISECONDS = 60_000;
// deno-lint-ignore no-control-regex -- a program that colours its output even in a pipe
const ESCAPE_SEQUENCES = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))/g;

/** What a program says besides goes before the answer, as with `op` and `bw`. */
function lines(output: string): string[] {
  const plain = output.replace(ESCAPE_SEQUENCES, "");
  return plain.split(/\r?\n/).filter((line) => line.trim() !== "");
}

/**
 * The password in what a command has printed.
 *
 * @param output Its standard output.
 * @returns The last line that is not blank, as it is, or `undefined`.
 */
export function passwordIn(output: string): string | undefined {
  return lines(output).at(-1);
}

/**
 * The one-time code, or its secret, in what a command has printed.
 *
 * @param output Its standard output.
 * @returns An `otpauth://` URI, else the last line that is a code (also in groups: `123 456`), else
 * the last number of 6 to 8 digits, else the last line that can be a base32 secret, or `undefined`.
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

function failed(key: CommandKey, why: string, hint: string, code: string): SecretStoreError {
  return new SecretStoreError(`${key} ${why}`, { code, hint });
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
    const hint = `install ${name}, or mend ${key} in the settings`;
    throw failed(key, `can't be started: ${name}`, hint, "unavailable");
  }
  if (result.kind === "late") {
    const hint = `see whether ${name} waits for somebody; run the command by hand`;
    throw failed(key, "does not come to an end", hint, "timeout");
  }
  if (result.code === 0) return result.stdout;
  // Its words are not shown: nobody knows what stands in them.
  const hint = `run the command by hand to see why; ${name} may have to be unlocked first`;
  throw failed(key, `ended with exit code ${result.code}`, hint, "unavailable");
}

function nothingFound(key: CommandKey, what: string): SecretStoreError {
  return failed(
    key,
    `printed no ${what}`,
    "run the command by hand to see what it prints",
    "empty",
  );
}

async function read(settings: CommandStoreSettings): Promise<Secret | undefined> {
  const { password_command, totp_command } = settings.account ?? {};
  if (password_command === undefined && totp_command === undefined) {
    throw new SettingsError("the secret backend command needs a command to run", {
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
  return Promise.reject(
    new SecretStoreError("the secret backend command stores nothing", {
      code: "read_only",
      hint: "change the secret where the command gets it, or choose another backend (--backend)",
    }),
  );
}

/**
 * Secrets that other programs print.
 *
 * @param settings The commands.
 * @returns A store whose item is `{"password": …}`, the key only where `password_command` is set; it
 * has `oneTimeCode` where `totp_command` is. Its methods reject with a `SecretStoreError`:
 * `unavailable`, `timeout`, `empty`; `write` and `remove` with `read_only`.
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
