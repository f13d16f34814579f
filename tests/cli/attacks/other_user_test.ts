/** Another user of the machine, who can write to some of our folders or owns files in them. */

import assert from "node:assert/strict";
import { ignoreWithout } from "../../real/programs.ts";
import { startSimulator } from "../../sim/simulator.ts";
import { type Home, requestLines, setUpHome } from "../program.ts";

/** Only root can act as another user. */
const ignore = Deno.build.os !== "linux" || Deno.uid() !== 0 || ignoreWithout("setpriv");

/** `nobody` */
const OTHER = 65534;

const PROFILE = "okta-acme-production-Developer";
const CACHE = ".aws/okta-aws";

/** Runs a shell script as another user. */
async function asOther(script: string): Promise<string> {
  const ids = [`--reuid=${OTHER}`, `--regid=${OTHER}`, "--clear-groups"];
  const { success, stdout, stderr } = await new Deno.Command("setpriv", {
    args: [...ids, "sh", "-euc", script],
    cwd: "/",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** The files of a folder of the cache. */
function cached(home: Home, folder: string): string[] {
  return [...Deno.readDirSync(`${home.folder}/${CACHE}/${folder}`)]
    .map(({ name }) => `${home.folder}/${CACHE}/${folder}/${name}`);
}

/** Replaces a cached credential by one of another user, whose keys begin with `ASIAPLANTED`. */
async function plantCredentials(home: Home): Promise<void> {
  const [file] = cached(home, "credentials");
  const text = await Deno.readTextFile(file!);
  const planted = text.replace(/"accessKeyId":"[^"]*"/, '"accessKeyId":"ASIAPLANTED000000000"');
  assert.notEqual(planted, text);
  await asOther(`rm -f '${file}'; printf %s '${planted}' >'${file}'; chmod 644 '${file}'`);
}

Deno.test({
  name: "another user: credentials planted in an open cache are not used",
  ignore,
  async fn(test) {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    for (const warm of [true, false]) {
      await test.step(warm ? "on the fast path" : "without an index", async () => {
        const first = await home.run(["cred-process", PROFILE]);
        assert.equal(first.code, 0, first.stderr);
        await Deno.chmod(home.folder, 0o755);
        await Deno.chmod(`${home.folder}/.aws`, 0o755);
        for (const folder of ["", "/credentials"]) {
          await Deno.chmod(`${home.folder}/${CACHE}${folder}`, 0o777);
        }
        await plantCredentials(home);
        if (!warm) {
          await Deno.remove(`${home.folder}/${CACHE}/answers`, { recursive: true });
        }
        const { code, stdout, stderr } = await home.run(["cred-process", PROFILE]);
        assert.equal(code, 0, stderr);
        assert.doesNotMatch(stdout, /PLANTED/);
        assert.equal(Deno.statSync(`${home.folder}/${CACHE}`).mode! & 0o777, 0o700);
        assert.equal(Deno.statSync(`${home.folder}/${CACHE}/credentials`).mode! & 0o777, 0o700);
      });
    }
    await test.step("planted before the folder was closed again", async () => {
      const [file] = cached(home, "credentials");
      const text = await Deno.readTextFile(file!);
      await Deno.writeTextFile(
        file!,
        text.replace(/"accessKeyId":"ASIA/, '"accessKeyId":"PLANTED'),
      );
      await Deno.chown(file!, OTHER, OTHER);
      const { stdout } = await home.run(["cred-process", PROFILE]);
      assert.doesNotMatch(stdout, /PLANTED/);
    });
  },
});

Deno.test({
  name: "another user: a cache of another user, or in a folder that others can write, is refused",
  ignore,
  async fn(test) {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    assert.equal((await home.run(["cred-process", PROFILE])).code, 0);
    const aws = `${home.folder}/.aws`;
    const cache = `${home.folder}/${CACHE}`;
    const refused = async (message: RegExp, hint: string) => {
      sim.requests.length = 0;
      const { code, stdout, stderr } = await home.run(["cred-process", PROFILE]);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.ok(stderr.includes(hint), stderr);
      assert.deepEqual(requestLines(sim), []);
    };
    await test.step("a folder above, with another cache in place of ours", async () => {
      await Deno.chmod(home.folder, 0o755);
      await Deno.chmod(aws, 0o777);
      await asOther(`mv '${cache}' '${cache}.away'; mkdir -m 700 '${cache}'`);
      await refused(/will not use \S+\/\.aws: other users can write to it/, `chmod go-w ${aws}`);
      await asOther(`rmdir '${cache}'; mv '${cache}.away' '${cache}'`);
    });
    await test.step("another user's folder", async () => {
      await Deno.chmod(aws, 0o700);
      await Deno.chown(cache, OTHER, OTHER);
      await refused(/will not use \S+okta-aws: it belongs to another user/, `chown -R "$USER"`);
      await Deno.chown(cache, 0, 0);
    });
    await test.step("the group of another user", async () => {
      await Deno.chmod(aws, 0o770);
      await Deno.chown(aws, 0, OTHER);
      await refused(/other users can write to it/, `chmod go-w ${aws}`);
    });
    await test.step("the owner's own group passes", async () => {
      await Deno.chown(aws, 0, 0);
      assert.equal((await home.run(["cred-process", PROFILE])).code, 0);
    });
  },
});

Deno.test({
  name: "another user: no plugin runs from grants.json of another user, or in an open folder",
  ignore,
  async fn(test) {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    const settings = `${home.folder}/.config/okta-aws`;
    await home.write(
      "evil.js",
      `export default { name: "evil", apiVersion: 1, permissions: { write: ["~/ran.txt"] }, hooks: {
        async postRefresh(event) { await Deno.writeTextFile(event.home + "/ran.txt", "ran"); } } };`,
    );
    assert.equal((await home.run(["plugin", "add", "evil.js", "--yes"])).code, 0);
    const ran = async () => {
      const { plugins } = JSON.parse((await home.run(["refresh", "--json"])).stdout);
      const text = await home.read("ran.txt");
      if (text !== "") await Deno.remove(`${home.folder}/ran.txt`);
      return { ran: text !== "", plugins };
    };
    assert.equal((await ran()).ran, true);
    const cases: [path: string, owner: number, mode: number, hint: RegExp][] = [
      [`${settings}/grants.json`, OTHER, 0o644, /belongs to another user/],
      [`${settings}/grants.json`, 0, 0o666, /other users can write to it/],
      [settings, 0, 0o777, /other users can write to it/],
      [settings, OTHER, 0o755, /belongs to another user/],
      [`${home.folder}/.config`, 0, 0o777, /other users can write to it/],
    ];
    for (const [path, owner, mode, message] of cases) {
      await test.step(`${path.slice(home.folder.length)} ${owner} ${mode.toString(8)}`, async () => {
        const { mode: before } = await Deno.stat(path);
        await Deno.chown(path, owner, owner);
        await Deno.chmod(path, mode);
        const result = await ran();
        assert.equal(result.ran, false);
        assert.match(result.plugins[0].message, message);
        await Deno.chown(path, 0, 0);
        await Deno.chmod(path, before! & 0o777);
      });
    }
    assert.equal((await ran()).ran, true);
  },
});
