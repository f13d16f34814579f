/**
 * Shell code that sets environment variables. Every value counts as hostile: a profile's name, a
 * region from a file.
 *
 * @module
 */

import { Fault, UsageError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";

/** The shells that code can be written for. */
export const SHELLS = ["bash", "zsh", "fish", "powershell", "cmd", "nu"] as const;

/** One of {@linkcode SHELLS}. */
export type Shell = typeof SHELLS[number];

/** One shell's syntax; the values have passed {@linkcode refuseUnquotable}. */
interface Syntax {
  set(name: string, value: string): string;
  unset(name: string): string;
}

// The semicolons let `eval $(okta-aws env)` work without quotes, as people write it.
const POSIX: Syntax = {
  set: (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}';`,
  unset: (name) => `unset ${name};`,
};

/** PowerShell reads typographic quotes as plain ones, and piped code one line at a time. */
function powershellString(value: string): string {
  const lines = value.split(/(\r|\n)/).map((part) => {
    if (part === "\r" || part === "\n") return `[char]${part.charCodeAt(0)}`;
    return `'${part.replace(/['\u2018-\u201b]/g, "$&$&")}'`;
  });
  return lines.join(" + ");
}

/** Nushell has JSON's escapes; `\u{…}` for the rest. */
function nuString(value: string): string {
  const escaped = value.replace(/["\\]/g, "\\$&").replace(
    /\p{Cc}/gu,
    (character) => `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
  return `"${escaped}"`;
}

const SYNTAXES: Record<Shell, Syntax> = {
  bash: POSIX,
  zsh: POSIX,
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replace(/['\\]/g, "\\$&")}';`,
    unset: (name) => `set -e ${name};`,
  },
  powershell: {
    set: (name, value) => `$env:${name} = ${powershellString(value)}`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
  cmd: {
    set: (name, value) => `set "${name}=${value}"`,
    unset: (name) => `set "${name}="`,
  },
  nu: {
    set: (name, value) => `$env.${name} = ${nuString(value)}`,
    unset: (name) => `hide-env --ignore-errors ${name}`,
  },
};

/** cmd has no quoting for these that works both on the command line and in a batch file. */
const UNQUOTABLE_IN_CMD = /["%!\p{Cc}]/u;

function refuseUnquotable(shell: Shell, name: string, value: string): void {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new Fault(`not a variable: ${showUntrusted(name)}`);
  const isUnquotable = shell === "cmd" ? UNQUOTABLE_IN_CMD.test(value) : value.includes("\0");
  if (!isUnquotable) return;
  throw new UsageError(`the value of ${name} has a character that ${shell} can't be given safely`, {
    code: "unquotable",
    hint: "use --json, another shell, or `okta-aws exec`",
  });
}

/**
 * Shell code that sets and unsets variables, for `eval` and the like.
 *
 * @param variables Names and values, in order; `undefined` unsets.
 * @throws {UsageError} `unquotable` if a value can't be quoted safely: NUL in any shell; in cmd
 * also `"`, `%`, `!` and control characters.
 */
export function formatShellEnvironment(
  shell: Shell,
  variables: readonly (readonly [name: string, value: string | undefined])[],
): string {
  const syntax = SYNTAXES[shell];
  return variables.map(([name, value]) => {
    refuseUnquotable(shell, name, value ?? "");
    return `${value === undefined ? syntax.unset(name) : syntax.set(name, value)}\n`;
  }).join("");
}

/** The variables that are set, as a JSON object on a line. */
export function formatJsonEnvironment(
  variables: readonly (readonly [name: string, value: string | undefined])[],
): string {
  const set = variables.filter(([, value]) => value !== undefined);
  return `${JSON.stringify(Object.fromEntries(set))}\n`;
}

/** What {@linkcode guessShell} looks at. */
export interface ShellSigns {
  /** The environment; an empty variable counts as unset. */
  get: (name: string) => string | undefined;
  /** The operating system. */
  os: "linux" | "darwin" | "windows";
  /** The program that started us: the best sign of all. */
  parent?: string | undefined;
}

function shellNamed(program: string | undefined): Shell | undefined {
  const name = program?.split(/[\\/]/).at(-1)?.replace(/^-/, "").replace(/\.exe$/i, "")
    .toLowerCase();
  if (name === "pwsh") return "powershell";
  // Bourne's syntax is all that we use of bash's.
  if (name !== undefined && ["sh", "dash", "ash", "ksh", "mksh"].includes(name)) return "bash";
  return SHELLS.find((shell) => shell === name);
}

/**
 * The shell that is most likely to read the code.
 *
 * @param signs The parent's name, then `NU_VERSION`, `PSModulePath`, `SHELL` and the system.
 * @returns Default: bash, on Windows cmd.
 */
export function guessShell(signs: ShellSigns): Shell {
  const { get, os } = signs;
  const parent = shellNamed(signs.parent);
  if (parent !== undefined) return parent;
  if (get("NU_VERSION") !== undefined) return "nu";
  const modules = get("PSModulePath");
  if (os !== "windows") {
    return modules === undefined ? shellNamed(get("SHELL")) ?? "bash" : "powershell";
  }
  // Git Bash and MSYS2 set SHELL there; Windows itself sets PSModulePath, PowerShell adds to it.
  const shell = shellNamed(get("SHELL"));
  if (shell !== undefined) return shell;
  return /\\(Documents|OneDrive[^;]*)\\(Windows)?PowerShell\\/i.test(modules ?? "")
    ? "powershell"
    : "cmd";
}
