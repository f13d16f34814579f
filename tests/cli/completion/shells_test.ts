/** The completion scripts in the real shells, up to the Tab key. */

import assert from "node:assert/strict";
import { pathWith, writeWrapper } from "../../fakes/programs.ts";
import { ignoreWithout } from "../../real/programs.ts";
import { startOnTerminal } from "../../real/pseudo_terminal.ts";
import { emptyHome, type Home, programCommand, programEnvironment } from "../program.ts";
import { ignorePty } from "../pty.ts";

const [ROLE, ...OTHERS] = ["Admin", "Xa1", "Xb1"].map((name) => ({
  roleArn: `arn:aws:iam::111122223333:role/${name}`,
  principalArn: "arn:aws:iam::111122223333:saml-provider/Okta",
}));

/** What a `refresh` has left: roles, of which the first one's profile's name has a character that Bash breaks words at. */
const ROLE_LIST = {
  version: 1,
  account: "acme",
  apps: { "https://acme.okta.com/app": { seen: 0, roles: [ROLE, ...OTHERS] } },
  aliases: { "111122223333": "dev" },
  names: { [ROLE!.roleArn]: { profile: "okta-dev:Admin", basis: "" } },
  written: {},
};

/** A shell that takes longer hangs; seconds. */
const PATIENCE = 60;

/** A home with names to complete, and `okta-aws` in its `bin`. */
async function homeWithNames(): Promise<Home & { path: string }> {
  const home = await emptyHome();
  await home.write(".aws/okta-aws/roles/1.json", JSON.stringify(ROLE_LIST));
  await home.write("some file.png", "");
  const bin = `${home.folder}/bin`;
  await Deno.mkdir(bin);
  await writeWrapper(`${bin}/okta-aws`, programCommand());
  return Object.assign(home, { path: pathWith(bin) });
}

/** Types into an interactive shell and waits for what a Tab makes of it. */
async function typeInto(shell: string, ready: string, cases: readonly (readonly string[])[]) {
  await using home = await homeWithNames();
  const environment = { PATH: home.path, TERM: "dumb", PS1: "> ", COLUMNS: "200" };
  const terminal = startOnTerminal(
    `cd ${home.folder} && exec timeout --foreground ${PATIENCE} ${shell}`,
    await programEnvironment(home.folder, environment),
  );
  await terminal.type(`${ready}; echo rea''dy\r`);
  await terminal.until("ready");
  for (const [typed = "", completed = ""] of cases) {
    // Ctrl-T shows the line, Ctrl-U clears it: it is not to be run.
    await terminal.type(`okta-aws ${typed}\t\x14`);
    await terminal.until(`<${completed}>`);
    await terminal.type("\x15");
  }
  await terminal.type("exit\r");
  await terminal.end();
}

const CASES = [
  ["refr", "okta-aws refresh "],
  ["exec okta-d", "okta-aws exec okta-dev:Admin "],
  ["exec okta-dev:A", "okta-aws exec okta-dev:Admin "],
  ["cred-process dev/A", "okta-aws cred-process dev/Admin "],
  ["exec adm", "okta-aws exec dev/Admin "],
  ["console ev/Ad", "okta-aws console dev/Admin "],
  ["env --she", "okta-aws env --shell "],
  ["init --qr some", "okta-aws init --qr some\\ file.png "],
] as const;

Deno.test({
  name: "bash completes",
  ignore: ignorePty || ignoreWithout("bash"),
  fn: () =>
    typeInto(
      "bash --norc --noprofile",
      `bind -x '"\\C-t": echo "<$READLINE_LINE>"'; eval "$(okta-aws completions bash)"`,
      // Several names contain it: it stays, and dev/X, what they begin with, does not replace it.
      [...CASES, ["exec 1", "okta-aws exec 1"]],
    ),
});

Deno.test({
  name: "zsh completes",
  ignore: ignorePty || ignoreWithout("zsh"),
  fn: () =>
    typeInto(
      "zsh -f",
      "show() { print -r -- \"<$BUFFER>\" }; zle -N show; bindkey '^T' show; " +
        "autoload -Uz compinit; compinit -u -D; source <(okta-aws completions zsh)",
      [...CASES, ["exec dev/Admin -- cat some", "okta-aws exec dev/Admin -- cat some\\ file.png "]],
    ),
});

Deno.test({
  name: "fish completes",
  ignore: ignoreWithout("fish"),
  async fn() {
    await using home = await homeWithNames();
    const asked = [...CASES.map(([typed]) => typed), "exec dev/Admin -- ech"];
    const ask = asked.map((typed) => `complete -C 'okta-aws ${typed}'; echo .`).join("\n");
    const { stdout, stderr } = await new Deno.Command("fish", {
      args: ["--no-config", "-c", `okta-aws completions fish | source\n${ask}`],
      clearEnv: true,
      cwd: home.folder,
      env: await programEnvironment(home.folder, { PATH: home.path }),
    }).output();
    assert.equal(new TextDecoder().decode(stderr), "");
    const answers = new TextDecoder().decode(stdout).split("\n.\n");
    const offered = answers.map((text) => text.split("\n").map((line) => line.split("\t")[0]));
    assert.deepEqual(offered.slice(0, asked.length - 1), [
      ["refresh"],
      ["okta-dev:Admin"],
      ["okta-dev:Admin"],
      ["dev/Admin"],
      ["dev/Admin"],
      ["dev/Admin"],
      ["--shell"],
      ["some file.png"],
    ]);
    assert.ok(offered[asked.length - 1]?.includes("echo"));
  },
});

Deno.test("completions: exits with 2 and lists the shells for an unknown one", async () => {
  await using home = await emptyHome();
  const { code, stdout, stderr } = await home.run(["completion", "csh"]);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /csh/);
  assert.match(stderr, /bash, zsh, fish, powershell/);
  const known = await home.run(["completions", "powershell"]);
  assert.match(known.stdout, /Register-ArgumentCompleter -Native -CommandName okta-aws/);
});
