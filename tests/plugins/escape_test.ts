/**
 * Plugins that try to get out of the sandbox, or to spoil what they are run for. The program is the
 * one of the source tree, or the compiled one that `OKTA_AWS_BIN` names.
 */

import assert from "node:assert/strict";
import { emptyHome, type Home, startProgram } from "../cli/program.ts";

/** On Windows only administrators make links. */
const ignoreLinks = Deno.build.os === "windows";

const CANARY = "canary-7f3a9";
const PROTOTYPES = new URL("../../../shared/prototypes/esc/", import.meta.url);

async function homeWithSecrets(): Promise<Home> {
  const home = await emptyHome({ CANARY });
  await home.write(".aws/credentials", `[default]\naws_secret_access_key = ${CANARY}\n`);
  await home.write(".aws/secret.json", JSON.stringify({ canary: CANARY }));
  await home.write("canary.json", JSON.stringify({ canary: CANARY }));
  await home.write(".config/okta-aws/secrets/default", CANARY);
  await home.write(".config/okta-aws/config.ini", "[plugin attacks]\ntimeout_seconds = 60\n");
  await home.write("other.ts", `export default "${CANARY}";\n`);
  return home;
}

async function addAttacks(home: Home): Promise<void> {
  await home.write("attacks.js", await Deno.readTextFile(new URL("attacks.js", import.meta.url)));
  const { code, stderr } = await home.run(["plugin", "add", "attacks.js", "--yes"]);
  assert.equal(code, 0, stderr);
}

Deno.test("a plugin reaches nothing that it was not granted", async () => {
  await using home = await homeWithSecrets();
  let connections = 0;
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    connections += 1;
    return new Response(`export default "${CANARY}"`);
  });
  await addAttacks(home);
  const { code, stdout, stderr } = await home.run([
    "attack",
    `http://127.0.0.1:${(server.addr as Deno.NetAddr).port}/`,
  ]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), {});
  assert.equal(stderr, "attacks: printed\n");
  assert.equal(connections, 0);
  assert.equal(await home.read("mine.txt"), "");
  assert.equal(await home.read(".bashrc"), "");
});

/** Which of the limits is met first depends on how busy the machine is. */
const LIMIT = /timed out after 1 s|too much output|too much memory/;

/** Endings at a limit. */
const LIMITED: Record<string, RegExp> = {
  hang: /timed out after 1 s/,
  loop: /timed out after 1 s/,
  microtasks: LIMIT,
  floodLog: LIMIT,
  floodRequests: LIMIT,
  floodAnswer: LIMIT,
  buffers: LIMIT,
  heap: LIMIT,
  rejected: /timed out after 1 s/,
};

const FAILED: Record<string, RegExp> = {
  recursion: /stack/,
  later: /later/,
  cyclic: /circular|cyclic/i,
  bigint: /BigInt/,
};

async function endsWith(home: Home, name: string, message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await home.run(["end", name]);
  assert.equal(code, 1, `${name}: ${stderr.slice(0, 500)}`);
  assert.equal(stdout, "", name);
  assert.match(stderr, /^okta-aws: plugin attacks failed: /m, name);
  assert.match(stderr.split("\n").find((line) => line.startsWith("okta-aws:"))!, message, name);
  assert.ok(stderr.length < 100_000, name);
}

Deno.test("a failing plugin is stopped and named", async () => {
  await using home = await homeWithSecrets();
  await addAttacks(home);
  for (const [name, message] of Object.entries(FAILED)) await endsWith(home, name, message);
  await home.write(".config/okta-aws/config.ini", "[plugin attacks]\ntimeout_seconds = 1\n");
  await Promise.all(Object.entries(LIMITED).map((one) => endsWith(home, ...one)));
});

Deno.test("control characters in a plugin's output are escaped", async () => {
  await using home = await homeWithSecrets();
  await addAttacks(home);
  const { stdout } = await home.run(["end", "control"]);
  assert.equal(stdout, "\\x1b]0;owned\\x07\\u{202e}reversed\n");
});

/** The hops of the prototypes as plugins: their paths into this home, their `run` as a command. */
function asPlugin(name: string, text: string, home: string): string {
  return `${text.replaceAll("/tmp/exp-deno/q4/home", home).replaceAll("/tmp/exp-deno/q4", home)}
export default {
  name: "${name}", apiVersion: 1, permissions: {},
  commands: { "hop-${name}": { brief: "hops", run: () => run().catch?.(String) ?? run() } },
};
`;
}

async function prototypes(): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(PROTOTYPES))).map(({ name }) => name);
  } catch {
    return [];
  }
}

const hops = await prototypes();

Deno.test({
  name: `every escape of the prototypes (${hops.length}) fails`,
  ignore: hops.length === 0,
  async fn() {
    await using home = await homeWithSecrets();
    await home.write("esc/x", "");
    for (const file of hops) {
      const name = file.replace(/\.ts$/, "").replaceAll("_", "-");
      const text = await Deno.readTextFile(new URL(file, PROTOTYPES));
      await home.write(`${name}.ts`, asPlugin(name, text, home.folder));
      const own = `[plugin ${name}]\ntimeout_seconds = 1\n`;
      await home.write(".config/okta-aws/config.ini", own);
      const added = await home.run(["plugin", "add", `${name}.ts`, "--yes"]);
      assert.ok([0, 2].includes(added.code), `${name}: ${added.stderr}`);
      const { stdout, stderr } = await home.run([`hop-${name}`]);
      const all = added.stdout + added.stderr + stdout + stderr;
      assert.ok(!all.includes(CANARY), `${name}: ${all}`);
      assert.doesNotMatch(stdout, / HOP|READ|allowed|function/, name);
      assert.equal(await home.read("esc/gen.ts"), "");
    }
  },
});

Deno.test("a plugin that declares one thing and does another stays within its grant", async () => {
  await using home = await homeWithSecrets();
  await home.write(
    "faces.js",
    `let asked = 0;
export default {
  name: "faces", apiVersion: 1,
  get permissions() { return asked++ === 0 ? { write: ["~/mine.txt"] } : { write: ["/etc"] }; },
  get commands() {
    const hidden = asked === 1 ? {} : { hidden: { brief: "x", run: () => "hidden" } };
    return { ...hidden, face: { brief: "shows it", run: async ({ home }) => {
      await Deno.writeTextFile(home + "/mine.txt", "granted");
      return await Deno.writeTextFile(home + "/more.txt", "x").then(() => "escaped", (e) => e.name);
    } } };
  },
};
`,
  );
  assert.equal((await home.run(["plugin", "add", "faces.js", "--yes"])).code, 0);
  assert.match((await home.run(["face"])).stdout, /^(?:NotCapable|PermissionDenied)\n$/);
  assert.equal(await home.read("mine.txt"), "granted");
  assert.equal(await home.read("more.txt"), "");
  assert.equal((await home.run(["hidden"])).code, 2);
});

Deno.test("permissions that would undo the sandbox are refused even with --yes", {
  ignore: ignoreLinks,
}, async () => {
  await using home = await homeWithSecrets();
  await Deno.symlink(`${home.folder}/.config/okta-aws`, `${home.folder}/link`);
  // The rules are permissions_test.ts's; here is one of each kind.
  const asked = [
    ...['write: ["~/"]', 'read: ["~/link/grants.json"]', 'write: ["~/.aws/okta-aws/x"]'],
  ];
  for (const permission of asked) {
    const text = `export default { name: "x", apiVersion: 1, permissions: { ${permission} } };`;
    await home.write("x.js", text);
    const { code, stderr } = await home.run(["plugin", "add", "x.js", "--yes"]);
    assert.equal(code, 2, `${permission}: ${stderr}`);
    assert.match(stderr, /permissions that are not allowed/, permission);
  }
  assert.equal(await home.read(".config/okta-aws/grants.json"), "");
});

Deno.test("a link that is created after the grant does not open okta-aws's own files", {
  ignore: ignoreLinks,
}, async () => {
  await using home = await homeWithSecrets();
  await home.write(
    "late.js",
    `export default { name: "late", apiVersion: 1, permissions: { read: ["~/notes"] },
  commands: { late: { brief: "x", run: (e) => Deno.readTextFile(e.home + "/notes/grants.json") } } };`,
  );
  assert.equal((await home.run(["plugin", "add", "late.js", "--yes"])).code, 0);
  await Deno.symlink(`${home.folder}/.config/okta-aws`, `${home.folder}/notes`);
  const { code, stdout, stderr } = await home.run(["late"]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /okta-aws's own settings/);
});

Deno.test("a module with a static import is refused before it runs", async () => {
  await using home = await homeWithSecrets();
  const body = `globalThis.console?.log("ran");
export default { name: "x", apiVersion: 1, permissions: {} };`;
  const requests = [
    ...[`import process from "node:process";`, `import "./other.ts";`, `export * from "node:fs";`],
    ...[`import { x } from "npm:yaml";`, `import x from "data:text/javascript,export default 1";`],
    "`${globalThis.P = await import('file:///etc/passwd', { with: { type: 'json' } })}`;",
  ];
  for (const request of requests) {
    await home.write("x.js", `${request}\n${body}`);
    const { code, stderr } = await home.run(["plugin", "add", "x.js", "--yes"]);
    assert.equal(code, 2, request);
    assert.match(stderr, /one self-contained file without imports/, request);
  }
});

Deno.test({
  name: "a plugin's programs are only those it was granted, and end with it",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using home = await homeWithSecrets();
    await home.write(".config/okta-aws/config.ini", "[plugin runs]\ntimeout_seconds = 4\n");
    await home.write(
      "runs.js",
      `export default { name: "runs", apiVersion: 1, permissions: { run: ["sh"] }, commands: {
  runs: { brief: "x", run: async ({ args: [words] }) => {
    const [program, ...args] = words.split("|");
    const { stdout } = await new Deno.Command(program, { args }).output();
    return new TextDecoder().decode(stdout).trim();
  } } } };`,
    );
    assert.equal((await home.run(["plugin", "add", "runs.js", "--yes"])).code, 0);
    const secret = { OKTA_AWS_PASSWORD: CANARY };
    const shown = await home.run([
      "runs",
      "sh|-c|echo $HOME $CANARY $OKTA_AWS_PASSWORD",
    ], {
      env: secret,
    });
    assert.equal(shown.stdout, `${home.folder}\n`, shown.stderr);
    for (const program of ["id", "/bin/sh", "./sh"]) {
      assert.match((await home.run(["runs", program])).stderr, /not among the permissions "run"/);
    }
    const command = "sleep 100 & echo $$ $! > $HOME/pids; wait";
    assert.match((await home.run(["runs", `sh|-c|${command}`])).stderr, /timed out after 4 s/);
    for (const pid of (await home.read("pids")).trim().split(" ")) {
      const state = () => Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
      // Gone, or dead and not yet taken notice of. The kernel may need a moment for a kill.
      const isDead = /^$|\) [ZX] /;
      const deadline = performance.now() + 10_000;
      while (!isDead.test(await state()) && performance.now() < deadline);
      assert.match(await state(), isDead);
    }
  },
});

Deno.test({
  name: "SIGTERM ends the program at once while a plugin keeps us busy",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using home = await homeWithSecrets();
    await home.write(".config/okta-aws/config.ini", "[plugin busy]\ntimeout_seconds = 60\n");
    await home.write(
      "busy.js",
      `export default { name: "busy", apiVersion: 1, permissions: {}, commands: {
  busy: { brief: "x", run: async (_, host) => {
    const text = Array.from({ length: 9000 }, (_, at) => "k" + at + ": 1\\n").join("");
    host.log("begun");
    for (;;) await host.updateKubeconfig(text, [{ cluster: "a", profile: "b" }]);
  } } } };`,
    );
    assert.equal((await home.run(["plugin", "add", "busy.js", "--yes"])).code, 0);
    const child = await startProgram({ home: home.folder, args: ["busy"], env: home.env });
    const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    for (let shown = ""; !shown.includes("begun");) shown += (await reader.read()).value ?? "begun";
    const began = performance.now();
    child.kill("SIGTERM");
    const { code } = await child.status;
    const took = performance.now() - began;
    assert.equal(code, 130);
    // Usually it takes a tenth of a second; without the signal the plugin runs for a minute.
    assert.ok(took < 30_000, `${took} ms`);
    await Promise.all([reader.cancel(), child.stdout.cancel()]);
  },
});
