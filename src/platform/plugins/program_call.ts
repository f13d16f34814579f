/** `Deno.Command` of plugins: only granted programs, and never past the end of the plugin. @module */

import type { Environment, PluginSetup } from "../../ports.ts";
import { pathIn } from "../files/paths.ts";
import { childEnvironment } from "../processes/child_process.ts";
import { programEndings } from "../processes/find_program.ts";
import type { Argument } from "./file_calls.ts";
import { notCapable, PluginCallError } from "./plugin_error.ts";

/** Needed by most programs. */
const PROGRAMS = ["PATH", "PATHEXT", "HOME", "USERPROFILE", "LANG", "TMPDIR", "TEMP", "TMP"];
/** Make a program load other code; Deno asks for more than one program's permission for them, too. */
const LOADERS = /^(?:LD|DYLD)_/i;
const MOST_OUTPUT = 2 * 1024 * 1024;

const windows: boolean = Deno.build.os === "windows";

async function isProgram(path: string): Promise<boolean> {
  const info = await Deno.stat(path).catch(() => undefined);
  return info?.isFile === true && (windows || ((info.mode ?? 0) & 0o111) !== 0);
}

/** The absolute path of a program: itself, or found in the absolute folders of PATH. */
async function findProgram(program: string, { get }: Environment): Promise<string> {
  const endings = programEndings(program, get);
  const folders = (get("PATH") ?? "").split(windows ? ";" : ":");
  const named = /[\\/]/.test(program)
    ? [program]
    : folders.map((folder) => folder === "" ? "" : pathIn(folder, program));
  const candidates = named.filter((path) => pathIn("", path) === path && path !== "")
    .flatMap((path) => endings.map((ending) => path + ending));
  for (const path of candidates) if (await isProgram(path)) return path;
  throw new PluginCallError("NotFound", `program not found: ${program}`);
}

function variables(
  environment: Environment,
  { permissions: { env } }: PluginSetup,
  { env: more, clearEnv }: Argument,
): Record<string, string> {
  // Names have no case on Windows, where PATH is often `Path`.
  const key = (name: string) => windows ? name.toUpperCase() : name;
  const wanted = new Set([...env, ...PROGRAMS, ...(windows ? ["SYSTEMROOT"] : [])].map(key));
  const all = Object.entries(childEnvironment(environment.all()));
  const own = clearEnv === true ? [] : all.filter(([name]) => wanted.has(key(name)));
  const given = Object.entries(Object(more)).map(([name, value]) => [name, String(value)]);
  const loader = given.find(([name]) => LOADERS.test(name!));
  if (loader !== undefined) throw notCapable(`the variable ${loader[0]} can't be set`);
  return { ...Object.fromEntries(own), ...Object.fromEntries(given) };
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MOST_OUTPUT) {
      throw new PluginCallError("InvalidData", "the program prints too much");
    }
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()).toBase64();
}

function killGroup(pid: number): void {
  for (const target of windows ? [pid] : [-pid, pid]) {
    try {
      Deno.kill(target, "SIGKILL");
    } catch { /* it has ended */ }
  }
}

/** Runs a program to its end. It has no input and no terminal. */
export async function runProgram(
  environment: Environment,
  setup: PluginSetup,
  { argument, signal }: { argument: Argument; signal: AbortSignal },
): Promise<unknown> {
  const { program, args, cwd } = argument;
  if (typeof program !== "string" || !setup.permissions.run.includes(program)) {
    throw notCapable(`${program} is not among the permissions "run"`);
  }
  const words = Array.isArray(args) ? args.map(String) : [];
  const path = await findProgram(program, environment);
  signal.throwIfAborted();
  const child = new Deno.Command(path, {
    args: words,
    clearEnv: true,
    env: variables(environment, setup, argument),
    cwd: typeof cwd === "string" ? cwd : environment.home,
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let ended = false;
  const kill = (): void => {
    // Its process id may have been reused.
    if (!ended) killGroup(child.pid);
  };
  signal.addEventListener("abort", kill);
  try {
    const [stdout, stderr, status] = await Promise.all([
      collect(child.stdout),
      collect(child.stderr),
      child.status,
    ]);
    ended = true;
    const { code, success, signal: by } = status;
    return { code, success, signal: by, stdout, stderr };
  } finally {
    signal.removeEventListener("abort", kill);
    kill();
  }
}
