import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";

const OLD = "# mine\r\n[default]\r\naws_access_key_id = AKIA\r\n";

Deno.test({
  name:
    "a read-only credentials file is named and stays as it was; cred-process works all the same",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    await home.write(".aws/credentials", OLD);
    const path = `${home.folder}/.aws/credentials`;
    await Deno.chmod(path, 0o444);
    const { code, stderr } = await home.run(["refresh"]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /\.aws\/credentials is read-only\n +the file was not changed/,
    );
    assert.equal(await home.read(".aws/credentials"), OLD);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o444);
    const asked = sim.requests.length;
    assert.equal((await home.run(["cred-process", "Developer"])).code, 0);
    assert.equal(sim.requests.length, asked, "what refresh got is in the cache");
  },
});

Deno.test({
  name: "refreshes at once lose no section, and ask STS once a role",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    await home.write(".aws/credentials", OLD);
    const runs = await Promise.all(
      ["Developer", "Administrator", "ReadOnly", "Developer"].map((role) =>
        home.run(["refresh", role])
      ),
    );
    assert.deepEqual(runs.filter(({ code }) => code !== 0), []);
    const text = await home.read(".aws/credentials");
    assert.ok(text.startsWith(OLD));
    assert.deepEqual([...text.matchAll(/^\[okta-\S+-(\w+)\]/gm)].map((found) => found[1]).sort(), [
      "Administrator",
      "Developer",
      "ReadOnly",
    ]);
    assert.equal(sim.requestsTo("sts", "POST", "/").length, 3);
    const backup = Array.from(Deno.readDirSync(`${home.folder}/.aws/okta-aws/backup`));
    const copies = backup.map(({ name }) =>
      Deno.readTextFileSync(`${home.folder}/.aws/okta-aws/backup/${name}`)
    );
    assert.ok(copies.includes(OLD), "kept as it was first found");
    const names = Array.from(Deno.readDirSync(`${home.folder}/.aws`), ({ name }) => name).sort();
    assert.deepEqual(names, ["credentials", "okta-aws"]);
  },
});
