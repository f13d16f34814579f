import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { SecretStoreError } from "../../../src/errors.ts";
import type { BuiltInBackendName, Environment } from "../../../src/ports.ts";
import { systemFiles } from "../../../src/platform/files/files.ts";
import {
  openSecretStore,
  surveySecretStores,
} from "../../../src/platform/secret_stores/backends.ts";
import { writeShellProgram } from "../../fakes/programs.ts";
import { fakeTerminal } from "../terminal/fake_terminal.ts";
import { posixScratchTest, scratchTest } from "../scratch_folder.ts";

function settings(os: Environment["os"] = "linux", variables: Record<string, string> = {}) {
  const get = (key: string) => variables[key];
  const environment = { os, get, all: () => variables, home: "/nonexistent" };
  return { environment, files: systemFiles(), secretsFolder: "/nonexistent" };
}

function open(
  name: BuiltInBackendName | undefined,
  os: Environment["os"] = "linux",
  variables: Record<string, string> = {},
) {
  return openSecretStore(name, { ...settings(os, variables), terminal: fakeTerminal() });
}

Deno.test("openSecretStore() opens the named backend", async () => {
  const everywhere = ["pass", "file", "env", "command"] as const;
  const wsl = { WSL_DISTRO_NAME: "Debian" };
  for (
    const [os, variables, names] of [
      ["linux", {}, ["secret-service", ...everywhere]],
      ["linux", wsl, ["secret-service", "dpapi", "wincred", ...everywhere]],
      ["darwin", {}, ["keychain", ...everywhere]],
      ["windows", {}, ["dpapi", "wincred", ...everywhere]],
    ] as const
  ) {
    for (const name of names) strictEqual((await open(name, os, variables)).name, name);
  }
});

Deno.test("openSecretStore() throws when a backend does not exist here", async () => {
  const unavailable = (error: unknown): boolean =>
    error instanceof SecretStoreError && error.code === "backend_not_available";
  for (
    const [os, names] of [
      ["linux", ["keychain", "dpapi", "wincred"]],
      ["darwin", ["secret-service", "dpapi", "wincred"]],
      ["windows", ["secret-service", "keychain"]],
    ] as const
  ) {
    for (const name of names) await rejects(open(name, os), unavailable);
  }
});

posixScratchTest(
  "openSecretStore() takes the first that works, and reports what it skipped",
  async (folder) => {
    await writeShellProgram(
      `${folder}/secret-tool`,
      "echo 'secret-tool: Could not connect' >&2; exit 1",
    );
    await writeShellProgram(`${folder}/gopass`, "exit 0");
    const store = await open(undefined, "linux", { PATH: folder });
    strictEqual(store.name, "pass");
    deepStrictEqual(store.passedOver?.map(({ name, works }) => [name, works]), [
      ["secret-service", false],
    ]);
    match(store.passedOver![0]!.why!, /D-Bus/);
    await writeShellProgram(`${folder}/secret-tool`, "exit 0");
    const better = await open(undefined, "linux", { PATH: folder });
    deepStrictEqual([better.name, better.passedOver], ["secret-service", []]);
  },
);

posixScratchTest(
  "surveySecretStores() says of each backend whether it works, and why not",
  async (folder) => {
    await writeShellProgram(`${folder}/secret-tool`, "exit 0");
    await writeShellProgram(
      `${folder}/gopass`,
      "echo 'Error: password-store is not initialized' >&2; exit 6",
    );
    const variables = { PATH: folder, OKTA_AWS_TOTP: "x" };
    const found = await surveySecretStores(settings("linux", variables));
    deepStrictEqual(found.map(({ name, works, why }) => [name, works, why]), [
      ["secret-service", true, undefined],
      ["pass", false, "there is no password store yet"],
      ["file", true, undefined],
      ["env", true, undefined],
      ["command", false, "neither password_command nor totp_command is set"],
    ]);
    const windows = await surveySecretStores(settings("windows", { PATH: folder }));
    deepStrictEqual(windows.slice(0, 2).map(({ name, works }) => [name, works]), [
      ["dpapi", false],
      ["wincred", false],
    ]);
  },
);

scratchTest("openSecretStore() does not fall back to a weaker backend", async (folder) => {
  const refused = (error: unknown): boolean => {
    ok(error instanceof SecretStoreError);
    strictEqual(error.code, "no_store");
    match(error.hint!, /--backend file/);
    return true;
  };
  const systems = (["linux", "darwin", "windows"] as const).filter((os) =>
    os === "linux" || os !== Deno.build.os
  );
  for (const os of systems) await rejects(open(undefined, os, { PATH: folder }), refused);
});
