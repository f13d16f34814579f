/** What a plugin with granted folders can reach, by the whole program. */

import assert from "node:assert/strict";
import { emptyHome, type Home } from "../cli/program.ts";

/** On Windows only administrators make links. */
const ignoreLinks = Deno.build.os === "windows";

const CANARY = "canary-51c0e";

type Call = [method: string, ...args: unknown[]];

const PLUGIN = `export default { name: "files", apiVersion: 1,
  permissions: { read: ["~/data", "~/named"], write: ["~/data", "~/named"] },
  commands: { files: { brief: "x", async run({ args }) {
    const results = [];
    for (const [method, ...rest] of JSON.parse(args[0])) {
      try {
        let found = method === "readDir" ? [] : await Deno[method](...rest);
        if (method === "readDir") for await (const one of Deno.readDir(...rest)) found.push(one);
        results.push("did " + (found?.size ?? JSON.stringify(found ?? null)));
      } catch (error) { results.push(error.name); }
    }
    return JSON.stringify(results);
  } } } };`;

async function homeWithPlugin(): Promise<Home> {
  const home = await emptyHome();
  await home.write("data/mine.txt", "mine");
  await home.write("files.js", PLUGIN);
  const { code, stderr } = await home.run(["plugin", "add", "files.js", "--yes"]);
  assert.equal(code, 0, stderr);
  await home.write(".aws/credentials", CANARY);
  await home.write(".bashrc", CANARY);
  return home;
}

async function attempt(home: Home, calls: readonly Call[]): Promise<string[]> {
  const { stdout, stderr } = await home.run(["files", JSON.stringify(calls)]);
  assert.ok(!stdout.includes(CANARY));
  return JSON.parse(stdout || JSON.stringify([stderr]));
}

Deno.test("a link below a granted folder leads nowhere else", { ignore: ignoreLinks }, async () => {
  await using home = await homeWithPlugin();
  const data = `${home.folder}/data`;
  const grants = await home.read(".config/okta-aws/grants.json");
  await Deno.symlink("../.config/okta-aws", `${data}/settings`);
  await Deno.symlink("..", `${data}/home`);
  await Deno.symlink(`${home.folder}/.bashrc`, `${data}/shell`);
  await Deno.symlink(`${home.folder}/.zshrc`, `${data}/dangling`);
  const outside: Call[] = [
    ["readTextFile", `${data}/settings/grants.json`],
    ["writeTextFile", `${data}/settings/grants.json`, "{}"],
    ["writeTextFile", `${data}/settings/new.json`, "{}"],
    ["stat", `${data}/settings/grants.json`],
    ["lstat", `${data}/settings/grants.json`],
    ["realPath", `${data}/settings/grants.json`],
    ["readDir", `${data}/settings`],
    ["mkdir", `${data}/settings/folder`],
    ["mkdir", `${data}/settings/a/b`, { recursive: true }],
    ["remove", `${data}/settings/grants.json`],
    ["rename", `${data}/mine.txt`, `${data}/settings/grants.json`],
    ["rename", `${data}/settings/grants.json`, `${data}/theirs`],
    ["copyFile", `${data}/settings/grants.json`, `${data}/theirs`],
    ["copyFile", `${data}/mine.txt`, `${data}/settings/grants.json`],
    ["readTextFile", `${data}/home/.aws/credentials`],
    ["readTextFile", `${data}/home/data/home/.aws/credentials`],
    ["readTextFile", `${data}/../.aws/credentials`],
    ["readTextFile", `${data}/settings/../.aws/credentials`],
    ["readTextFile", `${data}/shell`],
    ["writeTextFile", `${data}/shell`, "evil"],
    ["writeTextFile", `${data}/dangling`, "evil"],
    ["writeTextFile", `${data}/dangling`, "evil", { createNew: true }],
    ["readTextFile", "/proc/self/environ"],
  ];
  assert.deepEqual(await attempt(home, outside), outside.map(() => "NotCapable"));
  assert.equal(await home.read(".config/okta-aws/grants.json"), grants);
  assert.equal(await home.read(".bashrc"), CANARY);
  assert.equal(await home.read(".zshrc"), "");
});

Deno.test("a plugin can't move links and folders, which could open other places", {
  ignore: ignoreLinks,
}, async () => {
  await using home = await homeWithPlugin();
  const data = `${home.folder}/data`;
  await Deno.symlink("..", `${data}/home`);
  await Deno.mkdir(`${data}/folder`);
  const calls: Call[] = [
    ["rename", `${data}/home`, `${data}/other`],
    ["rename", `${data}/folder`, `${data}/other`],
    ["symlink", `${home.folder}`, `${data}/other`],
    ["link", `${home.folder}/.bashrc`, `${data}/other`],
    ["remove", `${data}/home`],
    ["rename", `${data}/mine.txt`, `${data}/home`],
  ];
  const expected = [
    "NotSupported",
    "IsADirectory",
    "TypeError",
    "TypeError",
    "did null",
    "did null",
  ];
  assert.deepEqual(await attempt(home, calls), expected);
  assert.equal(await home.read("data/home"), "mine");
  assert.equal(await home.read(".bashrc"), CANARY);
});

Deno.test(
  "a granted path that became a link to start-up files is closed",
  { ignore: ignoreLinks },
  async () => {
    await using home = await homeWithPlugin();
    const named = `${home.folder}/named`;
    await Deno.symlink(".bashrc", named);
    assert.deepEqual(
      await attempt(home, [["readTextFile", named], ["writeTextFile", named, "evil"]]),
      ["NotCapable", "NotCapable"],
    );
    await Deno.remove(named);
    await home.write("elsewhere/notes", "fine");
    await Deno.symlink("elsewhere/notes", named);
    assert.deepEqual(await attempt(home, [["readTextFile", named]]), ['did "fine"']);
  },
);

Deno.test("a plugin reads and writes what it was granted", async () => {
  await using home = await homeWithPlugin();
  const data = `${home.folder}/data`;
  const calls: Call[] = [
    ["mkdir", `${data}/a/b`, { recursive: true }],
    ["writeTextFile", `${data}/a/b/new`, "one", { mode: 0o640 }],
    ["writeTextFile", `${data}/a/b/new`, " two", { append: true }],
    ["writeTextFile", `${data}/a/b/new`, "three", { createNew: true }],
    ["writeTextFile", `${data}/missing`, "x", { create: false }],
    ["readTextFile", `${data}/a/b/new`],
    ["readTextFile", `${data}/missing`],
    ["readTextFile", `${data}/a`],
    ["copyFile", `${data}/mine.txt`, `${data}/a/copy`],
    ["rename", `${data}/a/copy`, `${data}/moved`],
    ["stat", `${data}/moved`],
    ["readDir", `${data}/a/b`],
    ["remove", `${data}/a`, { recursive: true }],
    ["readTextFile", "data/mine.txt"],
  ];
  assert.deepEqual(await attempt(home, calls), [
    ...["did null", "did null", "did null", "AlreadyExists", "NotFound", 'did "one two"'],
    ...["NotFound", "IsADirectory", "did null", "did null", "did 4"],
    'did [{"name":"new","isFile":true,"isDirectory":false,"isSymlink":false}]',
    ...["did null", "TypeError"],
  ]);
  assert.equal(await home.read("data/moved"), "mine");
});
