/**
 * `secrets`: the stored items, by name alone.
 *
 * @module
 */

import { InteractionError, UsageError } from "../../errors.ts";
import { accountName, accountSettings } from "../../settings/account_settings.ts";
import type { AppContext } from "../../app/context.ts";
import { openContext } from "../../app/open_context.ts";
import {
  listSecrets,
  moveSecrets,
  overridingBackend,
  type SecretKind,
  setSecret,
} from "../../secrets/manage_secrets.ts";
import { forgetSecrets } from "../../accounts/sign_out.ts";
import { Secret } from "../../secret.ts";
import { openAccountState } from "../../okta/sign_in/account_state.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import { formatTable } from "../report.ts";
import { totpOf } from "./init_questions.ts";

/** One thing to do: `say` what has been done, or give `--json`'s answer. */
type Action = (invocation: Invocation, context: AppContext) => Promise<void>;

const ACTIONS: Record<string, Action> = { list, set, move, forget, export: refuseExport };

/**
 * Does what the first argument says.
 *
 * @param invocation The command line.
 * @throws {UsageError} `unknown_action`, `export_refused`
 */
export async function runSecrets(invocation: Invocation): Promise<void> {
  const [word = "", ...more] = invocation.args;
  const action = Object.hasOwn(ACTIONS, word) ? ACTIONS[word] : undefined;
  const takesMore = word === "set" ? 1 : 0;
  if (action === undefined || (word !== "export" && more.length !== takesMore)) throw usage(word);
  if (action === refuseExport) return await refuseExport();
  await action(invocation, await openContext(invocation.ports, invocation.flags, "foreground"));
}

function usage(word: string): UsageError {
  return new UsageError(
    word === "set"
      ? "secrets set takes one word: password or totp"
      : Object.hasOwn(ACTIONS, word)
      ? `secrets ${word} takes no further word`
      : `secrets takes one of list, set, move, forget, and not ${showUntrusted(word)}`,
    {
      code: "unknown_action",
      hint: "okta-aws secrets list | set password | set totp | move --to BACKEND | forget",
    },
  );
}

function refuseExport(): Promise<void> {
  throw new UsageError("secrets are never printed: whatever reads them once would have them", {
    code: "export_refused",
    hint:
      "move them (okta-aws secrets move --to BACKEND), or give them anew on the other machine " +
      "(okta-aws init)",
  });
}

async function list({ ports, flags }: Invocation, context: AppContext) {
  const items = await listSecrets(context);
  if (flags.json) {
    const known = items.map((item) => ({ ...item, secrets: item.secrets ?? null }));
    return ports.output.answer(`${JSON.stringify(known)}\n`);
  }
  if (items.length === 0) return await context.interaction.say("nothing is stored");
  const rows = items.map(({ account, secrets, backend }) => [
    showUntrusted(account),
    secrets?.join(", ") || (secrets ? "nothing" : "not known"),
    backend,
  ]);
  ports.output.answer(formatTable(["ACCOUNT", "SECRETS", "STORE"], rows));
}

async function set({ ports, flags, args }: Invocation, context: AppContext) {
  const kind = args[1];
  if (kind !== "password" && kind !== "totp") throw usage("set");
  const account = accountName(context);
  // Nobody should type a secret for an account that is not there.
  const { username = account } = accountSettings(context, account);
  const value = await newSecret(context, kind, username);
  const backend = await setSecret(context, account, kind, value);
  if (flags.json) return ports.output.answer(`${JSON.stringify({ account, kind, backend })}\n`);
  const what = kind === "password" ? "password" : "TOTP secret";
  await context.interaction.say(`the ${what} of ${account} is stored (${backend})`);
}

/** Out of standard input where something stands there; else typed, without being shown. */
async function newSecret(
  { ports, interaction }: AppContext,
  kind: SecretKind,
  username: string,
): Promise<Secret> {
  const what = kind === "password"
    ? `Okta password of ${showUntrusted(username)}`
    : "TOTP secret or otpauth:// URI";
  const piped = await ports.standardInputIsTerminal() ? "" : await pipedLine(ports);
  const typed = piped === "" && await interaction.canAsk();
  const given = typed ? (await interaction.askSecret(what)).reveal() : piped;
  const secret = kind === "password" ? new Secret(given) : totpOf(given.trim());
  if (given !== "" && secret !== undefined) return secret;
  throw new InteractionError("nothing was given", {
    code: "nothing_given",
    hint: `type it, or pipe it in: … | okta-aws secrets set ${kind}`,
  });
}

/** What a shell puts behind the last line is no part of it. */
async function pipedLine(ports: Invocation["ports"]): Promise<string> {
  return (await ports.standardInput()).reveal().replace(/\r?\n$/, "");
}

async function move({ ports, flags }: Invocation, context: AppContext) {
  if (flags.to === undefined) {
    throw new UsageError("secrets move needs --to", {
      code: "missing_flag",
      hint: "name the store: okta-aws secrets move --to secret-service",
    });
  }
  const account = accountName(context);
  const moved = await moveSecrets(context, account, flags.to);
  if (flags.json) return ports.output.answer(`${JSON.stringify({ account, ...moved })}\n`);
  const { from, to, removed } = moved;
  if (from === to) {
    return await context.interaction.say(`the secrets of ${account} are in ${to} already`);
  }
  await context.interaction.say(
    `the secrets of ${account} are in ${to}${removed ? `, and in ${from} no more` : ""}`,
  );
  const other = overridingBackend(context, to);
  if (other !== undefined) {
    await context.interaction.say(
      `OKTA_AWS_BACKEND still says ${other}: unset it, or say ${to} there`,
    );
  }
}

async function forget({ ports, flags }: Invocation, context: AppContext) {
  const name = accountName(context);
  accountSettings(context, name);
  const state = await openAccountState(ports.files, context.paths.cache, name);
  const forgotten = await forgetSecrets(context, { name, state });
  if (flags.json) {
    return ports.output.answer(`${JSON.stringify({ account: name, forgotten })}\n`);
  }
  await context.interaction.say(
    forgotten ? `forgot the secrets of ${name}` : `nothing was stored for ${name}`,
  );
}
