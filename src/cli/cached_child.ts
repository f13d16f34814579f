/**
 * `exec` and `env` with cached credentials: like `cred-process` (`credentials/fast_path.ts`), neither
 * the settings nor anything that could talk to Okta or AWS is loaded.
 *
 * @module
 */

import { childVariables, mergeVariables, type Variables } from "../credentials/child_variables.ts";
import { toIssued } from "../credentials/credential_document.ts";
import { readFreshDocument, readMeaning } from "../credentials/fast_path.ts";
import type { ChildFacts } from "../credentials/fast_path_index.ts";
import type { LocalPorts, Processes } from "../ports.ts";
import { noteRecentRole } from "../roles/recent_roles.ts";
import { resolvePaths } from "../settings/paths.ts";

/** What this needs of the machine. */
export interface ChildPorts extends LocalPorts {
  processes(): Promise<Pick<Processes, "exec" | "parentName">>;
  /** Whether there is a terminal to ask on. */
  canAsk(): Promise<boolean>;
}

/**
 * Runs `exec` or `env`.
 *
 * @returns The exit code; `undefined` if the command line has to run in full, as for
 * {@linkcode readFastPath}. Nothing has been printed or run then.
 */
export async function runCachedChild(
  ports: ChildPorts,
  argv: readonly string[],
): Promise<number | undefined> {
  const cut = argv.indexOf("--");
  const own = cut < 0 ? argv : argv.slice(0, cut);
  const [program, ...args] = cut < 0 ? [] : argv.slice(cut + 1);
  if ((own[0] === "exec") !== (program !== undefined)) return undefined;
  const cached = await readCached(ports, own);
  if (cached === undefined) return undefined;
  const { variables, child } = cached;
  const say = () => child.notice !== undefined && ports.output.notice(`${child.notice}\n`);
  if (program === undefined) {
    const text = await formatVariables(ports, variables, child);
    if (text === undefined) return undefined;
    say();
    ports.output.answer(text);
    return 0;
  }
  const processes = await ports.processes();
  say();
  return await processes.exec(
    [program, ...args],
    mergeVariables(ports.environment.all(), variables),
  );
}

/** The variables for a command line, if they are in the cache and it may be answered from there. */
async function readCached(
  ports: ChildPorts,
  own: readonly string[],
): Promise<{ variables: Variables; child: ChildFacts } | undefined> {
  try {
    const { document: path, child } = await readMeaning(ports, own) ?? {};
    if (path === undefined || child === undefined) return undefined;
    const document = await readFreshDocument(ports, path);
    if (document === undefined || (child.isPart && !await ports.canAsk())) return undefined;
    const { roleArn, open } = document;
    const { profile, region, typed } = child;
    const context = { ports, paths: resolvePaths(ports.environment) };
    await noteRecentRole(context, { roleArn, profile, typed });
    const request = { profile, region, chain: [{ roleArn }] };
    return { child, variables: childVariables(request, toIssued(document, open)) };
  } catch {
    // The full run meets the same trouble and reports it.
    return undefined;
  }
}

/** @returns `undefined` if the shell can't be given a value safely. */
async function formatVariables(
  { environment: { get, os }, processes }: ChildPorts,
  variables: Variables,
  { json, shell }: ChildFacts,
): Promise<string | undefined> {
  const { formatJsonEnvironment, formatShellEnvironment, guessShell } = await import(
    "../credentials/shell_environment.ts"
  );
  if (json) return formatJsonEnvironment(variables);
  try {
    const parent = shell === undefined ? await (await processes()).parentName() : undefined;
    return formatShellEnvironment(shell ?? guessShell({ get, os, parent }), variables);
  } catch {
    return undefined;
  }
}
