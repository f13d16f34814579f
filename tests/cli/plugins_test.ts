import assert from "node:assert/strict";
import { inDeno } from "../fakes/programs.ts";
import { assertMode } from "../platform/scratch_folder.ts";
import { startSimulator } from "../sim/simulator.ts";
import { emptyHome, setUpHome } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

const docs = await Deno.readTextFile(new URL("../../docs/plugins.md", import.meta.url));
const TEN_LINES = /^```ts\n(export default [\s\S]*?)^```$/m.exec(docs)![1]!;

function plugin(name: string, permissions: string, hooks: string): string {
  return `export default { name: "${name}", apiVersion: 1, permissions: { ${permissions} },
  hooks: { ${hooks} } };\n`;
}

const KUBECONFIG = `# mine
users:
- name: arn:aws:eks:eu-west-1:123456789012:cluster/prod # keep
  user: {}
`;

Deno.test("the plugin of the docs runs as written, and failing plugins have no effect on it", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const plain = JSON.parse((await home.run(["refresh", "--json"])).stdout);
  const plainFile = await home.read(".aws/credentials");

  await home.write(".kube/config", KUBECONFIG);
  await home.write("hello.ts", TEN_LINES);
  await home.write(
    "throws.js",
    plugin("throws", "", `postRefresh() { throw new Error("no luck"); }`),
  );
  await home.write(
    "hangs.js",
    plugin("hangs", "", "postRefresh(event) { event.profiles.length = 0; for (;;); }"),
  );
  await home.write(
    ".config/okta-aws/config.ini",
    await home.read(".config/okta-aws/config.ini") +
      "\n[plugin hangs]\ntimeout_seconds = 1\n" +
      "[plugin kubeconfig]\nclusters = prod=okta-acme-production-Developer, gone=x\n",
  );
  for (const file of ["hello.ts", "throws.js", "hangs.js", "awslogin", "kubeconfig"]) {
    const { code, stdout, stderr } = await home.run(["plugin", "add", file, "--yes"]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "");
  }
  const { code, stdout, stderr } = await home.run(["refresh", "--json"]);
  assert.equal(code, 0, stderr);
  const { profiles, failed, plugins } = JSON.parse(stdout);
  assert.deepEqual({ profiles, failed }, { profiles: plain.profiles, failed: plain.failed });
  assert.equal(await home.read(".aws/credentials"), plainFile);
  assert.deepEqual(plugins, [
    { plugin: "hello", ok: true, message: null },
    { plugin: "throws", ok: false, message: "no luck" },
    {
      plugin: "hangs",
      ok: false,
      message: "timed out after 1 s (timeout_seconds)",
    },
    { plugin: "awslogin", ok: true, message: null },
    { plugin: "kubeconfig", ok: true, message: null },
  ]);
  const kubeconfig = await home.read(".kube/config");
  assert.ok(kubeconfig.startsWith(KUBECONFIG.replace("user: {}\n", "user:\n")), kubeconfig);
  assert.match(kubeconfig, /- --profile\n +- okta-acme-production-Developer\n/);
  assert.match(stderr, /^kubeconfig: gone is not in /m);
  assert.match(stderr, /^hello: 3 profiles$/m);
  assert.match(stderr, /^plugin throws failed: no luck$/m);
  const names = profiles.map(({ profile }: { profile: string }) => profile);
  assert.equal(await home.read("profiles.txt"), names.join("\n"));

  const page = await home.read("okta-aws-console.html");
  for (const name of names) {
    assert.ok(page.includes(`okta-aws console ${name}`));
    assert.ok(page.includes(`"http://localhost:1999/awslogin?baseProfile=${name}"`));
  }
  assert.doesNotMatch(page, /SigninToken/);
  assertMode(`${home.folder}/okta-aws-console.html`, 0o600);
  assert.match((await home.run(["awslogin", names[0]])).stdout, /\/federation\?Action=login.*\n$/);
  for (const { secretAccessKey, accessKeyId } of sim.state.credentials.values()) {
    assert.ok(!page.includes(secretAccessKey) && !page.includes(accessKeyId));
  }

  assert.equal((await home.run(["plugin", "remove", "hangs"])).code, 0);

  // A changed file is not run until it is trusted again.
  await home.write("hello.ts", `${TEN_LINES}\n`);
  const changed = JSON.parse((await home.run(["refresh", "--json", "Developer"])).stdout);
  assert.match(changed.plugins[0].message, /has changed since it was trusted/);
  assert.equal(await home.read("profiles.txt"), names.join("\n"));
  assert.equal((await home.run(["plugin", "trust", "hello", "--yes"])).code, 0);
  await home.run(["refresh", "--json", "Developer"]);
  assert.equal(await home.read("profiles.txt"), "okta-acme-production-Developer");
});

Deno.test("plugins get credentials and console links only if they were granted them", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const show = `async postRefresh({ profiles: [{ profile, credentials }] }, host) {
    host.log("credentials " + typeof credentials?.sessionToken);
    try { host.log("url " + (await host.consoleUrl(profile)).slice(0, 17)); }
    catch (error) { host.log(error.message); }
  }`;
  await home.write("plain.js", plugin("plain", "", show));
  await home.write("granted.js", plugin("granted", "credentials: true, console: true", show));
  for (const file of ["plain.js", "granted.js"]) await home.run(["plugin", "add", file, "--yes"]);
  const { code, stderr } = await home.run(["refresh", "Developer"]);
  assert.equal(code, 0);
  assert.match(stderr, /^plain: credentials undefined$/m);
  assert.match(stderr, /^plain: consoleUrl needs the permission "console"$/m);
  assert.match(stderr, /^granted: credentials string$/m);
  assert.match(stderr, /^granted: url http:\/\/127\.0\.0\./m);
});

Deno.test("preExec can refuse, roleFilter selects roles, postSignin gets the user name", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.write(
    "guard.js",
    plugin(
      "guard",
      "",
      `preExec({ roleArn, command }) {
         if (command.includes("danger")) return { refuse: "not as " + roleArn.split("/").at(-1) };
       },
       roleFilter({ roles }) { return roles.filter((r) => r.roleName !== "Administrator").map((r) => r.roleArn); },
       postSignin({ username }, host) { host.log("hello " + username); },
       profilesChanged({ added }, host) { host.log("added " + added.length); }`,
    ),
  );
  await home.run(["plugin", "add", "guard.js", "--yes"]);
  const refreshed = await home.run(["refresh", "--json"]);
  const { profiles } = JSON.parse(refreshed.stdout);
  assert.deepEqual(profiles.map(({ roleName }: { roleName: string }) => roleName), [
    "Developer",
    "ReadOnly",
  ]);
  assert.match(refreshed.stderr, /^guard: added 2$/m);
  const echo = inDeno(() => {
    Deno.stdout.writeSync(new TextEncoder().encode(`${Deno.args[0]}\n`));
  });
  const refused = await home.run(["exec", "Developer", "--", ...echo, "danger"]);
  assert.equal(refused.code, 2);
  assert.equal(refused.stdout, "");
  assert.match(refused.stderr, /plugin guard refused: not as Developer/);
  assert.equal((await home.run(["exec", "Developer", "--", ...echo, "fine"])).stdout, "fine\n");
  assert.match((await home.run(["signin"])).stderr, /^guard: hello /m);
});

Deno.test("a plugin answers a factor, and stores the secrets of an account", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, {
    secrets: JSON.stringify({ password: sim.user.password }),
    args: ["--no-verify"],
  });
  const { totpCode } = await import("../../src/totp/totp.ts");
  const { parseTotpSecret } = await import("../../src/totp/otpauth_uri.ts");
  const { code: passCode } = await totpCode(parseTotpSecret(sim.user.totpUri), Date.now());
  await home.write(
    "keeper.js",
    plugin(
      "keeper",
      'secrets: true, read: ["~/kept"], write: ["~/kept"]',
      `mfa: ({ factorType }) => factorType === "token:software:totp" ? "${passCode.reveal()}" : null,
       async secretStore({ operation, item, home }) {
         if (operation === "write") await Deno.writeTextFile(home + "/kept", item);
         if (operation === "read") return await Deno.readTextFile(home + "/kept").catch(() => null);
         return operation === "remove";
       }`,
    ),
  );
  await home.run(["plugin", "add", "keeper.js", "--yes"]);
  const args = ["--sso-url", sim.embedLink(), "--username", sim.user.login, "--secrets-stdin"];
  const { code, stderr } = await home.run(["init", ...args, "--no-verify", "-b", "plugin:keeper"], {
    stdin: JSON.stringify({ password: sim.user.password }),
  });
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(await home.read("kept")).password, sim.user.password);
  const refreshed = await home.run([
    "refresh",
    "--json",
    "-b",
    "plugin:keeper",
    "--mfa-factor-type",
    "token:software:totp",
  ]);
  assert.equal(refreshed.code, 0, refreshed.stderr);
  assert.equal(JSON.parse(refreshed.stdout).profiles.length, 3);
});

Deno.test("a plugin's command is in the help and prints what it returns", async () => {
  await using home = await emptyHome();
  await home.write(
    "shout.js",
    `export default { name: "shout", apiVersion: 1, permissions: {}, commands: {
  shout: { brief: "says it louder", args: "WORD", run: ({ args }) => args.join("\\n").toUpperCase() },
} };`,
  );
  await home.run(["plugin", "add", "shout.js", "--yes"]);
  assert.match(
    (await home.run(["help"])).stdout,
    /^Plugins +shout +says it louder \(plugin shout\)$/m,
  );
  assert.match((await home.run(["help", "shout"])).stdout, /okta-aws shout \[WORD…\]/);
  assert.equal((await home.run(["shout", "a", "b"])).stdout, "A\nB\n");
  assert.equal((await home.run(["shout", "a", "--json"])).stdout, '"A"\n');
  await home.write(
    "taken.js",
    (await home.read("shout.js")).replace('"shout"', '"taken"').replace("shout:", "refresh:"),
  );
  const { code, stderr } = await home.run(["plugin", "add", "taken.js", "--yes"]);
  assert.equal(code, 2);
  assert.match(stderr, /the command refresh already exists/);
  assert.equal((await home.run(["plugin", "remove", "shout"])).code, 0);
  assert.equal((await home.run(["shout", "a"])).code, 2);
});

Deno.test({
  name: "a plugin asks through the host, and Ctrl-C at its question ends the program",
  ignore: ignorePty,
  async fn() {
    await using home = await emptyHome();
    await home.write(
      "asks.js",
      `export default { name: "asks", apiVersion: 1, permissions: {}, commands: { asks: { brief: "asks",
  run: async (_, host) => (await host.confirm("sure\\x1b[31m")) ? "yes" : "no" } } };`,
    );
    await home.run(["plugin", "add", "asks.js", "--yes"]);
    assert.equal((await home.run(["asks"])).stdout, "no\n");
    const yes = await runOnTerminal(home, ["asks"]);
    await yes.answer("plugin asks asks: sure\\x1b[31m", "y");
    const { code, shown } = await yes.end();
    assert.equal(code, 0);
    assert.match(shown, /yes\r\n$/);
    const interrupted = await runOnTerminal(home, ["asks"]);
    await interrupted.until("sure");
    await interrupted.type("\x03");
    assert.equal((await interrupted.end()).code, 130);
  },
});

Deno.test("a plugin in TypeScript runs from its file, and without types from the cache", async () => {
  await using home = await emptyHome();
  await home.write(
    "typed.ts",
    `import type { Plugin } from "https://example.com/mod.ts";
enum Word { Hello = "hello" }
export default {
  name: "typed", apiVersion: 1, permissions: {},
  commands: { typed: { brief: "says hello", run: (): string => Word.Hello as string } },
} satisfies Plugin;\n`,
  );
  assert.equal((await home.run(["plugin", "add", "typed.ts", "--yes"])).code, 0);
  assert.equal((await home.run(["typed"])).stdout, "hello\n");
  const { plugins } = JSON.parse(await home.read(".config/okta-aws/grants.json"));
  const cached = `.aws/okta-aws/plugins/${plugins.typed.javascript}.js`;
  const javascript = await home.read(cached);
  assert.match(javascript, /Word/);
  // Another code in the cache is not run, and replaced.
  await home.write(cached, javascript.replace('"hello"', '"evil"'));
  assert.equal((await home.run(["typed"])).stdout, "hello\n");
  assert.equal(await home.read(cached), javascript);
  assert.equal((await home.run(["plugin", "remove", "typed"])).code, 0);
  assert.equal(await home.read(cached), "");
});

Deno.test({
  name: "plugin add asks in a terminal, and grants nothing without consent",
  ignore: ignorePty,
  async fn() {
    await using home = await emptyHome();
    await home.write("hello.ts", TEN_LINES);
    const elsewhere = await home.run(["plugin", "add", `${home.folder}/hello.ts`]);
    assert.equal(elsewhere.code, 4);
    const no = await runOnTerminal(home, ["plugin", "add", `${home.folder}/hello.ts`]);
    await no.until("writes ~/profiles.txt");
    await no.answer("Allow hello to do this", "n");
    assert.equal((await no.end()).code, 2);
    assert.equal(await home.read(".config/okta-aws/grants.json"), "");
    const yes = await runOnTerminal(home, ["plugin", "add", `${home.folder}/hello.ts`]);
    await yes.answer("Allow hello to do this", "y");
    assert.equal((await yes.end()).code, 0);
    const { mode } = await Deno.stat(`${home.folder}/.config/okta-aws/grants.json`);
    assert.equal(mode! & 0o777, 0o600);
    assert.match((await home.run(["plugin", "list"])).stdout, /^hello +on /m);
  },
});
