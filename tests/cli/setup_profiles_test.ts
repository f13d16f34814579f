import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";

const DEVELOPER = "okta-acme-production-Developer";

Deno.test("setup-profiles: writes and updates its sections and keeps the user's keys", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.write(".aws/config", "# mine\n[default]\noutput = json\n");
  await home.run(["refresh"]);
  await t.step("--dry-run shows the changes of both files and writes nothing", async () => {
    const before = [await home.read(".aws/config"), await home.read(".aws/credentials")];
    const { code, stdout } = await home.run(["setup-profiles", "--dry-run"]);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^\\+\\[profile ${DEVELOPER}\\]$`, "m"));
    assert.match(stdout, new RegExp(`^-\\[${DEVELOPER}\\]$`, "m"));
    for (const { secretAccessKey } of sim.state.credentials.values()) {
      assert.ok(!stdout.includes(secretAccessKey));
    }
    assert.deepEqual([await home.read(".aws/config"), await home.read(".aws/credentials")], before);
  });
  await t.step("replaces static sections with credential_process sections", async () => {
    assert.equal((await home.run(["setup-profiles"])).code, 0);
    const text = await home.read(".aws/config");
    assert.ok(text.startsWith("# mine\n[default]\noutput = json\n"));
    assert.match(
      text,
      new RegExp(`\\[profile ${DEVELOPER}\\]\ncredential_process = .* cred-process ${DEVELOPER}\n`),
    );
    assert.equal((await home.read(".aws/credentials")).trim(), "");
  });
  await t.step("updates its own sections and keeps the user's keys in them", async () => {
    const text = await home.read(".aws/config");
    const moved = text.replace(
      new RegExp(`(\\[profile ${DEVELOPER}\\]\n)credential_process = .*`),
      `$1credential_process = "/old place/okta-aws" cred-process ${DEVELOPER}\noutput = text`,
    );
    await home.write(".aws/config", moved);
    assert.equal((await home.run(["setup-profiles"])).code, 0);
    const now = await home.read(".aws/config");
    assert.doesNotMatch(now, /old place/);
    assert.match(now, /^output = text$/m);
  });
});

Deno.test("setup-profiles: keeps the user's additions to our static section", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.run(["refresh"]);
  const text = await home.read(".aws/credentials");
  await home.write(
    ".aws/credentials",
    text.replace(`[${DEVELOPER}]\n`, `[${DEVELOPER}]\noutput = text\n`),
  );
  assert.equal((await home.run(["setup-profiles"])).code, 0);
  assert.equal((await home.read(".aws/credentials")).trim(), `[${DEVELOPER}]\noutput = text`);
});

Deno.test("setup-profiles: changes nothing when static keys would shadow a profile", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.run(["roles", "--refresh"]);
  for (
    const [name, file, text] of [
      [
        "a profile of another program's",
        ".aws/config",
        `[profile ${DEVELOPER}]\ncredential_process = /bin/other cred-process ${DEVELOPER}\n`,
      ],
      ["a role of another's", ".aws/config", `[profile ${DEVELOPER}]\nrole_arn = x\n`],
      [
        "a person's own keys",
        ".aws/credentials",
        `[${DEVELOPER}]\naws_access_key_id = AKIAMINE\naws_secret_access_key = x\n`,
      ],
    ] as const
  ) {
    await t.step(name, async () => {
      await home.write(file, text);
      const { code, stderr } = await home.run(["setup-profiles"]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, new RegExp(DEVELOPER));
      assert.equal(await home.read(file), text);
      const other = file === ".aws/config" ? ".aws/credentials" : ".aws/config";
      assert.equal(await home.read(other), "");
      await home.write(file, "");
    });
  }
});

Deno.test("setup-profiles: warns about static keys that hide a credential_process", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.write(".aws/config", "[profile work]\ncredential_process = /bin/any\n");
  const keys = "[work]\naws_access_key_id = AKIA\naws_secret_access_key = x\n";
  await home.write(".aws/credentials", keys);
  const { code, stderr } = await home.run(["setup-profiles"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /work has static keys/);
  assert.equal(await home.read(".aws/credentials"), keys);
});
