import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from "node:assert/strict";
import { InteractionError, SecretStoreError } from "../../../src/errors.ts";
import { systemFiles } from "../../../src/platform/files/files.ts";
import { fileStore } from "../../../src/platform/secret_stores/file.ts";
import { Secret } from "../../../src/secret.ts";
import { neededVariables } from "../../fakes/programs.ts";
import { type FakeTerminal, fakeTerminal } from "../terminal/fake_terminal.ts";
import { assertMode, inScratchFolder, scratchTest } from "../scratch_folder.ts";
import { runContract } from "./contract.ts";

const files = systemFiles();
const failing = (code: string) => (error: unknown): boolean =>
  error instanceof SecretStoreError && error.code === code && error.hint !== undefined;

function open(folder: string, passphrase?: string, terminal: FakeTerminal = fakeTerminal()) {
  const get = (name: string): string | undefined =>
    name === "OKTA_AWS_FILE_PASSPHRASE" ? passphrase : undefined;
  return fileStore({ secretsFolder: `${folder}/secrets`, files, environment: { get }, terminal });
}

Deno.test("the contract holds for fileStore()", async (t) => {
  await inScratchFolder(async (folder) => {
    const module = (name: string) => new URL(`../../../src/platform/${name}`, import.meta.url);
    const script = `
      import { fileStore } from "${module("secret_stores/file.ts")}";
      import { systemFiles } from "${module("files/files.ts")}";
      const store = fileStore({
        secretsFolder: "${folder}/secrets", files: systemFiles(),
        environment: { get: () => "pass" }, terminal: undefined,
      });`;
    const environment = { ...neededVariables(), HOME: folder };
    await runContract(t, { open: () => open(folder, "pass"), script, environment });
  });
});

scratchTest("write() keeps nothing readable in a file of mode 0600", async (folder) => {
  await open(folder, "pass phrase").write("work", new Secret("hunter22"));
  const path = `${folder}/secrets/work`;
  const text = await Deno.readTextFile(path);
  doesNotMatch(text, /hunter22|pass phrase/);
  doesNotMatch(text, new RegExp(btoa("hunter22").slice(0, 8)));
  assertMode(path, 0o600);
  const { version, kdf } = JSON.parse(text);
  deepStrictEqual([version, kdf.name], [1, "PBKDF2-SHA-256"]);
  ok(kdf.iterations >= 600_000);
});

scratchTest("read() distinguishes a wrong passphrase from a damaged file", async (folder) => {
  const path = `${folder}/secrets/work`;
  await open(folder, "right").write("work", new Secret("x"));
  await rejects(open(folder, "wrong").read("work"), failing("wrong_passphrase"));
  const envelope = JSON.parse(await Deno.readTextFile(path));
  for (const key of ["account", "check", "iv", "ciphertext", "digest", "version"]) {
    await Deno.writeTextFile(path, JSON.stringify({ ...envelope, [key]: "AAAA" }));
    await rejects(open(folder, "right").read("work"), failing("damaged"), key);
  }
  const kdf = { ...envelope.kdf, iterations: 1 };
  for (const text of ["", "{", "null", "[]", JSON.stringify({ ...envelope, kdf })]) {
    await Deno.writeTextFile(path, text);
    await rejects(open(folder, "right").read("work"), failing("damaged"), text);
  }
});

scratchTest("read() rejects another account's file under this one's name", async (folder) => {
  await open(folder, "p").write("work", new Secret("x"));
  await Deno.copyFile(`${folder}/secrets/work`, `${folder}/secrets/home`);
  await rejects(open(folder, "p").read("home"), failing("damaged"));
});

scratchTest("read() accepts a passphrase typed in another Unicode form", async (folder) => {
  await open(folder, "caf\u00e9").write("work", new Secret("x"));
  strictEqual((await open(folder, "cafe\u0301").read("work"))?.reveal(), "x");
});

scratchTest("write() asks for a new passphrase twice, until both match", async (folder) => {
  const terminal = fakeTerminal("one", "two", "", "three", "three");
  const store = open(folder, undefined, terminal);
  await store.write("work", new Secret("x"));
  strictEqual(terminal.questions.length, 5);
  await store.write("work", new Secret("y"));
  strictEqual((await store.read("work"))?.reveal(), "y");
  strictEqual(terminal.questions.length, 5);
  strictEqual((await open(folder, "three").read("work"))?.reveal(), "y");
});

scratchTest("read() asks up to three times for the passphrase", async (folder) => {
  await open(folder, "right").write("work", new Secret("x"));
  const second = fakeTerminal("wrong", "right");
  strictEqual((await open(folder, undefined, second).read("work"))?.reveal(), "x");
  const never = fakeTerminal("1", "2", "3", "right");
  await rejects(open(folder, undefined, never).read("work"), failing("wrong_passphrase"));
});

scratchTest("read() names the variable when nobody can be asked", async (folder) => {
  await open(folder, "p").write("work", new Secret("x"));
  const attempts = [
    () => open(folder).read("work"),
    () => open(folder).write("a", new Secret("x")),
  ];
  for (const attempt of attempts) {
    await rejects(attempt(), (error) => {
      ok(error instanceof InteractionError);
      match(error.hint!, /OKTA_AWS_FILE_PASSPHRASE/);
      return true;
    });
  }
});

scratchTest("read() asks nobody when there is no item or it is damaged", async (folder) => {
  strictEqual(await open(folder).read("work"), undefined);
  await Deno.mkdir(`${folder}/secrets`);
  await Deno.writeTextFile(`${folder}/secrets/work`, "{}");
  await rejects(open(folder).read("work"), failing("damaged"));
});
