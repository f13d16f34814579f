/** The workflows in `.github`: what their linters and the house say of them. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { areMissing, ignoreWithout } from "./real/programs.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const FOLDER = `${ROOT}.github/workflows`;
const NAMES = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();

async function finds(program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return success ? "" : decoder.decode(stdout) + decoder.decode(stderr);
}

Deno.test({
  name: "actionlint finds nothing",
  ignore: areMissing("actionlint"),
  fn: async () => assert.equal(await finds("actionlint"), ""),
});

Deno.test({
  name: "zizmor finds nothing in pedantic mode",
  ignore: ignoreWithout("zizmor"),
  fn: async () =>
    assert.equal(await finds("zizmor", "--offline", "--persona=pedantic", FOLDER), ""),
});

Deno.test("actions are pinned by full hash with their version, and jobs may do what they need", () => {
  assert.deepEqual(NAMES, ["ci.yml", "release.yml", "scheduled.yml"]);
  const pins = new Map<string, string>();
  for (const name of NAMES) {
    const text = Deno.readTextFileSync(`${FOLDER}/${name}`);
    assert.match(text, /^permissions: \{\}$/m, `${name} begins with no permission`);
    for (const [line, action = "", pin = ""] of text.matchAll(/uses: ([^@\n]+)(.*)/g)) {
      assert.match(line, /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      assert.equal(pins.get(action) ?? pin, pin, `${action} is of one version everywhere`);
      pins.set(action, pin);
    }
  }
});

Deno.test("the workflows use the Deno that the README names", () => {
  const readme = Deno.readTextFileSync(`${ROOT}README.md`);
  const version = /npx -y deno@(\S+) task test/.exec(readme)?.[1];
  for (const name of NAMES) {
    const text = Deno.readTextFileSync(`${FOLDER}/${name}`);
    const wanted = name === "scheduled.yml" ? "latest" : version;
    for (const [, used] of text.matchAll(/deno@(\S+)/g)) assert.equal(used, wanted, name);
  }
});
