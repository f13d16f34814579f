/**
 * Begins what takes a tenth of a second before the rest of the program is loaded, which takes as long:
 * the connection to Okta, the key of the `file` backend, the mark of a password from the environment.
 * The settings are not parsed here; a wrong guess costs a connection, or a key, that nobody uses.
 *
 * @module
 */

import { gatherEntropy } from "./platform/network/entropy.ts";
import type { LocalPorts } from "./ports.ts";
import { type Paths, resolvePaths, settingsFile } from "./settings/paths.ts";
import { VERSION } from "./version.ts";

/** They ask Okta whatever is cached. */
const ALWAYS = ["refresh", "signin"];

/** With PROFILE alone they answer from the cache before this is loaded, if they can. */
const IF_NOT_CACHED = ["cred-process", "exec", "env"];

type Section = ReadonlyMap<string, string>;

/** Sections by name, without what is quoted or otherwise unusual. */
function readSections(text: string): Map<string, Section> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name] = /^\[\s*([^\]"']+?)\s*\]/.exec(line) ?? [];
    if (name !== undefined) sections.set(name, section = new Map());
    const [, key, value] = /^(\w+)\s*=\s*(.*?)(?:\s+[#;].*)?\s*$/.exec(line) ?? [];
    if (key !== undefined) section.set(key, value!);
  }
  return sections;
}

/** The account that the command line or a variable names. */
function namedAccount({ environment }: LocalPorts, argv: readonly string[]): string | undefined {
  const at = argv.indexOf("--account");
  const joined = argv.find((one) => one.startsWith("--account="));
  return at >= 0 ? argv[at + 1] : joined?.slice("--account=".length) ??
    environment.get("OKTA_AWS_ACCOUNT");
}

/** An account of the settings, as far as it is read here. */
interface LikelyAccount {
  name: string;
  org: string;
  backend: string | undefined;
}

/**
 * The account that a command will most likely sign in to.
 *
 * @returns `undefined` if several orgs come into question, or none by a request of ours.
 */
export function likelyAccount(
  text: string,
  account: string | undefined,
): LikelyAccount | undefined {
  const accounts = [...readSections(text)].filter(([name, section]) =>
    /^account\s/.test(name) && section.has("org") &&
    !["browser", "device"].includes(section.get("auth") ?? "")
  ).map(([section, keys]) => ({
    name: section.replace(/^account\s+/, ""),
    org: keys.get("org")!,
    backend: keys.get("backend"),
  }));
  const likely = accounts.filter(({ name }) => account === undefined || name === account);
  return new Set(likely.map(({ org }) => org)).size === 1 ? likely[0] : undefined;
}

/**
 * Without PROFILE a menu may open; with flags, or for a shell (`exec` without a command), the answer may
 * be cached all the same.
 */
function needsOkta(own: readonly string[], hasCommand: boolean): boolean {
  const [command = "", profile = "-"] = own;
  if (own.some((one) => /^--config\b/.test(one))) return false;
  if (ALWAYS.includes(command)) return true;
  if (command === "exec" && !hasCommand) return false;
  return IF_NOT_CACHED.includes(command) && own.length === 2 && !profile.startsWith("-");
}

/** Never fails: what is wrong shows when the command runs. */
export async function startEarly(local: LocalPorts, argv: readonly string[]): Promise<void> {
  const { environment, files } = local;
  const own = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : argv.length);
  if (!needsOkta(own, own.length < argv.length)) return;
  try {
    const paths = resolvePaths(environment);
    const bytes = await files.read(paths.settings);
    if (bytes === undefined) return;
    const text = new TextDecoder().decode(bytes);
    const account = likelyAccount(text, namedAccount(local, own));
    const program = readSections(text).get("okta-aws");
    const bundle = program?.get("ca_bundle");
    // What is cached in another way is not answered from the cache before this is loaded.
    if (account === undefined || program?.has("cache") && !ALWAYS.includes(own[0]!)) return;
    const org = account.org.includes("://") ? account.org : `https://${account.org}`;
    if (org.startsWith("https:")) void gatherEntropy();
    const { sharedHttpClient } = await import("./platform/network/shared_client.ts");
    const caBundle = bundle && settingsFile(bundle, paths, environment);
    sharedHttpClient({ version: VERSION, environment, caBundle }).connectEarly?.(org);
    await deriveAhead(local, account, paths);
  } catch {
    // The command reads the same file, and reports what is wrong with it.
  }
}

/** Slow hashes, on another thread. */
async function deriveAhead(
  { environment, files }: LocalPorts,
  { name, backend }: LikelyAccount,
  { settingsDirectory, cache }: Paths,
): Promise<void> {
  const { get } = environment;
  switch (get("OKTA_AWS_BACKEND") ?? get("AWS_OKTA_BACKEND") ?? backend) {
    case "file": {
      if (get("OKTA_AWS_FILE_PASSPHRASE") === undefined) return;
      const { unlockAhead } = await import("./platform/secret_stores/file.ts");
      const secretsFolder = `${settingsDirectory}/secrets`;
      return await unlockAhead(name, { environment, files, secretsFolder });
    }
    case "env": {
      // With a TOTP secret the hash is not slow, and with a session the password is probably not sent.
      if (get("OKTA_AWS_TOTP") !== undefined) return;
      if ((await files.list(`${cache}/sessions`)).length > 0) return;
      const { environmentPassword } = await import("./platform/secret_stores/env.ts");
      const { fingerprintAhead } = await import("./secrets/password_fingerprint.ts");
      const password = environmentPassword(environment);
      if (password !== undefined) fingerprintAhead(password);
    }
  }
}
