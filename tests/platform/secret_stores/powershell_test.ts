import { deepStrictEqual, doesNotMatch, match, rejects, strictEqual } from "node:assert/strict";
import { SecretStoreError } from "../../../src/errors.ts";
import type { BackendName } from "../../../src/ports.ts";
import { systemFiles } from "../../../src/platform/files/files.ts";
import { openSecretStore } from "../../../src/platform/secret_stores/backends.ts";
import { dpapiStore } from "../../../src/platform/secret_stores/dpapi.ts";
import { fileStore } from "../../../src/platform/secret_stores/file.ts";
import { probePowerShell, runPowerShell } from "../../../src/platform/secret_stores/powershell.ts";
import { wincredStore } from "../../../src/platform/secret_stores/wincred.ts";
import { Secret } from "../../../src/secret.ts";
import { pathWith } from "../../fakes/programs.ts";
import { type StandIn, standIn } from "../../fakes/secret_stores/stand_ins.ts";
import { fakeTerminal } from "../terminal/fake_terminal.ts";
import { assertMode, inScratchFolder } from "../scratch_folder.ts";

const failing = (code: string) => (error: unknown): boolean =>
  error instanceof SecretStoreError && error.code === code && error.hint !== undefined;

function settings({ tool, folder }: StandIn, os: "windows" | "linux" = "windows") {
  const variables: Record<string, string> = { PATH: Deno.env.get("PATH")!, HOME: folder };
  const environment = { os, get: (name: string) => variables[name], all: () => variables };
  return { tool, environment, files: systemFiles(), secretsFolder: `${folder}/secrets` };
}

function powerShellTest(name: string, act: (powershell: StandIn) => Promise<void>): void {
  Deno.test({
    name,
    // Only a real program is found as `powershell.exe` there: `system_stores_test.ts` runs it.
    ignore: Deno.build.os === "windows",
    fn: () => inScratchFolder(async (folder) => await act(await standIn("powershell.exe", folder))),
  });
}

powerShellTest(
  "dpapiStore() encrypts for the user, in PowerShell 5.1 and 7",
  async (powershell) => {
    const store = dpapiStore(settings(powershell));
    for (const edition of [5, 7] as const) {
      await powershell.behave({ edition });
      await store.write("work", new Secret("hunter2"));
      strictEqual((await store.read("work"))?.reveal(), "hunter2");
    }
    const path = `${powershell.folder}/secrets/work`;
    doesNotMatch(await Deno.readTextFile(path), /hunter2|aHVudGVyM/);
    assertMode(path, 0o600);
    doesNotMatch((await powershell.runs()).join("\n"), /hunter2|aHVudGVyM/);
    await powershell.behave({ user: "mallory" });
    await rejects(store.read("work"), failing("denied"));
  },
);

powerShellTest("dpapiStore() detects a damaged file, and another account's", async (powershell) => {
  const store = dpapiStore(settings(powershell));
  await store.write("work", new Secret("x"));
  const path = `${powershell.folder}/secrets/work`;
  const document = JSON.parse(await Deno.readTextFile(path));
  for (
    const [name, text] of [
      ["work", "{"],
      ["work", JSON.stringify({ ...document, dpapi: "AAAA" })],
      ["home", JSON.stringify(document)],
      ["home", JSON.stringify({ ...document, account: "home" })],
    ] as const
  ) {
    await Deno.writeTextFile(`${powershell.folder}/secrets/${name}`, text);
    await rejects(store.read(name), failing("damaged"), text);
  }
});

powerShellTest(
  "dpapiStore() and fileStore() leave each other's files alone",
  async (powershell) => {
    const own = settings(powershell);
    const dpapi = dpapiStore(own);
    const file = fileStore({
      ...own,
      environment: { get: () => "passphrase" },
      terminal: fakeTerminal(),
    });
    for (const [one, other] of [[dpapi, file], [file, dpapi]] as const) {
      await one.write("work", new Secret(one.name));
      strictEqual(await other.read("work"), undefined);
      strictEqual(await other.remove("work"), false);
      deepStrictEqual([await one.list(), await other.list()], [["work"], []]);
      strictEqual((await one.read("work"))?.reveal(), one.name);
    }
  },
);

powerShellTest("wincredStore() maps the error numbers of Windows", async (powershell) => {
  const store = wincredStore(settings(powershell));
  for (const [vaultError, code] of [[1312, "unavailable"], [5, "denied"], [87, "unavailable"]]) {
    await powershell.behave({ vaultError: vaultError as number });
    await rejects(store.read("work"), failing(code as string));
  }
  await rejects(store.list(), (error: Error) => /Win32 error 87/.test(error.message));
});

powerShellTest("wincredStore() stores with one start of PowerShell", async (powershell) => {
  const store = wincredStore(settings(powershell));
  await store.write("work", new Secret("hunter2".repeat(1_000)));
  const runs = await powershell.runs();
  strictEqual(runs.length, 1);
  doesNotMatch(runs[0]!, /hunter2|aHVudGVyM/);
});

powerShellTest("runPowerShell() reports why PowerShell failed", async (powershell) => {
  const own = settings(powershell);
  await powershell.behave({ constrained: true });
  const trouble = await probePowerShell(own);
  strictEqual(trouble?.code, "unavailable");
  match(trouble.message, /Constrained Language Mode/);
  const unknown = { script: "  Remove-Item x", lines: [], timeoutMilliseconds: 60_000 };
  await powershell.behave({});
  await rejects(runPowerShell(own, unknown), failing("unavailable"));
  await powershell.behave({ hangs: true });
  await rejects(runPowerShell(own, { ...unknown, timeoutMilliseconds: 300 }), failing("timeout"));
  const missing = await probePowerShell({ ...own, tool: "/nonexistent/tool" });
  strictEqual(missing?.message, "could not start PowerShell");
});

powerShellTest(
  "openSecretStore() reaches Windows' store from a WSL, by name",
  async (powershell) => {
    const variables: Record<string, string> = {
      PATH: pathWith(powershell.folder),
      HOME: powershell.folder,
      WSL_DISTRO_NAME: "Debian",
    };
    const { files, secretsFolder } = settings(powershell);
    const get = (name: string) => variables[name];
    const environment = {
      os: "linux" as const,
      get,
      all: () => variables,
      home: powershell.folder,
    };
    for (const name of ["dpapi", "wincred"] satisfies BackendName[]) {
      const own = { environment, files, secretsFolder, terminal: fakeTerminal() };
      const store = await openSecretStore(name, own);
      await store.write("work", new Secret("grün"));
      strictEqual((await store.read("work"))?.reveal(), "grün");
    }
  },
);
