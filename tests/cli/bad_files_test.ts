/** Damaged and unusual files of the user's: none loses a byte. @module */

import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { emptyHome, type Home, setUpHome } from "./program.ts";

/** Windows has no file modes, and only administrators make links. */
const ignoreModes = Deno.build.os === "windows";

const CREDENTIALS = ".aws/credentials";
const SETTINGS = ".config/okta-aws/config.ini";

async function bytes(home: Home): Promise<Uint8Array> {
  return await Deno.readFile(`${home.folder}/${CREDENTIALS}`);
}

async function put(home: Home, content: string | Uint8Array): Promise<void> {
  await home.write(CREDENTIALS, "");
  const data = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await Deno.writeFile(`${home.folder}/${CREDENTIALS}`, data);
}

const FOREIGN: [name: string, content: string | Uint8Array][] = [
  ["no final newline", "[mine]\naws_access_key_id = AKIA"],
  ["CRLF and a BOM", "\ufeff# note\r\n[mine]\r\naws_access_key_id = AKIA\r\n"],
  ["broken lines and comments", "; a\n[mine\nno equals\n\n\n[mine]\n  # b\nkey = v # c\n"],
  [
    "bytes that are no UTF-8",
    Uint8Array.from([0x5b, 0x61, 0x5d, 0x0a, 0x78, 0x3d, 0xff, 0xfe, 0x0a]),
  ],
];

Deno.test("refresh keeps foreign content of the credentials file byte for byte", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  for (const [name, content] of FOREIGN) {
    await t.step(name, async () => {
      await put(home, content);
      const before = await bytes(home);
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 0, stderr);
      const after = await bytes(home);
      assert.deepEqual(after.subarray(0, before.length), before);
      assert.ok(after.length > before.length);
    });
  }
});

Deno.test("refresh: fails and changes nothing when the credentials file is read-only", {
  ignore: ignoreModes,
}, async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await put(home, "[mine]\nkey = value\n");
  await Deno.chmod(`${home.folder}/${CREDENTIALS}`, 0o444);
  const { code, stderr } = await home.run(["refresh"]);
  assert.equal(code, 2, stderr);
  assert.match(stderr, /credentials/);
  assert.equal(await home.read(CREDENTIALS), "[mine]\nkey = value\n");
});

Deno.test(
  "refresh: keeps a credentials file that is a symbolic link",
  { ignore: ignoreModes },
  async () => {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    await home.write("real/credentials", "[mine]\nkey = value\n");
    await Deno.symlink("../real/credentials", `${home.folder}/${CREDENTIALS}`);
    assert.equal((await home.run(["refresh"])).code, 0);
    assert.ok((await Deno.lstat(`${home.folder}/${CREDENTIALS}`)).isSymlink);
    assert.match(await home.read("real/credentials"), /^\[mine\]\nkey = value\n\n\[okta-/);
  },
);

Deno.test("refresh: keeps keys that the user added to our section, and warns about conflicting ones", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const section = "[okta-acme-production-Developer]";
  await home.write(CREDENTIALS, `${section}\noutput = json\n# mine\n`);
  assert.equal((await home.run(["refresh"])).code, 0);
  const kept = await home.read(CREDENTIALS);
  assert.match(kept, /output = json/);
  assert.match(kept, /# mine/);
  await home.write(CREDENTIALS, `${section}\nrole_arn = arn:aws:iam::1:role/x\n`);
  const { code, stderr } = await home.run(["refresh"]);
  assert.equal(code, 6, stderr);
  assert.match(stderr, /role_arn/);
  assert.match(await home.read(CREDENTIALS), /okta-acme-production-Administrator/);
});

const SETTINGS_FAULTS: [name: string, line: string, said: RegExp][] = [
  ["an unknown key", "colour = blue", /line 7: unknown key colour/],
  ["an unknown section", "[colours]", /line 7: unknown section \[colours\]/],
  ["a line that is neither", "colour", /line 7/],
  ["a bad value", "[okta-aws]\nconcurrency = many", /line 8: concurrency .* many/],
];

Deno.test("errors in the settings file: exit code 2 and the line", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const whole = await home.read(SETTINGS);
  assert.equal(whole.split("\n").length, 6, whole);
  for (const [name, line, said] of SETTINGS_FAULTS) {
    await t.step(name, async () => {
      await home.write(SETTINGS, `${whole}\n${line}\n`);
      const { code, stderr, stdout } = await home.run(["refresh"]);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, said);
    });
  }
});

Deno.test("init: validates standard input and never prints it", async (t) => {
  await using sim = await startSimulator();
  await using home = await emptyHome({
    ...sim.env(),
    OKTA_AWS_BACKEND: "file",
    OKTA_AWS_FILE_PASSPHRASE: "open, sesame",
  });
  const init = ["init", "--sso-url", sim.embedLink(), "--username", "jane", "--secrets-stdin"];
  const inputs = [
    "hunter2hunter2",
    '["hunter2hunter2"]',
    '{"passwort": "hunter2hunter2"}',
    '{"password": 7, "totp": "hunter2hunter2"}',
    '{"password": "x", "totp": "hunter2hunter2!"}',
  ];
  for (const stdin of inputs) {
    await t.step(stdin.slice(0, 14), async () => {
      const { code, stdout, stderr } = await home.run(init, { stdin });
      assert.equal(code, 2, stderr);
      assert.doesNotMatch(stdout + stderr, /hunter2/);
      assert.equal(await home.read(SETTINGS), "");
    });
  }
  assert.deepEqual(sim.requestsTo("okta", "POST", "/api/v1/authn"), []);
});

Deno.test("a wrong passphrase, a damaged file and a missing passphrase have different errors", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const force = ["cred-process", "Developer", "--force"];
  const codeOf = async (env: Record<string, string>) => {
    const { code, stderr } = await home.run([...force, "--json"], { env });
    assert.equal(code, 7, stderr);
    return JSON.parse(stderr).error.code;
  };
  assert.equal(await codeOf({ OKTA_AWS_FILE_PASSPHRASE: "wrong" }), "wrong_passphrase");
  const item = ".config/okta-aws/secrets/default";
  const whole = await home.read(item);
  await home.write(item, whole.slice(0, -20));
  assert.equal(await codeOf({}), "damaged");
  await Deno.remove(`${home.folder}/${item}`);
  assert.equal(await codeOf({}), "no_item");
});

Deno.test("damaged files of the cache count as missing", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  assert.equal((await home.run(["refresh"])).code, 0);
  const cache = `${home.folder}/.aws/okta-aws`;
  for (const folder of ["credentials", "roles", "state", "answers"]) {
    try {
      for await (const { name } of Deno.readDir(`${cache}/${folder}`)) {
        await Deno.writeTextFile(`${cache}/${folder}/${name}`, '{"version":1,"acc');
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  const { code, stderr } = await home.run(["cred-process", "Developer"]);
  assert.equal(code, 0, stderr);
  assert.equal((await home.run(["refresh"])).code, 0);
});
