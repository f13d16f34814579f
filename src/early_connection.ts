/**
 * Opens the connection to Okta before the rest of the program is loaded: both take a tenth of a second.
 * The settings are not parsed here; a wrong guess costs a connection that nobody uses.
 *
 * @module
 */

import { sharedHttpClient } from "./platform/network/shared_client.ts";
import type { LocalPorts } from "./ports.ts";
import { resolvePaths, settingsFile } from "./settings/paths.ts";
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

/**
 * The org that a command will most likely sign in to.
 *
 * @returns `undefined` if several come into question, or none by a request of ours.
 */
export function likelyOrg(text: string, account: string | undefined): string | undefined {
  const accounts = [...readSections(text)].filter(([name, section]) =>
    /^account\s/.test(name) && section.has("org") &&
    !["browser", "device"].includes(section.get("auth") ?? "")
  );
  const named = accounts.filter(([name]) => name.replace(/^account\s+/, "") === account);
  const orgs = new Set((account === undefined ? accounts : named).map(([, one]) => one.get("org")));
  const [org] = orgs;
  return orgs.size === 1 ? org : undefined;
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
export async function connectBeforeLoading(
  local: LocalPorts,
  argv: readonly string[],
): Promise<void> {
  const { environment, files } = local;
  const own = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : argv.length);
  if (!needsOkta(own, own.length < argv.length)) return;
  try {
    const paths = resolvePaths(environment);
    const bytes = await files.read(paths.settings);
    if (bytes === undefined) return;
    const text = new TextDecoder().decode(bytes);
    const org = likelyOrg(text, namedAccount(local, own));
    const program = readSections(text).get("okta-aws");
    const bundle = program?.get("ca_bundle");
    // What is cached in another way is not answered from the cache before this is loaded.
    if (org === undefined || program?.has("cache") && !ALWAYS.includes(own[0]!)) return;
    const caBundle = bundle && settingsFile(bundle, paths, environment);
    const http = sharedHttpClient({ version: VERSION, environment, caBundle });
    http.connectEarly?.(org.includes("://") ? org : `https://${org}`);
  } catch {
    // The command reads the same file, and reports what is wrong with it.
  }
}
