import assert from "node:assert/strict";
import { DEVELOPER, OLD_HOMES } from "../fakes/old_homes.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { emptyHome, type Home, secretsOf, signIns, simulatorEnvironment } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

/** On Windows only administrators make links. */
const ignoreLinks = Deno.build.os === "windows";

/** A home without any account of ours. */
async function oldHome(sim: Simulator, files: Record<string, string>): Promise<Home> {
  const home = await emptyHome(simulatorEnvironment(sim));
  for (const [path, text] of Object.entries(files)) await home.write(path, text);
  return home;
}

function oktaAwscli(sim: Simulator, more = ""): Record<string, string> {
  const text = `[default]\nbase-url = ${sim.okta}\nusername = ${sim.user.login}\n` +
    `app-link = ${sim.embedLink()}\nprofile = work\nrole = ${DEVELOPER}\n${more}`;
  return { ".okta-aws": text };
}

/** Every file below the home folder with its content, the cache's locks aside. */
async function snapshot(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (name === "locks") continue;
    if (isDirectory) { for (const one of await snapshot(path)) files.set(...one); }
    else files.set(path, await Deno.readTextFile(path));
  }
  return files;
}

Deno.test("import: --dry-run and --json print the plan without secrets and write nothing", async () => {
  await using sim = await startSimulator();
  await using home = await oldHome(sim, {
    ...OLD_HOMES["saml2aws"]!.files(sim),
    ...oktaAwscli(sim, "password = hunter2\n"),
    ".aws/config": `[profile proc]\ncredential_process = aws-okta-processor authenticate -u jane ` +
      `-o ${sim.okta} -p "hunter 2" -r ${DEVELOPER}\n`,
  });
  const before = await snapshot(home.folder);
  const dry = await home.run(["import", "--dry-run"]);
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /^\+\[account okta\]$|^\+\[account 127\]$|^\+\[account .+\]$/m);
  assert.match(dry.stdout, /^-credential_process = aws-okta-processor .* -p \[secret\] -r/m);
  assert.match(dry.stdout, /^-aws_secret_access_key = \[secret\]$/m);
  const json = await home.run(["import", "--json"]);
  const plan = JSON.parse(json.stdout);
  assert.equal(plan.written, false);
  assert.deepEqual(
    plan.tools.map(({ tool }: { tool: string }) => tool),
    ["saml2aws", "okta-awscli", "aws-okta-processor"],
  );
  for (const text of [dry.stdout, dry.stderr, json.stdout, json.stderr]) {
    assert.doesNotMatch(text, /hunter/);
  }
  const unasked = await home.run(["import"]);
  assert.equal(unasked.code, 4);
  assert.match(unasked.stderr, /--yes/);
  assert.deepEqual(await snapshot(home.folder), before);
});

Deno.test("import: --yes --secrets-stdin signs in once; the old password is nowhere of ours", async () => {
  await using sim = await startSimulator();
  const files = oktaAwscli(sim, "password = hunter2\n");
  await using home = await oldHome(sim, files);
  const taken = await home.run(["import", "okta-awscli", "--yes", "--secrets-stdin"], {
    stdin: secretsOf(sim),
  });
  assert.equal(taken.code, 0, taken.stderr);
  assert.match(taken.stderr, /okta-awscli: \[default\] password: in plain text/);
  assert.equal(signIns(sim), 1);
  const { code, stderr } = await home.run(["cred-process", "work"]);
  assert.equal(code, 0, stderr);
  assert.equal(signIns(sim), 1);
  for (const [path, text] of await snapshot(home.folder)) {
    if (!path.endsWith("/.okta-aws")) assert.ok(!text.includes("hunter2"), path);
  }
  assert.equal(await home.read(".okta-aws"), files[".okta-aws"]);
  const again = await home.run(["import", "--yes"]);
  assert.equal(again.code, 0);
  assert.match(again.stderr, /nothing to import/);
});

Deno.test("import: a rejected password leaves the settings, and says what to do", async () => {
  await using sim = await startSimulator();
  await using home = await oldHome(sim, oktaAwscli(sim));
  const { code, stderr } = await home.run(["import", "--yes", "--secrets-stdin"], {
    stdin: JSON.stringify({ password: "wrong" }),
  });
  assert.equal(code, 3, stderr);
  assert.match(stderr, /try again: okta-aws init$/m);
  assert.match(await home.read(".config/okta-aws/config.ini"), /^\[account default\]$/m);
  assert.equal((await home.run(["import", "--undo"])).code, 0);
  assert.equal(await home.read(".config/okta-aws/config.ini"), "");
});

Deno.test("import: keeps symbolic links, modes and CRLF; --undo restores every byte", {
  ignore: ignoreLinks,
}, async () => {
  await using sim = await startSimulator();
  await using home = await oldHome(sim, {
    ...oktaAwscli(sim),
    "dotfiles/config": "\ufeff# mine\r\n[profile work]\r\nREGION = eu-west-1\r\n\r\n[default]\r\n",
  });
  await Deno.mkdir(`${home.folder}/.aws`);
  await Deno.symlink(`${home.folder}/dotfiles/config`, `${home.folder}/.aws/config`);
  await Deno.chmod(`${home.folder}/dotfiles/config`, 0o644);
  const before = await Deno.readFile(`${home.folder}/dotfiles/config`);
  const taken = await home.run(["import", "--yes", "--quiet"]);
  assert.deepEqual([taken.code, taken.stdout, taken.stderr], [0, "", ""]);
  assert.match(
    await home.read("dotfiles/config"),
    /cred-process work\r\nokta_account_name = default\r\n/,
  );
  assert.doesNotMatch(await home.read("dotfiles/config"), /region = us-east-1/);
  const copies = await Array.fromAsync(Deno.readDir(`${home.folder}/.aws/okta-aws/imports`));
  assert.equal(copies.length, 1);
  for await (
    const { name } of Deno.readDir(`${home.folder}/.aws/okta-aws/imports/${copies[0]!.name}`)
  ) {
    const path = `${home.folder}/.aws/okta-aws/imports/${copies[0]!.name}/${name}`;
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  }
  assert.equal((await home.run(["import", "--undo"])).code, 0);
  assert.deepEqual(await Deno.readFile(`${home.folder}/dotfiles/config`), before);
  assert.equal((await Deno.stat(`${home.folder}/dotfiles/config`)).mode! & 0o777, 0o644);
  assert.ok((await Deno.lstat(`${home.folder}/.aws/config`)).isSymlink);
  const none = await home.run(["import", "--undo"]);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /no import to undo/);
});

Deno.test("import: a file that can't be read keeps one tool from being imported, not all", async () => {
  await using sim = await startSimulator();
  await using home = await oldHome(sim, {
    ...oktaAwscli(sim),
    ".okta_aws_login_config": "\u0000\u0001garbage\n= x\n[half\n".repeat(10),
    ".clisso.yaml": "providers: [\n",
  });
  await Deno.mkdir(`${home.folder}/.saml2aws`);
  const { code, stdout, stderr } = await home.run(["import", "--json"]);
  assert.equal(code, 0, stderr);
  const plan = JSON.parse(stdout);
  assert.deepEqual(plan.profiles.map(({ name }: { name: string }) => name), ["work"]);
  const left = plan.leftOut.map(({ tool }: { tool: string }) => tool);
  assert.deepEqual([...new Set(left)], ["saml2aws", "gimme-aws-creds", "clisso"]);
  assert.equal(left.length, 6);
});

Deno.test("import: rejects unknown tools and flags, and says when there is nothing", async () => {
  await using sim = await startSimulator();
  await using home = await oldHome(sim, {});
  for (
    const [args, code, text] of [
      [["okta-cli"], 2, /unknown tool: okta-cli/],
      [["clisso"], 2, /no settings of clisso found/],
      [["--undo", "--yes"], 2, /--undo takes nothing else/],
      [[], 0, /found no settings of other tools/],
    ] as const
  ) {
    const run = await home.run(["import", ...args]);
    assert.equal(run.code, code, run.stderr);
    assert.match(run.stderr, text);
  }
});

Deno.test({
  name:
    "import: asks about profiles that exist, takes a no, and the old file's password after a yes",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator();
    const theirs = "[profile work]\nrole_arn = arn:aws:iam::123456789012:role/Mine\n" +
      "source_profile = default\n";
    await using home = await oldHome(sim, {
      ...oktaAwscli(sim, `password = ${sim.user.password}\n`),
      ".aws/config": theirs,
    });
    const no = await runOnTerminal(home, ["import"]);
    await no.until("profile work exists, with role_arn");
    await no.type("\r");
    await no.answer("(Y/n)", "n");
    assert.match((await no.end()).shown, /nothing was changed/);
    assert.equal(await home.read(".config/okta-aws/config.ini"), "");
    const yes = await runOnTerminal(home, ["import"]);
    await yes.until("profile work exists, with role_arn");
    await yes.type("\x1b[B\x1b[B\r");
    await yes.until("Write these settings and 1 profile?");
    await yes.answer("(Y/n)", "y");
    await yes.until("Use the password from");
    await yes.answer("(Y/n)", "y");
    await yes.answer("Code of Google Authenticator", await sim.user.code());
    const { code, shown } = await yes.end();
    assert.equal(code, 0, shown);
    const config = await home.read(".aws/config");
    assert.ok(config.startsWith(theirs), config);
    assert.match(config, /\[profile work-okta\]/);
    const process = await home.run(["cred-process", "work-okta"]);
    assert.equal(process.code, 0, process.stderr);
  },
});

Deno.test("init: says which tools are set up here", async () => {
  await using sim = await startSimulator();
  await using home = await oldHome(sim, {
    ...oktaAwscli(sim),
    ".saml2aws": "[default]\n",
    ".clisso.yaml": "",
  });
  const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login, "--secrets-stdin"];
  // A second sign-in would wait for the next one-time code.
  const words = ["init", ...account, "--no-verify"];
  const { code, stderr } = await home.run(words, { stdin: secretsOf(sim) });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^saml2aws, okta-awscli are set up here: okta-aws import$/m);
  const again = await home.run(words, { stdin: secretsOf(sim) });
  assert.doesNotMatch(again.stderr, /okta-aws import/);
});
