import assert from "node:assert/strict";
import {
  formatShellEnvironment,
  guessShell,
  type Shell,
} from "../../src/credentials/shell_environment.ts";
import { UsageError } from "../../src/errors.ts";

const REQUIRED = Deno.env.get("OKTA_AWS_REQUIRE_REAL") === "1";

const HOSTILE = [
  "",
  " ",
  "plain",
  "FwoGZXIvYXdz//+==",
  "it's",
  "''''",
  `"double"`,
  "$HOME `id` $(id) ${IFS}",
  "back\\slash\\",
  "\\'",
  "a;b&c|d<e>f",
  "*?[x]~#!%PATH%^",
  "!!",
  "-n",
  "new\nline'\nexit 9",
  "carriage\rreturn",
  "tab\tbed",
  "\u2018curly\u2019 \u201a \u201b \u201cdouble\u201d",
  "日本 O’Reilly 😀",
  "\u001b[31m",
  "trailing ",
];

/** Not on Windows: the shells of Git change variables that look like paths. */
function isThere(name: string, args: string[] = ["-c", "exit 0"]): boolean {
  if (Deno.build.os === "windows") return false;
  try {
    return new Deno.Command(name, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

/** Lets a shell run the code and then `env -0`; returns the variables that `env` saw. */
function throughShell(shell: string, args: string[]): Map<string, string> {
  const { stdout, stderr, success } = new Deno.Command(shell, {
    args,
    env: { GONE: "still here", LC_ALL: "C.UTF-8" },
  }).outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
  const entries = new TextDecoder("utf-8", { ignoreBOM: true }).decode(stdout).split("\0");
  return new Map(entries.map((entry) => {
    const at = entry.indexOf("=");
    return [entry.slice(0, at), entry.slice(at + 1)];
  }));
}

const VARIABLES = HOSTILE.map((value, index) => [`V${index}`, value] as const);
const RUNNERS: Partial<Record<Shell, [string, (script: string) => string[]]>> = {
  bash: ["bash", (script) => ["-c", script]],
  zsh: ["zsh", (script) => ["-fc", script]],
  fish: ["fish", (script) => ["--no-config", "-c", script]],
  powershell: ["pwsh", (script) => ["-NoProfile", "-Command", script]],
  nu: ["nu", (script) => ["-c", script]],
};

for (const [shell, [command, args]] of Object.entries(RUNNERS)) {
  Deno.test({
    name: `formatShellEnvironment() survives a real ${command} with hostile values`,
    ignore: !(REQUIRED && command === "bash") && !(isThere(command) && isThere("env", ["-0"])),
    fn() {
      const code = formatShellEnvironment(shell as Shell, [...VARIABLES, ["GONE", undefined]]);
      const seen = throughShell(command, args(`${code}${shell === "nu" ? "^" : ""}env -0`));
      assert.equal(seen.has("GONE"), false);
      // Setting a variable to nothing removes it in PowerShell.
      const expected = VARIABLES.filter(([, value]) => shell !== "powershell" || value !== "");
      for (const [name, value] of expected) assert.equal(seen.get(name), value);
    },
  });
}

Deno.test({
  name: "formatShellEnvironment() works in bash and sh through eval, quoted or not",
  ignore: !isThere("bash"),
  fn() {
    const code = formatShellEnvironment("bash", [
      ["A", "one"],
      ["B", "it's"],
      ["GONE", undefined],
      ["C", "x=y"],
    ]);
    for (const shell of ["bash", "sh"]) {
      for (const read of ['eval "$CODE"', "eval $CODE"]) {
        const { stdout } = new Deno.Command(shell, {
          args: ["-c", `${read}; printf '%s|%s|%s|%s' "$A" "$B" "$C" "\${GONE-unset}"`],
          env: { CODE: code, GONE: "still here" },
        }).outputSync();
        assert.equal(new TextDecoder().decode(stdout), "one|it's|x=y|unset");
      }
    }
  },
});

Deno.test("formatShellEnvironment() writes each shell's own statements", () => {
  const written = (shell: Shell) =>
    formatShellEnvironment(shell, [["A", "it's"], ["B", undefined]]);
  assert.equal(written("bash"), "export A='it'\\''s';\nunset B;\n");
  assert.equal(written("zsh"), written("bash"));
  assert.equal(written("fish"), "set -gx A 'it\\'s';\nset -e B;\n");
  assert.equal(
    written("powershell"),
    "$env:A = 'it''s'\nRemove-Item Env:B -ErrorAction SilentlyContinue\n",
  );
  assert.equal(written("cmd"), 'set "A=it\'s"\nset "B="\n');
  assert.equal(written("nu"), '$env.A = "it\'s"\nhide-env --ignore-errors B\n');
});

Deno.test("formatShellEnvironment() keeps PowerShell's and Nushell's code on its line", () => {
  const value = 'a\nRemove-Item x\r\u2019b"\\';
  assert.equal(
    formatShellEnvironment("powershell", [["A", value]]),
    "$env:A = 'a' + [char]10 + 'Remove-Item x' + [char]13 + '\u2019\u2019b\"\\'\n",
  );
  assert.equal(
    formatShellEnvironment("nu", [["A", value]]),
    '$env.A = "a\\u{a}Remove-Item x\\u{d}\u2019b\\"\\\\"\n',
  );
});

Deno.test("formatShellEnvironment() refuses what a shell can't be given, without showing it", () => {
  const refused: [Shell, string][] = [
    ...["\n", "\r", '"', "%", "!", "\0", "\x1a"].map((bad): [Shell, string] => [
      "cmd",
      `hunter2${bad}`,
    ]),
    ...(["bash", "zsh", "fish", "powershell", "nu"] as const).map((shell): [Shell, string] => [
      shell,
      "hunter2\0",
    ]),
  ];
  for (const [shell, value] of refused) {
    assert.throws(
      () => formatShellEnvironment(shell, [["A", value]]),
      (error) =>
        error instanceof UsageError && error.code === "unquotable" &&
        !error.message.includes("hunter2"),
    );
  }
  assert.throws(() => formatShellEnvironment("bash", [["A; id", "x"]]), { code: "fault" });
});

Deno.test("guessShell() believes the parent first, then the environment", () => {
  const guess = (
    os: "linux" | "darwin" | "windows",
    values: Record<string, string>,
    parent?: string,
  ) => guessShell({ os, get: (name) => values[name], parent });
  assert.equal(guess("linux", { SHELL: "/usr/bin/zsh" }), "zsh");
  assert.equal(guess("darwin", { SHELL: "/opt/homebrew/bin/fish" }), "fish");
  assert.equal(guess("linux", { SHELL: "/bin/zsh" }, "-bash"), "bash");
  assert.equal(guess("linux", { SHELL: "/bin/zsh" }, "make"), "zsh");
  assert.equal(guess("linux", { SHELL: "/bin/dash" }), "bash");
  assert.equal(guess("linux", { SHELL: "/bin/tcsh" }), "bash");
  assert.equal(guess("linux", {}), "bash");
  assert.equal(guess("linux", { SHELL: "/bin/bash", PSModulePath: "/opt/x" }), "powershell");
  assert.equal(guess("linux", { SHELL: "/bin/bash", NU_VERSION: "0.100" }), "nu");
  const machine = "C:\\Program Files\\WindowsPowerShell\\Modules";
  assert.equal(guess("windows", { PSModulePath: machine, ComSpec: "C:\\cmd.exe" }), "cmd");
  const person = `C:\\Users\\jane\\Documents\\WindowsPowerShell\\Modules;${machine}`;
  assert.equal(guess("windows", { PSModulePath: person }), "powershell");
  assert.equal(guess("windows", { PSModulePath: machine }, "pwsh.exe"), "powershell");
  assert.equal(guess("windows", { SHELL: "/usr/bin/bash", PSModulePath: machine }), "bash");
  assert.equal(guess("windows", { PSModulePath: person }, "C:\\Windows\\System32\\CMD.EXE"), "cmd");
  assert.equal(guess("windows", {}), "cmd");
});
