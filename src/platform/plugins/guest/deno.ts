/** Runs inside QuickJS: `Deno`, and the two steps of a plugin's start. @module */

import type { GuestBasics } from "./basics.ts";
import type { callPlugin, describePlugin, PluginPart } from "./plugin.ts";

type Members = Record<string, unknown>;

/** The functions of `plugin.ts`. */
interface PluginFunctions {
  describePlugin: typeof describePlugin;
  callPlugin: typeof callPlugin;
}

interface Task {
  part: { kind: "declaration" } | PluginPart;
  event: unknown;
  settings: Record<string, string>;
  env: Record<string, string>;
  os: string;
}

export function installDeno(
  { native, parse, ask, send, log, define, missing, bufferOf, errors }: GuestBasics,
  { describePlugin, callPlugin }: PluginFunctions,
): (plugin: unknown, task: string) => Promise<void> {
  /** They would make our side wait, or reach what no permission covers. */
  const ABSENT = [
    ...["exit", "kill", "cwd", "chdir", "execPath", "open", "create", "connect", "connectTls"],
    ...["listen", "listenTls", "serve", "resolveDns", "symlink", "link", "readLink", "chmod"],
    ...["chown", "truncate", "utime", "makeTempFile", "makeTempDir", "watchFs", "dlopen"],
    ...["hostname", "addSignalListener", "removeSignalListener", "memoryUsage"],
  ];
  const SYNC = [
    ...["readFile", "readTextFile", "writeFile", "writeTextFile", "stat", "lstat", "readDir"],
    ...["mkdir", "remove", "rename", "copyFile", "realPath"],
  ];

  const pathOf = (path: unknown): string => {
    const { protocol, pathname } = Object(path) as { protocol?: string; pathname?: string };
    return protocol === "file:" ? decodeURIComponent(pathname!) : String(path);
  };
  const bytesFrom = (base64: unknown) => new Uint8Array(native.fromBase64(base64 as string));
  const readFile = async (path: unknown) =>
    bytesFrom(await ask("readFile", { path: pathOf(path) }));
  const writeFile = async (
    path: unknown,
    bytes: ArrayBuffer | ArrayBufferView,
    { append, create, createNew, mode }: Members = {},
  ): Promise<void> => {
    const text = native.toBase64(bufferOf(bytes));
    await ask("writeFile", { path: pathOf(path), bytes: text, append, create, createNew, mode });
  };
  const infoFrom = async (method: string, path: unknown): Promise<Members> => {
    const info = await ask(method, { path: pathOf(path) }) as Members;
    const dates = ["mtime", "atime", "birthtime"].map((name) => [
      name,
      typeof info[name] === "number" ? new Date(info[name]) : null,
    ]);
    return { ...info, ...Object.fromEntries(dates) };
  };

  class Command {
    readonly #program: string;
    readonly #options: Members;
    constructor(program: unknown, options: Members = {}) {
      this.#program = pathOf(program);
      this.#options = options;
    }
    async output(): Promise<Members> {
      const { args = [], cwd, env = {}, clearEnv = false } = this.#options;
      const words = Array.from(args as unknown[], String);
      const folder = cwd === undefined ? undefined : pathOf(cwd);
      const asked = { program: this.#program, args: words, cwd: folder, env, clearEnv };
      const { stdout, stderr, ...status } = await ask("run", asked) as Members;
      return { ...status, stdout: bytesFrom(stdout), stderr: bytesFrom(stderr) };
    }
    outputSync = missing("Deno.Command.outputSync", "output");
    spawn = missing("Deno.Command.spawn", "output");
  }

  const absent = [
    ...ABSENT.flatMap((name) => [name, `${name}Sync`]).map((name) => [
      name,
      missing(`Deno.${name}`),
    ]),
    ...SYNC.map((name) => [`${name}Sync`, missing(`Deno.${name}Sync`, `Deno.${name}`)]),
  ];

  const makeDeno = ({ env, os }: Task): unknown =>
    Object.freeze({
      ...Object.fromEntries(absent),
      errors: Object.freeze(errors),
      build: Object.freeze({ os }),
      Command,
      env: Object.freeze({
        get(name: unknown): string | undefined {
          const wanted = String(name);
          if (Object.hasOwn(env, wanted)) return env[wanted];
          // Granted, but not set.
          if (Object.hasOwn(env, `?${wanted}`)) return undefined;
          throw new errors.NotCapable!(`${wanted} is not among the permissions "env"`);
        },
        has(name: unknown): boolean {
          return this.get(name) !== undefined;
        },
        toObject: () => Object.fromEntries(Object.entries(env).filter(([name]) => name[0] !== "?")),
        set: missing("Deno.env.set"),
        delete: missing("Deno.env.delete"),
      }),
      readFile,
      readTextFile: async (path: unknown) => {
        const { buffer } = await readFile(path);
        return native.decodeText(buffer, "utf-8", false, true);
      },
      writeFile,
      writeTextFile: (path: unknown, text: unknown, options?: Members) =>
        writeFile(path, native.encodeText(String(text)), options),
      stat: (path: unknown) => infoFrom("stat", path),
      lstat: (path: unknown) => infoFrom("lstat", path),
      async *readDir(path: unknown): AsyncGenerator<unknown> {
        yield* await ask("readDir", { path: pathOf(path) }) as unknown[];
      },
      mkdir: async (path: unknown, { recursive, mode }: Members = {}) => {
        await ask("mkdir", { path: pathOf(path), recursive, mode });
      },
      remove: async (path: unknown, { recursive }: Members = {}) => {
        await ask("remove", { path: pathOf(path), recursive });
      },
      rename: async (from: unknown, to: unknown) => {
        await ask("rename", { path: pathOf(from), to: pathOf(to) });
      },
      copyFile: async (from: unknown, to: unknown) => {
        await ask("copyFile", { path: pathOf(from), to: pathOf(to) });
      },
      realPath: (path: unknown) => ask("realPath", { path: pathOf(path) }),
    });

  let begun: Task | undefined;
  /** First only with a task, then with the plugin's module, which needs `Deno` while it loads. */
  return async (module, text) => {
    if (begun === undefined) {
      begun = parse(text) as Task;
      return define("Deno", makeDeno(begun));
    }
    try {
      const { default: plugin } = await module as Members;
      if (typeof plugin !== "object" || plugin === null) {
        throw new TypeError("its default export is not an object");
      }
      const { part, event, settings } = begun;
      const fetch = (...args: Parameters<typeof globalThis.fetch>) => globalThis.fetch(...args);
      const value = part.kind === "declaration"
        ? describePlugin(plugin as Members)
        : await callPlugin(plugin as Members, { part, event }, { settings, ask, log, fetch });
      send({ kind: "done", value: value ?? null });
    } catch (error) {
      const { name, message = error } = Object(error) as Error;
      const memory = name === "InternalError" && message === "out of memory";
      send(memory ? { kind: "memory" } : { kind: "threw", message: String(message) });
    }
  };
}
