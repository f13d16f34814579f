/**
 * The call of a plugin. Runs inside QuickJS; for bundled plugins, in our own thread.
 *
 * @module
 */

type Members = Record<string, unknown>;

/** What to call: a hook or a command by name. */
export interface PluginPart {
  kind: "hook" | "command";
  name: string;
}

/** What the host object is made of. */
export interface HostFunctions {
  settings: Readonly<Record<string, string>>;
  ask(method: string, argument: unknown): Promise<unknown>;
  log(line: unknown): void;
  fetch: typeof fetch;
}

/** The declaration; functions are only named. */
export function describePlugin(
  { name, apiVersion, permissions, hooks, commands }: Members,
): unknown {
  const functions = Object.entries(hooks ?? {}).filter(([, hook]) => typeof hook === "function");
  const described = Object.entries((commands ?? {}) as Record<string, Members>).map((entry) => {
    const [command, { brief, args, run }] = entry;
    return [command, typeof run === "function" ? { brief, args } : null] as const;
  });
  return {
    name,
    apiVersion,
    permissions,
    hooks: functions.map(([hook]) => hook),
    commands: Object.fromEntries(described),
  };
}

export async function callPlugin(
  plugin: Members,
  { part, event }: { part: PluginPart; event: unknown },
  { settings, ask, log, fetch }: HostFunctions,
): Promise<unknown> {
  const group = plugin[part.kind === "hook" ? "hooks" : "commands"] as Members;
  const found = group?.[part.name];
  const holder = part.kind === "hook" ? group : found as Members;
  const call = part.kind === "hook" ? found : holder?.run;
  if (typeof call !== "function") throw new TypeError(`it has no ${part.kind} ${part.name}`);
  const host = Object.freeze({
    settings: Object.freeze(settings),
    log,
    confirm: (question: unknown) => ask("confirm", { question }),
    consoleUrl: (profile: unknown) => ask("consoleUrl", { profile }),
    updateKubeconfig: (kubeconfig: unknown, entries: unknown) =>
      ask("updateKubeconfig", { kubeconfig, entries }),
    fetch,
  });
  return await call.call(holder, event, host);
}
