import { match, ok, rejects, strictEqual } from "node:assert/strict";
import { SecretStoreError } from "../../../src/errors.ts";
import type { BackendName, Environment } from "../../../src/ports.ts";
import { systemFiles } from "../../../src/platform/files.ts";
import { openSecretStore } from "../../../src/platform/secret_stores/choose.ts";
import { fakeTerminal } from "../fake_terminal.ts";
import { scratchTest } from "../scratch_folder.ts";

function open(
  name: BackendName | undefined,
  os: Environment["os"] = "linux",
  variables: Record<string, string> = {},
) {
  const environment = { os, get: (key: string) => variables[key], all: () => variables };
  const files = systemFiles();
  const terminal = fakeTerminal();
  return openSecretStore(name, { environment, files, terminal, secretsFolder: "/nonexistent" });
}

Deno.test("openSecretStore() opens the backend that is named", async () => {
  for (const name of ["file", "env", "secret-service"] as const) {
    strictEqual((await open(name)).name, name);
  }
});

Deno.test("openSecretStore() says so when a backend does not exist here", async () => {
  const unavailable = (error: unknown): boolean =>
    error instanceof SecretStoreError && error.code === "backend_not_available";
  for (const name of ["keychain", "dpapi", "wincred", "pass", "command"] as const) {
    await rejects(open(name), unavailable);
  }
  await rejects(open("secret-service", "darwin"), unavailable);
});

scratchTest("openSecretStore() does not fall back to something weaker", async (folder) => {
  const refused = (error: unknown): boolean => {
    ok(error instanceof SecretStoreError);
    strictEqual(error.code, "no_store");
    match(error.hint!, /--backend file/);
    return true;
  };
  await rejects(open(undefined, "linux", { PATH: folder }), refused);
  await rejects(open(undefined, "darwin"), refused);
  await rejects(open(undefined, "windows"), refused);
});
