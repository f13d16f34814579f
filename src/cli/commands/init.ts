/**
 * `init`: sets an Okta account up.
 *
 * @module
 */

import { ACCOUNT_NAME } from "../../config/settings.ts";
import { SignInError, UsageError } from "../../errors.ts";
import { chooseStore } from "../../flows/choose_store.ts";
import { openConversation } from "../../flows/conversation.ts";
import { initAccount, type InitResult } from "../../flows/init.ts";
import { accountName } from "../../flows/account_settings.ts";
import { readTotpPicture } from "../../flows/read_totp_picture.ts";
import { openProgram, type Program } from "../../flows/program.ts";
import { rolesOf } from "../../flows/known_roles.ts";
import { setUpProfiles } from "../../flows/setup_profiles.ts";
import type { TakenSettings } from "../../flows/take_team_settings.ts";
import { parseSignInAddress } from "../../okta/org.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../command_table.ts";
import {
  type Asker,
  type GivenSecrets,
  openAsker,
  secretOf,
  totpOf,
  TRIES,
} from "./init_questions.ts";
import type { Flags } from "../flags.ts";
import { formatTable } from "../report.ts";
import { runRefresh } from "./refresh.ts";

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
  refuseTwoSources(flags);
  const team = await teamSettings(program, flags);
  const name = checkedName(team?.account ?? accountName(program));
  const asker = openAsker(program, conversation);
  // A stored password stays for the org and the person that it was stored for.
  const before = program.settings.accounts.get(name) ?? {};
  const existing = team?.settings.accounts.get(name) ?? before;
  const store = await chooseStore(program, conversation, existing);
  const known = existing.app?.[0] ?? existing.org;
  const address = flags.ssoUrl ?? flags.domain ?? (team && known);
  const { org, app } = address === undefined
    ? await asker.address(known)
    : parseSignInAddress(address);
  const username = flags.username ??
    await asker.text("Okta user name", "--username", existing.username);
  const picture = flags.qr === undefined
    ? undefined
    : await readTotpPicture(ports.files, conversation, flags.qr, { org, username });
  // Where a browser signs in, or nothing can be stored, a secret is asked for when it is needed.
  const asksNone = existing.auth === "device" || store.readOnly === true;
  const asksTotp = picture === undefined && flags.enrollTotp !== true && !asksNone;
  const isKnown = before.org === org && before.username === username;
  const given = flags.secretsStdin
    ? parseSecretsInput(await ports.standardInput())
    : asksNone
    ? { password: undefined, totp: undefined }
    : await asker.secrets(username, isKnown, asksTotp);
  if (given.totp !== undefined && !asksTotp) throw twoSources("--secrets-stdin has one as well");
  const secrets = { ...given, totp: given.totp ?? picture };
  const kept = existing.org === org ? existing.app ?? [] : [];
  const isTyped = !flags.secretsStdin && given.password !== undefined;
  const result = await provePassword(
    asker,
    username,
    isTyped,
    (again) =>
      initAccount(program, conversation, {
        name,
        org,
        username,
        apps: app === undefined || kept.includes(app) ? kept : [app],
        ...secrets,
        ...(again && { password: again }),
        region: flags.region,
        verify: !flags.noVerify,
        enrollTotp: flags.enrollTotp ? { done: false } : undefined,
        team,
      }, store),
  );
  showInit(invocation, name, result);
  return await setUp(invocation, asker, result);
}

/** Okta's code for a refused user name or password. */
const REFUSED_PASSWORD = "E0000004";

/** A person who has mistyped a password types it again; not often, for accounts lock. */
async function provePassword(
  asker: Asker,
  username: string,
  isTyped: boolean,
  prove: (password?: Secret) => Promise<InitResult>,
): Promise<InitResult> {
  let password: Secret | undefined;
  for (let tries = 1;; tries++) {
    try {
      return await prove(password);
    } catch (error) {
      const isRefused = error instanceof SignInError && error.code === REFUSED_PASSWORD;
      if (!isTyped || !isRefused || tries === TRIES) throw error;
      const left = `try ${tries + 1} of ${TRIES}: Okta locks an account after too many`;
      password = await asker.password(username, `${error.message}\n${left}`);
    }
  }
}

/** What `--from` gives; what it leaves open is asked. */
async function teamSettings(
  program: Program,
  { from, key, quiet, json }: Flags,
): Promise<TakenSettings | undefined> {
  if (from === undefined) {
    if (key === undefined) return undefined;
    throw new UsageError("--key is the key of a team's settings, and there is no --from", {
      code: "conflicting_flags",
      hint: "give --from FILE or URL as well",
    });
  }
  const { takeTeamSettings } = await import("../../flows/take_team_settings.ts");
  const taken = await takeTeamSettings(program, from, key);
  if (!quiet && !json) program.ports.output.notice(`${showUntrusted(taken.summary)}\n`);
  return taken;
}

function refuseTwoSources(flags: Flags): void {
  if (flags.qr !== undefined && flags.enrollTotp) throw twoSources("--qr and --enroll-totp");
  if (!flags.enrollTotp || !flags.noVerify) return;
  throw new UsageError("--enroll-totp has to sign in, and --no-verify forbids it", {
    code: "conflicting_flags",
    hint: "leave one of them out",
  });
}

function twoSources(which: string): UsageError {
  return new UsageError(`the TOTP secret can come from one place only: ${which}`, {
    code: "conflicting_flags",
    hint: "leave one of them out",
  });
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

function badInput(what: string): UsageError {
  return new UsageError(`what came on standard input ${what}`, {
    code: "bad_secrets_input",
    hint: 'give {"password": "…", "totp": "otpauth://… or base32"}',
  });
}

function showInit(
  { ports: { output }, flags }: Invocation,
  name: string,
  result: InitResult,
): void {
  const { program, list, backend, passedOver } = result;
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
  for (const { name, why = "" } of passedOver) output.notice(`  not in ${name}: ${why}\n`);
}

async function setUp(
  invocation: Invocation,
  asker: Asker,
  { program, list }: InitResult,
): Promise<number> {
  if (list === undefined) return 0;
  const { ports: { output }, flags } = invocation;
  const kind = flags.profiles ?? await asker.choose();
  if (kind === "static") return await runRefresh(invocation);
  if (kind === "none") {
    if (!flags.quiet) output.notice("next: okta-aws refresh\n");
    return 0;
  }
  const { profiles } = await setUpProfiles(program, list);
  if (flags.quiet) return 0;
  output.notice(`${profiles.length} profiles in ${showUntrusted(program.paths.awsConfig)}\n`);
  // Not s3 ls: the one call that every role may make, and it wants a region.
  const example = `aws sts get-caller-identity --region us-east-1 --profile ${profiles[0]}`;
  if (profiles.length > 0) output.notice(`try: ${example}\n`);
  return 0;
}
