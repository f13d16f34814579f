import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { SettingsError } from "../../../src/errors.ts";
import { permissionBits, systemFiles } from "../../../src/platform/files/files.ts";
import { assertMode, posixScratchTest, scratchTest } from "../scratch_folder.ts";

const files = systemFiles();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const coded = (code: string) => (error: unknown): boolean =>
  error instanceof SettingsError && error.code === code && error.hint !== undefined;

scratchTest("read() returns bytes, or undefined when there is no file", async (folder) => {
  await Deno.writeFile(`${folder}/f`, new Uint8Array([0, 255]));
  deepStrictEqual(await files.read(`${folder}/f`), new Uint8Array([0, 255]));
  strictEqual(await files.read(`${folder}/none`), undefined);
  strictEqual(await files.read(`${folder}/none/none`), undefined);
});

scratchTest("read() rejects with file_not_readable when it is not a file", async (folder) => {
  await Deno.writeTextFile(`${folder}/f`, "");
  await rejects(files.read(folder), coded("file_not_readable"));
  // Windows says that there is no such file.
  if (Deno.build.os === "windows") return;
  await rejects(files.read(`${folder}/f/below`), coded("file_not_readable"));
});

scratchTest("writeAtomic() creates a file 0600 in folders 0700", async (folder) => {
  await files.writeAtomic(`${folder}/a/b/f`, bytes("new"));
  strictEqual(await Deno.readTextFile(`${folder}/a/b/f`), "new");
  for (const path of ["a", "a/b"]) assertMode(`${folder}/${path}`, 0o700);
  assertMode(`${folder}/a/b/f`, 0o600);
});

posixScratchTest("writeAtomic() uses the given mode only for a new file", async (folder) => {
  await files.writeAtomic(`${folder}/f`, bytes("1"), 0o644);
  assertMode(`${folder}/f`, 0o644);
  await Deno.chmod(`${folder}/f`, 0o664);
  await files.writeAtomic(`${folder}/f`, bytes("2"), 0o600);
  assertMode(`${folder}/f`, 0o664);
});

posixScratchTest("writeAtomic() keeps a link and replaces its target", async (folder) => {
  await Deno.mkdir(`${folder}/real`);
  await Deno.writeTextFile(`${folder}/real/f`, "old");
  await Deno.symlink("real/f", `${folder}/link`);
  await Deno.symlink(`${folder}/link`, `${folder}/link2`);
  await files.writeAtomic(`${folder}/link2`, bytes("new"));
  ok((await Deno.lstat(`${folder}/link`)).isSymlink);
  ok((await Deno.lstat(`${folder}/link2`)).isSymlink);
  strictEqual(await Deno.readTextFile(`${folder}/real/f`), "new");
});

posixScratchTest(
  "writeAtomic() creates the target when a link points to nothing",
  async (folder) => {
    await Deno.symlink("later/f", `${folder}/link`);
    await files.writeAtomic(`${folder}/link`, bytes("new"));
    ok((await Deno.lstat(`${folder}/link`)).isSymlink);
    strictEqual(await Deno.readTextFile(`${folder}/later/f`), "new");
  },
);

posixScratchTest("writeAtomic() rejects links that form a loop", async (folder) => {
  await Deno.symlink("b", `${folder}/a`);
  await Deno.symlink("a", `${folder}/b`);
  await rejects(files.writeAtomic(`${folder}/a`, bytes("x")), coded("file_not_writable"));
});

posixScratchTest("writeAtomic() rejects a read-only file even as root", async (folder) => {
  await Deno.writeTextFile(`${folder}/f`, "old");
  await Deno.chmod(`${folder}/f`, 0o444);
  await rejects(files.writeAtomic(`${folder}/f`, bytes("new")), coded("file_not_writable"));
  strictEqual(await Deno.readTextFile(`${folder}/f`), "old");
  deepStrictEqual(await files.list(folder), ["f"]);
});

scratchTest("writeAtomic() rejects a folder, and a path through a file", async (folder) => {
  await rejects(files.writeAtomic(folder, bytes("x")), coded("file_not_writable"));
  await Deno.writeTextFile(`${folder}/f`, "old");
  await rejects(files.writeAtomic(`${folder}/f/g`, bytes("x")), coded("file_not_writable"));
});

scratchTest("writeAtomic() leaves nothing beside the file", async (folder) => {
  await files.writeAtomic(`${folder}/f`, bytes("1"));
  await files.writeAtomic(`${folder}/f`, bytes("2"));
  deepStrictEqual(Array.from(Deno.readDirSync(folder), (entry) => entry.name), ["f"]);
});

posixScratchTest(
  "writeAtomic() removes what killed writers of the same file left",
  async (folder) => {
    const child = new Deno.Command("true").spawn();
    await child.status;
    const dead = `.f.okta-aws-${child.pid}-00112233.tmp`;
    const alive = `.f.okta-aws-${Deno.ppid}-00112233.tmp`;
    const other = `.g.okta-aws-${child.pid}-00112233.tmp`;
    const foreign = ".f.swp";
    for (const name of [dead, alive, other, foreign]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    await files.writeAtomic(`${folder}/f`, bytes("x"));
    const left = Array.from(Deno.readDirSync(folder), (entry) => entry.name).sort();
    deepStrictEqual(left, [alive, other, foreign, "f"].sort());
  },
);

scratchTest(
  "list() is sorted, has no temporary files of ours, and is empty without a folder",
  async (folder) => {
    for (const name of ["b", "a", ".f.okta-aws-1-00112233.tmp"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    deepStrictEqual(await files.list(folder), ["a", "b"]);
    deepStrictEqual(await files.list(`${folder}/none`), []);
  },
);

scratchTest("remove() returns whether there was a file", async (folder) => {
  await Deno.writeTextFile(`${folder}/f`, "");
  strictEqual(await files.remove(`${folder}/f`), true);
  strictEqual(await files.remove(`${folder}/f`), false);
});

posixScratchTest("facts() returns mode and last change, of a link's target", async (folder) => {
  await Deno.writeTextFile(`${folder}/f`, "", { mode: 0o640 });
  await Deno.chmod(`${folder}/f`, 0o640);
  await Deno.utime(`${folder}/f`, 1_000, 1_000);
  await Deno.symlink("f", `${folder}/link`);
  deepStrictEqual(await files.facts(`${folder}/link`), {
    mode: 0o640,
    modified: 1_000_000,
    size: 0,
    owned: true,
  });
  strictEqual(await files.facts(`${folder}/none`), undefined);
});

Deno.test("permissionBits() has none of other users on Windows", () => {
  strictEqual(permissionBits(0o100666, "windows"), 0o600);
  strictEqual(permissionBits(0o100444, "windows"), 0o400);
  strictEqual(permissionBits(0o101664, "linux"), 0o1664);
  strictEqual(permissionBits(null, "windows"), undefined);
});

Deno.test({
  name: "writeAtomic() throws disk_full and keeps the old content when there is no room",
  ignore: Deno.build.os !== "linux",
  async fn() {
    // A limit on file size is the full disk that a test can have: EFBIG instead of ENOSPC.
    const module = new URL("../../../src/platform/files/files.ts", import.meta.url);
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/f`, "old");
    const code = `
      import { systemFiles } from "${module}";
      Deno.addSignalListener("SIGXFSZ", () => {});
      const big = new Uint8Array(64 * 1024 * 1024);
      try { await systemFiles().writeAtomic("${folder}/f", big); } catch (error) { console.log(error.code); }
      Deno.exit();
    `;
    const script = 'ulimit -f 30000; exec "$0" eval --no-config "$1"';
    const { stdout } = await new Deno.Command("bash", {
      args: ["-c", script, Deno.execPath(), code],
    }).output();
    strictEqual(new TextDecoder().decode(stdout), "disk_full\n");
    strictEqual(await Deno.readTextFile(`${folder}/f`), "old");
    deepStrictEqual(Array.from(Deno.readDirSync(folder), (entry) => entry.name), ["f"]);
    await Deno.remove(folder, { recursive: true });
  },
});

scratchTest("lock() returns undefined at its time limit", async (folder) => {
  const held = await files.lock(`${folder}/x/lock`, { timeoutMilliseconds: 0 });
  ok(held);
  assertMode(`${folder}/x/lock`, 0o600);
  strictEqual(await files.lock(`${folder}/x/lock`, { timeoutMilliseconds: 0 }), undefined);
  held.release();
});

scratchTest("lock() calls onWait once, and gets a released lock", async (folder) => {
  const held = await files.lock(`${folder}/lock`, { timeoutMilliseconds: 0 });
  let waits = 0;
  const onWait = (): void => {
    waits++;
    held!.release();
    held!.release();
  };
  const next = await files.lock(`${folder}/lock`, { timeoutMilliseconds: 60_000, onWait });
  ok(next);
  strictEqual(waits, 1);
  next.release();
});

posixScratchTest(
  "lock() is not fooled when the lock file is replaced while it is held",
  async (folder) => {
    const held = await files.lock(`${folder}/lock`, { timeoutMilliseconds: 0 });
    await Deno.remove(`${folder}/lock`);
    const next = await files.lock(`${folder}/lock`, { timeoutMilliseconds: 0 });
    ok(next);
    strictEqual(await files.lock(`${folder}/lock`, { timeoutMilliseconds: 0 }), undefined);
    held!.release();
    next.release();
  },
);

scratchTest("lock() is released when its holder is killed", async (folder) => {
  const module = new URL("../../../src/platform/files/files.ts", import.meta.url);
  const code = `
    import { systemFiles } from "${module}";
    await systemFiles().lock("${folder}/lock", { timeoutMilliseconds: 0 });
    console.log("held");
    setInterval(() => {}, 1000);
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  strictEqual(await files.lock(`${folder}/lock`, { timeoutMilliseconds: 0 }), undefined);
  child.kill("SIGKILL");
  const lock = await files.lock(`${folder}/lock`, { timeoutMilliseconds: 60_000 });
  ok(lock);
  lock.release();
  await reader.cancel();
  await child.status;
});

posixScratchTest(
  "findUnsafe() finds the first folder that others can write, but not sticky ones",
  async (folder) => {
    const deep = `${folder}/a/b`;
    await Deno.mkdir(deep, { recursive: true });
    await Deno.chmod(folder, 0o700);
    strictEqual(await files.findUnsafe(`${deep}/missing`), undefined);
    await Deno.chmod(`${folder}/a`, 0o777);
    const unsafe = { path: `${folder}/a`, reason: "writable", isFolder: true };
    deepStrictEqual(await files.findUnsafe(deep), unsafe);
    strictEqual(await files.isPrivateFolder(deep), false);
    await Deno.symlink(deep, `${folder}/link`);
    deepStrictEqual(await files.findUnsafe(`${folder}/link`), unsafe);
    await Deno.chmod(`${folder}/a`, 0o1777);
    strictEqual(await files.findUnsafe(deep), undefined);
  },
);

posixScratchTest(
  "makePrivate() sets mode 0700 and removes what others could have written",
  async (folder) => {
    const cache = `${folder}/cache`;
    await Deno.mkdir(`${cache}/inner`, { recursive: true });
    for (const name of ["ours", "open", "inner/ours"]) {
      await Deno.writeTextFile(
        `${cache}/${name}`,
        "",
      );
    }
    for (const name of ["ours", "inner/ours"]) await Deno.chmod(`${cache}/${name}`, 0o600);
    await Deno.chmod(`${cache}/open`, 0o666);
    await Deno.symlink("/etc/passwd", `${cache}/link`);
    await Deno.chmod(`${cache}/inner`, 0o777);
    await Deno.chmod(cache, 0o777);
    await files.makePrivate(cache);
    deepStrictEqual(await files.list(cache), ["inner", "ours"]);
    deepStrictEqual(await files.list(`${cache}/inner`), ["ours"]);
    for (const path of [cache, `${cache}/inner`]) {
      assertMode(path, 0o700);
    }
    strictEqual(await files.isPrivateFolder(cache), true);
  },
);
