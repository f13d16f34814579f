import assert from "node:assert/strict";
import { filesBelow } from "../platform/scratch_folder.ts";
import { startSimulator } from "../sim/simulator.ts";
import { type Home, requestLines, setUpHome, signIns } from "./program.ts";

const ARN = "arn:aws:iam::123456789012:role/Developer";

/** A home that knows the password and TOTP secret, and nothing else yet. */
const cold = (sim: Parameters<typeof setUpHome>[0]) => setUpHome(sim, { args: ["--no-verify"] });

async function answer(home: Home, ...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await home.run(args);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  assert.match(stdout, /^\{.*\}\n$/);
  return JSON.parse(stdout);
}

Deno.test("cred-process prints exactly what an SDK reads", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const printed = await answer(home, "cred-process", "okta-acme-production-Developer");
  const issued = sim.state.credentials.get(printed.AccessKeyId as string)!;
  assert.equal(issued.roleArn, ARN);
  assert.deepEqual(printed, {
    Version: 1,
    AccessKeyId: issued.accessKeyId,
    SecretAccessKey: issued.secretAccessKey,
    SessionToken: issued.sessionToken,
    Expiration: printed.Expiration,
    AccountId: "123456789012",
  });
  assert.match(printed.Expiration as string, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.deepEqual(sim.requestsTo("signin", "POST", "/saml"), []);
});

Deno.test("cred-process asks nobody the second time, by whichever of its names", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const first = await answer(home, "cred-process", "okta-acme-production-Developer");
  sim.requests.length = 0;
  for (
    const words of [
      ["cred-process", "okta-acme-production-Developer"],
      ["credential-process", "Developer"],
      ["cred-process", ARN],
      ["cred-process", "--no-input", "Developer"],
    ]
  ) assert.deepEqual(await answer(home, ...words), first);
  assert.deepEqual(sim.requests, []);
});

Deno.test("cred-process --force takes new credentials in the same Okta session; -p indents them", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const first = await answer(home, "cred-process", "Developer");
  const second = await answer(home, "cred-process", "Developer", "--force");
  assert.notEqual(second.AccessKeyId, first.AccessKeyId);
  assert.equal(signIns(sim), 0);
  assert.deepEqual(await answer(home, "cred-process", "Developer"), second);
  const indented = await home.run(["cred-process", "-p", "Developer"]);
  assert.equal(indented.stdout, `${JSON.stringify(second, undefined, 2)}\n`);
});

Deno.test("cred-process prints no credentials that end in less than 15 minutes", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const { AccessKeyId } = await answer(home, "cred-process", "Developer");
  const folder = `${home.folder}/.aws/okta-aws/credentials`;
  for await (const { name } of Deno.readDir(folder)) {
    const document = JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
    for (const key of ["issued", "expiration"]) document[key] -= 46 * 60_000;
    await Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(document));
  }
  assert.notEqual((await answer(home, "cred-process", "Developer")).AccessKeyId, AccessKeyId);
});

Deno.test("ten cold cred-process at once sign in once and ask STS once", async () => {
  await using sim = await startSimulator();
  await using home = await cold(sim);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => home.run(["cred-process", ARN])),
  );
  for (const { code, stderr } of answers) assert.equal(code, 0, stderr);
  assert.equal(new Set(answers.map(({ stdout }) => stdout)).size, 1);
  assert.equal(signIns(sim), 1);
  assert.equal(sim.requestsTo("sts", "POST", "/").length, 1);
});

Deno.test("cold cred-process of a wrong TOTP secret give one wrong code, not one each", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, {
    args: ["--no-verify"],
    secrets: JSON.stringify({ password: sim.user.password, totp: "KRUGS4ZANFZSA3TPOQQHI2DF" }),
  });
  const answers = await Promise.all(
    Array.from({ length: 3 }, () => home.run(["cred-process", ARN])),
  );
  for (const { code, stderr } of answers) {
    assert.equal(code, 3);
    assert.match(stderr, /E0000068/);
  }
  assert.equal(sim.world.users[0]!.failedCodes, 1);
  assert.equal(signIns(sim), 1);
});

Deno.test("cold cred-process of a refused password send it once", async () => {
  await using sim = await startSimulator();
  await using home = await cold(sim);
  sim.world.users[0]!.password = "changed meanwhile";
  const answers = await Promise.all(
    Array.from({ length: 3 }, () => home.run(["cred-process", ARN])),
  );
  for (const { code } of answers) assert.equal(code, 3);
  assert.equal(signIns(sim), 1);
});

Deno.test("cred-process ends with 4 where somebody has to answer and nobody can", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, {
    args: ["--no-verify"],
    secrets: JSON.stringify({ password: sim.user.password }),
  });
  for (const flags of [[], ["--no-input"], ["--json"]]) {
    await t.step(flags.join(" ") || "without flags", async () => {
      const { code, stdout, stderr } = await home.run(["cred-process", ARN, ...flags]);
      assert.equal(code, 4);
      assert.equal(stdout, "");
      assert.match(stderr, /okta-aws signin/);
    });
  }
});

Deno.test("cred-process without a passphrase or a terminal ends with 4 or 7 and does not hang", async () => {
  await using sim = await startSimulator();
  await using home = await cold(sim);
  const env = { OKTA_AWS_FILE_PASSPHRASE: undefined };
  const { code, stderr } = await home.run(["cred-process", ARN], { env });
  assert.ok(code === 4 || code === 7, stderr);
  assert.match(stderr, /OKTA_AWS_FILE_PASSPHRASE|terminal/);
});

Deno.test("cred-process of an unknown profile asks Okta once, then ends with 2", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const { code, stdout, stderr } = await home.run(["cred-process", "Nobody"]);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^okta-aws: .*Nobody\n {2}.*okta-aws roles\n$/);
  assert.equal(requestLines(sim).length, 1);
  // An SDK calls again and again: what was asked a moment ago is believed.
  assert.equal((await home.run(["cred-process", "Nobody"])).code, 2);
  assert.equal((await home.run(["cred-process", "Somebody"])).code, 2);
  assert.equal(requestLines(sim).length, 1);
  // A person who types it may have been granted the role just now.
  assert.equal((await home.run(["env", "Nobody"])).code, 2);
  assert.equal(requestLines(sim).length, 2);
  assert.equal((await home.run(["cred-process"])).code, 2);
});

Deno.test("cred-process of a role that Okta does not grant ends with 6", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  for (const _ of ["first", "second"]) {
    const { code, stderr } = await home.run([
      "cred-process",
      "arn:aws:iam::999999999999:role/Administrator",
    ]);
    assert.equal(code, 6);
    assert.match(stderr, /does not grant/);
  }
  assert.equal(requestLines(sim).length, 1);
});

Deno.test("cred-process of a role that nobody has looked at yet finds it by name", async () => {
  await using sim = await startSimulator();
  await using home = await cold(sim);
  assert.equal((await answer(home, "cred-process", "ReadOnly")).AccountId, "210987654321");
  assert.equal(signIns(sim), 1);
});

Deno.test("cache = none and cache = encrypted keep no credential in the clear", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const settings = await home.read(".config/okta-aws/config.ini");
  for (const mode of ["none", "encrypted"]) {
    await t.step(mode, async () => {
      const text = `[okta-aws]\ncache = ${mode}\n\n${settings}`;
      await home.write(".config/okta-aws/config.ini", text);
      const first = await answer(home, "cred-process", "Developer");
      const second = await answer(home, "cred-process", "Developer");
      assert.equal(first.AccessKeyId === second.AccessKeyId, mode === "encrypted");
      const texts = filesBelow(home.folder).map((path) => Deno.readTextFileSync(path));
      assert.ok(!texts.some((text) => text.includes(first.SecretAccessKey as string)));
    });
  }
});
