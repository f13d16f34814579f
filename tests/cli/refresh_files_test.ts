/** What `refresh` and others keep right in the AWS files. */

import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";

Deno.test("refresh ROLE --as NAME reports NAME, and fails if NAME can't be written", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const first = await home.run(["refresh", "Developer", "--as", "dev", "--json"]);
  assert.equal(first.code, 0, first.stderr);
  const names = (text: string) =>
    JSON.parse(text).profiles.map(({ profile }: { profile: string }) => profile);
  assert.ok(names(first.stdout).includes("dev"), first.stdout);
  const all = await home.run(["refresh", "--json"]);
  assert.ok(names(all.stdout).includes("dev"), "it is kept");
  const text = await home.read(".aws/credentials");
  await home.write(".aws/credentials", text.replace("[dev]\n", "[dev]\nsource_profile = x\n"));
  const { code, stdout } = await home.run(["refresh", "Developer", "--json", "--force"]);
  assert.equal(code, 6);
  const { failed } = JSON.parse(stdout);
  assert.equal(failed[0].code, "foreign_profile_keys");
  assert.match(failed[0].message, /dev/);
  assert.ok(!names(stdout).includes("dev"));
});

Deno.test({
  name: "refresh takes the permissions of others from the credentials file, and says so",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    await home.write(".aws/credentials", "[own]\naws_access_key_id = AKIA1\n");
    const path = `${home.folder}/.aws/credentials`;
    await Deno.chmod(path, 0o664);
    const { code, stderr } = await home.run(["refresh"]);
    assert.equal(code, 0, stderr);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    assert.match(stderr, /removed the permissions of other users from .*credentials/);
    assert.doesNotMatch((await home.run(["refresh", "--force"])).stderr, /permissions/);
  },
});

Deno.test("setup-profiles and init write a region", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--profiles", "process"] });
  const regions = async () => (await home.read(".aws/config")).match(/^region = .*$/gm);
  assert.deepEqual(await regions(), Array(3).fill("region = us-east-1"));
  await home.write(".aws/config", "[default]\nregion = eu-west-1\n");
  assert.equal((await home.run(["setup-profiles"])).code, 0);
  assert.deepEqual(await regions(), Array(4).fill("region = eu-west-1"));
  await home.write(".aws/config", "");
  await home.run(["setup-profiles"], { env: { AWS_REGION: "eu-north-1" } });
  assert.deepEqual(await regions(), Array(3).fill("region = eu-north-1"));
});

Deno.test("cred-process never serves another user's credentials", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const settings = ".config/okta-aws/config.ini";
  const first = await home.run(["cred-process", "Developer"]);
  assert.equal(first.code, 0, first.stderr);
  const text = await home.read(settings);
  await home.write(settings, text.replace(/^username = .*$/m, "username = other@example.com"));
  await home.run(["signout"]);
  const other = await home.run(["cred-process", "Developer"]);
  assert.notEqual(other.stdout, first.stdout);
  assert.equal(other.code, 3, other.stderr);
});
