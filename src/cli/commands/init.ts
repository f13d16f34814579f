/**
 * `init`: sets an Okta account up.
 *
 * @module
 */

import { isPortalAddress } from "../../aws/sso_session.ts";
import { ACCOUNT_NAME, type AccountSettings } from "../../config/settings.ts";
import { UsageError } from "../../errors.ts";
import { chooseStore } from "../../flows/choose_store.ts";
import { openConversation } from "../../flows/conversation.ts";
import { initAccount, type InitResult } from "../../flows/init.ts";
import { accountName } from "../../flows/account_settings.ts";
import { readTotpPicture } from "../../flows/read_totp_picture.ts";
import { openProgram } from "../../flows/program.ts";
import { rolesOf } from "../../flows/known_roles.ts";
import { setUpProfiles } from "../../flows/setup_profiles.ts";
import { isForIdentityCenter, runInitIdentityCenter } from "./init_identity_center.ts";
import { parseSignInAddress } from "../../okta/org.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../command_table.ts";
import { type Asker, type GivenSecrets, openAsker, secretOf, totpOf } from "./init_questions.ts";
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
  const name = checkedName(accountName(program));
  const asker = openAsker(program, conversation);
  const existing = program.settings.accounts.get(name) ?? {};
  const isPortal = isForIdentityCenter(program, name, flags);
  const typed = flags.ssoUrl ?? flags.domain ??
    (isPortal ? undefined : await askAddress(asker, existing));
  if (isPortal || typed === undefined || isPortalAddress(typed)) {
    const start = [invocation, program, conversation, name, asker] as const;
    const result = await runInitIdentityCenter(...start, typed);
    showInit(invocation, name, result);
    return await setUp(invocation, asker, result);
  }
  await chooseStore(program, conversation, existing);
  const { org, app } = parseSignInAddress(typed);
  const username = flags.username ??
    await asker.text("Okta user name", "--username", existing.username);
  refuseTwoSources(flags);
  const picture = flags.qr === undefined
    ? undefined
    : await readTotpPicture(ports.files, conversation, flags.qr, { org, username });
  const inBrowser = existing.auth === "device";
  const asksTotp = picture === undefined && flags.enrollTotp !== true && !inBrowser;
  const given = flags.secretsStdin
    ? parseSecretsInput(await ports.standardInput())
    : inBrowser
    ? { password: undefined, totp: undefined }
    : await asker.secrets(
      username,
      existing.org === org && existing.username === username,
      asksTotp,
    );
  if (given.totp !== undefined && !asksTotp) throw twoSources("--secrets-stdin has one as well");
  const secrets = { ...given, totp: given.totp ?? picture };
  const kept = existing.org === org ? existing.app ?? [] : [];
  const result = await initAccount(program, conversation, {
    name,
    org,
    username,
    apps: app === undefined || kept.includes(app) ? kept : [app],
    ...secrets,
    region: flags.region,
    verify: !flags.noVerify,
    enrollTotp: flags.enrollTotp ? { done: false } : undefined,
  });
  showInit(invocation, name, result);
  return await setUp(invocation, asker, result);
}

function askAddress(asker: Asker, { app, org }: AccountSettings): Promise<string> {
  return asker.text("AWS app link or Okta org", "--sso-url", app?.[0] ?? org);
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
  const secrets = backend === "none" ? "" : `; secrets: ${backend}`;
  output.notice(`settings: ${showUntrusted(program.paths.settings)}${secrets}\n`);
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
  if (flags.quiet) return 0;
  output.notice(`${profiles.length} profiles in ${showUntrusted(program.paths.awsConfig)}\n`);
  // Not s3 ls: the one call that every role may make, and it wants a region.
  const example = `aws sts get-caller-identity --region us-east-1 --profile ${profiles[0]}`;
  if (profiles.length > 0) output.notice(`try: ${example}\n`);
  return 0;
}
