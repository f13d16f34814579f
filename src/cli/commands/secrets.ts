/** `secrets`: lists, sets, moves and forgets stored secrets; it prints none. @module */

import { InteractionError, InterruptedError, UsageError } from "../../errors.ts";
import { accountName, accountSettings } from "../../settings/account_settings.ts";
import type { AppContext } from "../../app/context.ts";
import { openContext } from "../invocation.ts";
import {
  listSecrets,
  moveSecrets,
  overridingBackend,
  type SecretKind,
  setSecret,
} from "../../secrets/manage_secrets.ts";
import { forgetSecrets } from "../../accounts/sign_out.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import { styleOf } from "../style.ts";
import { formatTable } from "../table.ts";
import { typedTotp } from "./init_secrets.ts";

type Action = (invocation: Invocation, context: AppContext) => Promise<void>;

const ACTIONS: Record<string, Action> = { list, set, move, forget, export: refuseExport };

/**
 * Runs the action that the first argument names.
 *
 * @throws {UsageError} `unknown_action`, `export_refused`
 */
export async function runSecrets(invocation: Invocation): Promise<void> {
  const [name = "", ...more] = invocation.args;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  const expected = name === "set" ? 1 : 0;
  if (action === undefined || (name !== "export" && more.length !== expected)) throw usage(name);
  if (action === refuseExport) return await refuseExport();
  await action(invocation, await openContext(invocation.ports, invocation.flags, "foreground"));
}

function usage(name: string): UsageError {
  return new UsageError(
    name === "set"
      ? "secrets set needs one argument: password or totp"
      : Object.hasOwn(ACTIONS, name)
      ? `secrets ${name} takes no more arguments`
      : `unknown action: ${showUntrusted(name)}`,
    {
      code: "unknown_action",
      hint: "use okta-aws secrets list | set password | set totp | move --to BACKEND | forget",
    },
  );
}

function refuseExport(): Promise<void> {
  throw new UsageError("secrets can't be exported, so that no other program can read them", {
    code: "export_refused",
    hint: "move them (okta-aws secrets move --to BACKEND), or enter them on the other computer " +
      "(okta-aws init)",
  });
}

async function list({ ports, flags }: Invocation, context: AppContext) {
  const items = await listSecrets(context);
  if (flags.json) {
    const known = items.map((item) => ({ ...item, secrets: item.secrets ?? null }));
    return ports.output.answer(`${JSON.stringify(known)}\n`);
  }
  if (items.length === 0) return await context.interaction.say("no secrets stored");
  const rows = items.map(({ account, secrets, backend }) => [
    showUntrusted(account),
    secrets?.join(", ") || (secrets ? "none" : "unknown"),
    backend,
  ]);
  const style = styleOf({ ports, flags }, "answer");
  ports.output.answer(formatTable(style, { heads: ["ACCOUNT", "SECRETS", "STORE"], rows }));
}

async function set({ ports, flags, args }: Invocation, context: AppContext) {
  const kind = args[1];
  if (kind !== "password" && kind !== "totp") throw usage("set");
  const account = accountName(context);
  // Fail before the user types a secret for an account that does not exist.
  const { username = account } = accountSettings(context, account);
  const value = await readNewSecret(context, kind, username);
  const backend = await setSecret(context, account, { kind, value });
  if (flags.json) return ports.output.answer(`${JSON.stringify({ account, kind, backend })}\n`);
  const what = kind === "password" ? "password" : "TOTP secret";
  await context.interaction.say(`stored the ${what} of ${account} (${backend})`);
  if (kind === "totp") {
    await context.interaction.say("compare its codes with your app's: okta-aws totp");
  }
}

/** From standard input if something is piped, else typed without echo. */
async function readNewSecret(
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
  const secret = kind === "password" ? new Secret(given) : typedTotp(given.trim());
  if (given !== "" && secret !== undefined) return secret;
  throw new InteractionError("no secret given", {
    code: "nothing_given",
    hint: `type it, or pipe it: … | okta-aws secrets set ${kind}`,
  });
}

/** Without the line end that a shell adds. */
async function pipedLine(ports: Invocation["ports"]): Promise<string> {
  return (await ports.standardInput()).reveal().replace(/\r?\n$/, "");
}

async function move({ ports, flags }: Invocation, context: AppContext) {
  if (flags.to === undefined) {
    throw new UsageError("missing required flag: --to", {
      code: "missing_flag",
      hint: "choose a store: okta-aws secrets move --to secret-service",
    });
  }
  const account = accountName(context);
  const moved = await moveSecrets(context, account, flags.to);
  if (flags.json) return ports.output.answer(`${JSON.stringify({ account, ...moved })}\n`);
  const { from, to, removed } = moved;
  if (from === to) {
    return await context.interaction.say(`the secrets of ${account} are already in ${to}`);
  }
  await context.interaction.say(
    `${removed ? "moved" : "copied"} the secrets of ${account} from ${from} to ${to}`,
  );
  const other = overridingBackend(context, to);
  if (other !== undefined) {
    await context.interaction.say(
      `OKTA_AWS_BACKEND is still ${other}: unset it, or set it to ${to}`,
    );
  }
}

/**
 * Asks before secrets are deleted, if there is somebody to ask.
 *
 * @throws {InterruptedError} If the answer is no.
 */
export async function confirmForget(
  { context: { interaction }, name, yes }: {
    context: AppContext;
    name: string;
    yes: boolean | undefined;
  },
): Promise<void> {
  if (yes || !await interaction.canAsk()) return;
  const question = `Delete the saved secrets of account ${name}?`;
  if (!await interaction.askConfirm(question, false)) throw new InterruptedError("nothing deleted");
}

async function forget({ ports, flags }: Invocation, context: AppContext) {
  const name = accountName(context);
  accountSettings(context, name);
  await confirmForget({ context, name, yes: flags.yes });
  const forgotten = await forgetSecrets(context, name);
  if (flags.json) {
    return ports.output.answer(`${JSON.stringify({ account: name, forgotten })}\n`);
  }
  await context.interaction.say(
    forgotten ? `deleted the secrets of ${name}` : `no secrets stored for ${name}`,
  );
}
