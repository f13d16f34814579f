/**
 * The tools as they sign in to the simulated Okta, each with a home folder of its own. All get the
 * password and a valid code without a person; those that read them from a terminal only are typed at
 * one.
 */

import { fileURLToPath } from "node:url";
import type { Simulator } from "../../../tests/sim/simulator.ts";
import { CONCURRENCY } from "../../../src/app/map_bounded.ts";
import { roleArn } from "../../../tests/sim/world.ts";
import { PROGRAM } from "../measure.ts";
import { type Contender, time } from "./race.ts";

/** What every contender is set up with. */
export interface Arena {
  sim: Simulator;
  /** Where homes are made. */
  folder: string;
  /** PEM file of the certificate authority. */
  authority: string;
  /** For okta-aws from source. */
  denoFolder: string;
  /** Files of the other programs by name. */
  programs: ReadonlyMap<string, string>;
}

export const REGION = "us-east-1";
const SIGN_IN_PAGE = "https://signin.aws.amazon.com";
const PASSPHRASE = "open, sesame";
const AWS_OKTA_PROFILE = "dev";

/** The role that all of them fetch. */
export function wantedRole({ world }: Simulator): string {
  const [account] = world.accounts;
  return roleArn(account!, account!.roles[1]!);
}

/** The environment of a home. */
async function homeOf(arena: Arena, name: string): Promise<Record<string, string>> {
  const { folder, authority, denoFolder } = arena;
  const home = `${folder}/${name}`;
  await Deno.mkdir(`${home}/.aws`, { recursive: true });
  return {
    PATH: Deno.env.get("PATH") ?? "/usr/bin",
    HOME: home,
    // A terminal's width, and no colours to ask for.
    TERM: "dumb",
    AWS_CA_BUNDLE: authority,
    SSL_CERT_FILE: authority,
    REQUESTS_CA_BUNDLE: authority,
    DENO_DIR: denoFolder,
    DENO_NO_UPDATE_CHECK: "1",
  };
}

async function forget(...paths: string[]): Promise<void> {
  for (const path of paths) await Deno.remove(path, { recursive: true }).catch(() => {});
}

/** Okta takes a code once: the simulator forgets the last one, so that rounds need not wait. */
function freshCode({ sim }: Arena): Promise<string> {
  for (const factor of sim.world.users[0]!.factors) delete factor.lastCounter;
  return sim.user.code();
}

/** okta-aws from source and, if `OKTA_AWS_BIN` is set, as a binary. */
export function ours(
  args: readonly string[],
  rest: Omit<Contender, "name" | "command">,
  what = "",
): Contender[] {
  const source = [Deno.execPath(), "run", "--no-prompt", "-A", PROGRAM];
  const binary = Deno.env.get("OKTA_AWS_BIN");
  const named = ["okta-aws", ...(what === "" ? [] : [what])].join(", ");
  return [
    { ...rest, name: named, command: [...source, ...args] },
    ...(binary ? [{ ...rest, name: `${named}, binary`, command: [binary, ...args] }] : []),
  ];
}

/** okta-aws with its secrets in the environment, or in the file store. */
export async function ourHome(
  arena: Arena,
  backend: "env" | "file",
): Promise<Record<string, string>> {
  const { sim } = arena;
  const home = await homeOf(arena, `okta-aws-${backend}`);
  const { login, password, totpUri } = sim.user;
  if (backend === "env") {
    const account = { org: sim.okta, username: login, app: sim.embedLink(), region: REGION };
    const lines = Object.entries(account).map(([key, value]) => `${key} = ${value}\n`);
    const settings = `${home.HOME}/config.ini`;
    await Deno.writeTextFile(settings, `[account default]\n${lines.join("")}`);
    const secrets = { OKTA_AWS_PASSWORD: password, OKTA_AWS_TOTP: totpUri };
    return { ...home, OKTA_AWS_CONFIG: settings, OKTA_AWS_BACKEND: backend, ...secrets };
  }
  const env = { ...home, OKTA_AWS_BACKEND: backend, OKTA_AWS_FILE_PASSPHRASE: PASSPHRASE };
  const words = ["init", "--sso-url", sim.embedLink(), "--username", login, "--no-verify"];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-A", PROGRAM, ...words, "--secrets-stdin", "--region", REGION],
    env,
    clearEnv: true,
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  await new Blob([JSON.stringify({ password, totp: totpUri })]).stream().pipeTo(child.stdin);
  const { success, stderr } = await child.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return env;
}

/**
 * What no program for Deno can be faster than, with the settings of {@linkcode ourHome}; and the same while
 * the modules are loaded that okta-aws loads for it.
 *
 * @param options `session` keeps the session at Okta from one round to the next; `refresh` fetches all
 * roles.
 */
export async function bareSignIns(
  arena: Arena,
  env: Readonly<Record<string, string>>,
  { session = false, refresh = false } = {},
): Promise<Contender[]> {
  const { sim, folder } = arena;
  const { login, password, totpUri } = sim.user;
  const settings = {
    BARE_APP: sim.embedLink(),
    BARE_STS: `https://sts.${REGION}.amazonaws.com`,
    BARE_USERNAME: login,
    BARE_PASSWORD: password,
    BARE_TOTP: totpUri,
    BARE_ROLE: wantedRole(sim),
    BARE_PRINCIPAL: sim.world.apps[0]!.grants[0]!.principalArn,
    ...(session && { BARE_SESSION: `${folder}/bare_session` }),
    ...(refresh && { BARE_CONNECTIONS: `${CONCURRENCY}`, BARE_SIGNIN: SIGN_IN_PAGE }),
  };
  const script = fileURLToPath(new URL("bare_sign_in.ts", import.meta.url));
  const bare = {
    name: "the same requests, in one bare script for Deno",
    command: [Deno.execPath(), "run", "--no-prompt", "-A", script],
    env: { ...env, ...settings },
    before: async () => void await freshCode(arena),
  };
  const forgotten = session ? "credentials" : "everything";
  const words = refresh ? ["refresh", "--force"] : ["cred-process", wantedRole(sim)];
  const [source] = ours(words, {
    env,
    before: forgetOurs(arena, { ...env }, forgotten),
  });
  // With a session, once there is one.
  if (session) await time(source!);
  const BARE_LOAD = await listModules(arena, source!, `${words[0]}_${forgotten}`);
  return [bare, {
    ...bare,
    name: "the same script while it loads our modules",
    env: { ...bare.env, BARE_LOAD },
  }];
}

/** What an answer from the cache needs besides Deno. */
export interface AnswerNeeds {
  /** Documents of ours: folders below the cache. */
  documents?: readonly string[];
  /** A program to run. */
  command?: string;
}

/**
 * What no program for Deno can be faster than, for an answer from the cache; and the same after the modules
 * were loaded that okta-aws loads for it.
 *
 * @param source okta-aws, as {@linkcode ours} made it. It is run first.
 */
export async function bareAnswers(
  arena: Arena,
  source: Contender,
  { documents = [], command }: AnswerNeeds,
): Promise<Contender[]> {
  await time(source);
  const cache = `${source.env.HOME}/.aws/okta-aws`;
  const files = documents.flatMap((folder) =>
    [...Deno.readDirSync(`${cache}/${folder}`)].map(({ name }) => `${cache}/${folder}/${name}`)
  ).filter((path) => path.endsWith(".json"));
  const script = fileURLToPath(new URL("bare_answer.ts", import.meta.url));
  const bare = {
    name: "the same, in one bare script for Deno",
    command: [Deno.execPath(), "run", "--no-prompt", "-A", script],
    env: {
      ...source.env,
      BARE_FILES: files.join("\n"),
      ...(command !== undefined && { BARE_COMMAND: command }),
    },
  };
  const BARE_LOAD = await listModules(arena, source, `answer_${documents.join("_")}_${command}`);
  const name = "the same script after it loaded our modules";
  return [bare, { ...bare, name, env: { ...bare.env, BARE_LOAD } }];
}

/** Writes a file that imports the modules that a run of okta-aws loads. */
async function listModules(arena: Arena, source: Contender, name: string): Promise<string> {
  const file = `${arena.folder}/modules_${name}.ts`;
  const preload = fileURLToPath(new URL("list_modules.ts", import.meta.url));
  const [deno, run, ...rest] = source.command;
  const command = [deno!, run!, `--preload=${preload}`, ...rest];
  await time({ ...source, command, env: { ...source.env, BARE_LIST: file } });
  return file;
}

/** Assertions are kept beside the session, for a few minutes. */
async function forgetAssertions(folder: string): Promise<void> {
  const files = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  for (const { name } of files) {
    const { apps } = JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
    if (apps !== undefined) await forget(`${folder}/${name}`);
  }
}

/** Before a round of ours: all of the cache is forgotten, or all but the session at Okta. */
export function forgetOurs(
  arena: Arena,
  env: Record<string, string>,
  what: "everything" | "credentials",
): () => Promise<void> {
  const cache = `${env.HOME}/.aws/okta-aws`;
  return async () => {
    await freshCode(arena);
    if (what === "everything") return await forget(cache);
    await forget(`${cache}/answers`, `${cache}/credentials`);
    await forgetAssertions(`${cache}/sessions`);
  };
}

/** saml2aws, without a keyring; the password is an argument. */
export async function saml2aws(arena: Arena, command: string): Promise<Contender | undefined> {
  const program = arena.programs.get("saml2aws");
  if (program === undefined) return undefined;
  const { sim } = arena;
  const env = await homeOf(arena, "saml2aws");
  await Deno.writeTextFile(
    `${env.HOME}/.saml2aws`,
    `[default]
url = ${sim.embedLink()}
username = ${sim.user.login}
provider = Okta
mfa = Auto
aws_urn = urn:amazon:webservices
aws_session_duration = 3600
aws_profile = saml
role_arn = ${wantedRole(arena.sim)}
region = ${REGION}
`,
  );
  await Deno.writeTextFile(`${env.HOME}/.aws/credentials`, "");
  const password = ["--password", sim.user.password];
  return {
    name: "saml2aws",
    command: [program, "--skip-prompt", "--disable-keychain", ...password, ...command.split(" ")],
    env,
    before: async () => ["--mfa-token", await freshCode(arena)],
  };
}

/** aws-okta with its file store, whose passphrase and code are typed. */
export async function awsOkta(arena: Arena, command: string): Promise<Contender | undefined> {
  const program = arena.programs.get("aws-okta");
  if (program === undefined) return undefined;
  const { sim } = arena;
  const env = await homeOf(arena, "aws-okta");
  const app = new URL(sim.embedLink()).pathname.replace(/^\//, "");
  await Deno.writeTextFile(
    `${env.HOME}/.aws/config`,
    `[okta]
aws_saml_url = ${app}

[profile ${AWS_OKTA_PROFILE}]
role_arn = ${wantedRole(arena.sim)}
region = ${REGION}
`,
  );
  const factor = ["--mfa-provider", "GOOGLE", "--mfa-factor-type", "token:software:totp"];
  const common = [program, "--backend", "file", ...factor];
  const contender = {
    name: "aws-okta",
    command: [...common, ...command.split(" ")],
    env,
    typed: async () => [PASSPHRASE, await freshCode(arena)],
  };
  if (await Deno.stat(`${env.HOME}/.aws-okta`).then(() => true, () => false)) return contender;
  const added = ["add", "--domain", new URL(sim.okta).host, "--username", sim.user.login];
  await time({
    name: "aws-okta add",
    command: [...common, ...added],
    env,
    typed: async () => [sim.user.password, await freshCode(arena), PASSPHRASE],
  });
  return contender;
}

/** Before a round of aws-okta: forgets AWS's credentials, and the session at Okta if so wanted. */
export async function forgetAwsOkta({ env }: Contender, session: boolean): Promise<void> {
  const folder = `${env.HOME}/.aws-okta`;
  for await (const { name } of Deno.readDir(folder)) {
    const isKept = name === "okta-creds" || (!session && name.startsWith("okta-session-cookie"));
    if (!isKept) await forget(`${folder}/${name}`);
  }
}

/** gimme-aws-creds; it keeps nothing. */
export async function gimme(
  arena: Arena,
  roles = wantedRole(arena.sim),
): Promise<Contender | undefined> {
  const program = arena.programs.get("gimme-aws-creds");
  if (program === undefined) return undefined;
  const { sim } = arena;
  const env = await homeOf(arena, "gimme");
  await Deno.writeTextFile(
    `${env.HOME}/.okta_aws_login_config`,
    `[DEFAULT]
okta_org_url = ${sim.okta}
gimme_creds_server = appurl
app_url = ${sim.embedLink()}
aws_rolename = ${roles}
okta_username = ${sim.user.login}
write_aws_creds = False
cred_profile = role
resolve_aws_alias = False
include_path = False
preferred_mfa_type = token:software:totp
remember_device = False
aws_default_duration = 3600
output_format = json
open_browser = False
enable_keychain = False
`,
  );
  return {
    name: "gimme-aws-creds",
    command: ["/bin/sh", "-c", `OKTA_MFA_CODE="$1" exec "$0"`, program],
    env: { ...env, OKTA_PASSWORD: sim.user.password, AWS_STS_REGIONAL_ENDPOINTS: "regional" },
    before: async () => [await freshCode(arena)],
    rounds: 4,
  };
}

/** tokendito; the password is a variable. */
export async function tokendito(arena: Arena): Promise<Contender | undefined> {
  const program = arena.programs.get("tokendito");
  if (program === undefined) return undefined;
  const { sim } = arena;
  const env = await homeOf(arena, "tokendito");
  const role = ["--aws-role-arn", wantedRole(arena.sim), "--aws-profile", "bench"];
  const okta = ["--okta-tile", sim.embedLink(), "--username", sim.user.login];
  const factor = ["--okta-mfa", "token:software:totp", "--aws-region", REGION];
  return {
    name: "tokendito",
    command: [program, "--quiet", "--aws-output", "json", ...role, ...okta, ...factor],
    env: { ...env, TOKENDITO_OKTA_PASSWORD: sim.user.password },
    before: async () => ["--okta-mfa-response", await freshCode(arena)],
    rounds: 4,
  };
}

/** aws-vault with keys in its file store: it has no sign-in at Okta. */
export async function awsVault(arena: Arena, command: string): Promise<Contender | undefined> {
  const program = arena.programs.get("aws-vault");
  if (program === undefined) return undefined;
  const home = await homeOf(arena, "aws-vault");
  const env = {
    ...home,
    AWS_VAULT_BACKEND: "file",
    AWS_VAULT_FILE_PASSPHRASE: PASSPHRASE,
    AWS_REGION: REGION,
  };
  const keys = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "x".repeat(40) };
  await time({ name: "add", command: [program, "add", "--env", "keys"], env: { ...env, ...keys } });
  return { name: "aws-vault", command: [program, ...command.split(" ")], env };
}

/** aws-sso with credentials in its plain store, as after a sign-in at IAM Identity Center. */
export async function awsSso(arena: Arena): Promise<Contender | undefined> {
  const program = arena.programs.get("aws-sso");
  if (program === undefined) return undefined;
  const env = await homeOf(arena, "aws-sso");
  const folder = `${env.HOME}/.config/aws-sso`;
  await Deno.mkdir(folder, { recursive: true });
  const [SSORegion, StartUrl] = [REGION, "https://acme.awsapps.com/start"];
  const [accountId, roleName] = [123456789012, "Developer"];
  const arn = `arn:aws:iam::${accountId}:role/${roleName}`;
  const expires = Math.floor(Date.now() / 1000) + 36_000;
  const Roles = { [roleName]: { Arn: arn, Expires: expires } };
  const Accounts = { [accountId]: { Alias: "acme", Roles } };
  const Default = { LastUpdate: expires, Roles: { Accounts, SSORegion, StartUrl } };
  const keys = { accessKeyId: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: "x".repeat(40) };
  const credentials = { roleName, accountId, ...keys, sessionToken: "t".repeat(400) };
  const token = { accessToken: "x", expiresIn: 36_000, expiresAt: expires, tokenType: "Bearer" };
  const files = {
    "config.yaml": {
      SSOConfig: { Default: { SSORegion, StartUrl } },
      CacheRefresh: -1,
      SecureStore: "json",
      AutoConfigCheck: false,
      UrlAction: "open",
    },
    "cache.json": { Version: 4, ConfigCreatedAt: expires, SSO: { Default } },
    "store.json": {
      CreateTokenResponse: { Default: token },
      RoleCredentials: { [arn]: { ...credentials, expiration: expires * 1000 } },
    },
  };
  for (const [name, content] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(content));
  }
  const role = ["--account", `${accountId}`, "--role", roleName];
  return { name: "aws-sso", command: [program, "process", ...role], env };
}

/** A program that needs nothing to be set up. */
export async function plain(
  arena: Arena,
  program: string,
  args: readonly string[],
): Promise<Contender | undefined> {
  const path = arena.programs.get(program);
  if (path === undefined) return undefined;
  const keys = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "x".repeat(40) };
  const env = { ...await homeOf(arena, "plain"), ...keys, AWS_REGION: REGION };
  return { name: program, command: [path, ...args], env };
}
