import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import assert from "node:assert/strict";
import { SecretStoreError } from "../../src/errors.ts";
import { systemFiles } from "../../src/platform/files/files.ts";
import { openSecretStore } from "../../src/platform/secret_stores/backends.ts";
import {
  probeSecretService,
  secretServiceStore,
} from "../../src/platform/secret_stores/secret_service.ts";
import { Secret } from "../../src/secret.ts";
import { setUpHome } from "../cli/program.ts";
import { inScratchFolder } from "../platform/scratch_folder.ts";
import { runContract } from "../platform/secret_stores/contract.ts";
import { fakeTerminal } from "../platform/terminal/fake_terminal.ts";
import { startSimulator } from "../sim/simulator.ts";
import { type Keyring, startBus, startKeyring } from "./keyring.ts";
import { ignoreWithout } from "./programs.ts";

const ignore = ignoreWithout("secret-tool", "gnome-keyring-daemon", "dbus-daemon", "dbus-send");
const files = systemFiles();

function open(folder: string, environment: Record<string, string>) {
  return secretServiceStore({
    environment: { all: () => environment },
    files,
    secretsFolder: `${folder}/secrets`,
  });
}

async function withKeyring(act: (folder: string, keyring: Keyring) => Promise<void>) {
  await inScratchFolder(async (folder) => {
    const keyring = await startKeyring(folder);
    try {
      await act(folder, keyring);
    } finally {
      await keyring.stop();
    }
  });
}

const failing = (code: string) => (error: unknown): boolean =>
  error instanceof SecretStoreError && error.code === code && error.hint !== undefined;

Deno.test({
  name: "secretServiceStore() meets the contract on a real gnome-keyring",
  ignore,
  fn: (t) =>
    withKeyring(async (folder, { environment }) => {
      const module = (name: string) => new URL(`../../src/platform/${name}`, import.meta.url);
      const script = `
        import { secretServiceStore } from "${module("secret_stores/secret_service.ts")}";
        import { systemFiles } from "${module("files/files.ts")}";
        const store = secretServiceStore({
          environment: { all: () => Deno.env.toObject() }, files: systemFiles(),
          secretsFolder: "${folder}/secrets",
        });`;
      await runContract(t, { open: () => open(folder, environment), script, environment });
    }),
});

Deno.test({
  name: "secretServiceStore() distinguishes a locked keyring from a missing item",
  ignore,
  fn: () =>
    withKeyring(async (folder, { environment, lock }) => {
      const store = open(folder, environment);
      await store.write("work", new Secret("x"));
      await lock();
      await rejects(store.read("work"), failing("locked"));
      deepStrictEqual(await store.list(), ["work"]);
      await rejects(store.remove("work"), failing("locked"));
      await rejects(store.write("work", new Secret("y")), failing("locked"));
      strictEqual(await store.read("none"), undefined);
      strictEqual(await store.remove("none"), false);
      strictEqual(await probeSecretService({ environment: { all: () => environment } }), undefined);
    }),
});

Deno.test({
  name: "openSecretStore() chooses the keyring when it works",
  ignore: ignore || Deno.build.os !== "linux",
  fn: () =>
    withKeyring(async (folder, { environment }) => {
      const store = await openSecretStore(undefined, {
        environment: {
          os: "linux",
          home: folder,
          all: () => environment,
          get: (name) => environment[name],
        },
        files,
        terminal: fakeTerminal(),
        secretsFolder: folder,
      });
      strictEqual(store.name, "secret-service");
    }),
});

Deno.test({
  name: "secretServiceStore() is unavailable without D-Bus or without a service on it",
  ignore,
  fn: () =>
    inScratchFolder(async (folder) => {
      const without = { PATH: Deno.env.get("PATH")!, HOME: folder };
      const nowhere = { ...without, DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/none` };
      await Deno.writeTextFile(
        `${folder}/bus.conf`,
        `<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
         <policy context="default"><allow send_destination="*" eavesdrop="true"/>
         <allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
      );
      const bus = await startBus(folder, `${folder}/bus.conf`);
      try {
        const messages = [];
        for (const environment of [without, nowhere, bus.environment]) {
          const trouble = await probeSecretService({ environment: { all: () => environment } });
          ok(trouble);
          messages.push(trouble.message);
          await rejects(open(folder, environment).read("work"), failing("unavailable"));
          await rejects(
            open(folder, environment).write("work", new Secret("x")),
            failing("unavailable"),
          );
        }
        deepStrictEqual(messages.map((message) => /no (D-Bus|secret service)/.exec(message)?.[1]), [
          "D-Bus",
          "D-Bus",
          "secret service",
        ]);
      } finally {
        await bus.stop();
      }
    }),
});

Deno.test({
  name: "doctor: reports a real keyring as working or locked",
  ignore: ignoreWithout("secret-tool", "gnome-keyring-daemon", "dbus-daemon", "dbus-send"),
  fn: () =>
    inScratchFolder(async (folder) => {
      const { environment, lock, stop } = await startKeyring(folder);
      try {
        await using sim = await startSimulator();
        const env = {
          OKTA_AWS_BACKEND: "secret-service",
          DBUS_SESSION_BUS_ADDRESS: environment.DBUS_SESSION_BUS_ADDRESS!,
          XDG_RUNTIME_DIR: environment.XDG_RUNTIME_DIR!,
        };
        await using home = await setUpHome(sim, { env, args: ["--no-verify"] });
        const examine = async () => {
          const { stdout } = await home.run(["doctor", "--json"]);
          const { findings } = JSON.parse(stdout) as { findings: Record<string, string>[] };
          return findings.find(({ check }) => check === "secret store")!;
        };
        assert.deepEqual(await examine(), {
          check: "secret store",
          level: "ok",
          code: "secret_store",
          message: "default: password, TOTP secret in secret-service",
        });
        await lock();
        const { level, code, mend } = await examine();
        assert.deepEqual([level, code], ["error", "locked"]);
        assert.match(mend!, /unlock/);
      } finally {
        await stop();
      }
    }),
});
