import { deepStrictEqual, doesNotMatch, rejects, strictEqual } from "node:assert/strict";
import { SecretStoreError } from "../../src/errors.ts";
import { systemFiles } from "../../src/platform/files/files.ts";
import { passStore, probePass } from "../../src/platform/secret_stores/pass.ts";
import { Secret } from "../../src/secret.ts";
import { inScratchFolder } from "../platform/scratch_folder.ts";
import { runContract } from "../platform/secret_stores/contract.ts";
import {
  GOPASS_INIT,
  makePasswordStore,
  type PasswordStore,
  type PasswordStoreOptions,
} from "./password_store.ts";
import { ignoreWithout, runs } from "./programs.ts";

const ignore = ignoreWithout("pass", "gpg", "gpgconf", "tree");
/** Debian's package of that name is another program. */
const ignoreGopass = ignore || !await runs("gopass", "show", "--noparsing", "--help");
const files = systemFiles();

function settings(folder: string, environment: Record<string, string>) {
  const get = (name: string) => environment[name];
  return {
    environment: { get, all: () => environment, home: folder },
    files,
    secretsFolder: `${folder}/secrets`,
  };
}

async function withStore(
  options: PasswordStoreOptions,
  act: (folder: string, store: PasswordStore) => Promise<void>,
) {
  await inScratchFolder(async (folder) => {
    const store = await makePasswordStore(folder, options);
    try {
      await act(folder, store);
    } finally {
      await store.stop();
    }
  });
}

function runContractOn(t: Deno.TestContext, folder: string, environment: Record<string, string>) {
  const module = (name: string) => new URL(`../../src/platform/${name}`, import.meta.url);
  const script = `
    import { passStore } from "${module("secret_stores/pass.ts")}";
    import { systemFiles } from "${module("files/files.ts")}";
    const store = passStore({
      environment: {
        get: (name) => Deno.env.get(name), all: () => Deno.env.toObject(), home: "${folder}",
      },
      files: systemFiles(), secretsFolder: "${folder}/secrets",
    });`;
  const open = () => passStore(settings(folder, environment));
  return runContract(t, { open, script, environment });
}

const failing = (code: string) => (error: unknown): boolean =>
  error instanceof SecretStoreError && error.code === code && error.hint !== undefined;

Deno.test({
  name: "passStore() meets the contract on a real pass",
  ignore,
  fn: (t) =>
    withStore({}, async (folder, { environment }) => {
      await runContractOn(t, folder, environment);
      const names = Array.from(Deno.readDirSync(`${folder}/.password-store/okta-aws`));
      doesNotMatch(names.map(({ name }) => name).join(), /~new/);
    }),
});

Deno.test({
  name: "passStore() meets the contract on a real gopass",
  ignore: ignoreGopass,
  fn: (t) =>
    withStore(
      { init: GOPASS_INIT },
      (folder, { environment }) => runContractOn(t, folder, environment),
    ),
});

Deno.test({
  name: "passStore() distinguishes a locked key, a missing item and a damaged one",
  ignore,
  fn: () =>
    withStore({ passphrase: "p" }, async (folder, { environment }) => {
      const store = passStore(settings(folder, environment));
      // Encrypting needs no passphrase; reading back fails.
      await rejects(store.write("work", new Secret("x")), failing("locked"));
      const item = `${folder}/.password-store/okta-aws/work`;
      await Deno.rename(`${item}~new.gpg`, `${item}.gpg`);
      await rejects(store.read("work"), failing("locked"));
      deepStrictEqual(await store.list(), ["work"]);
      strictEqual(await store.read("none"), undefined);
      await Deno.writeTextFile(`${item}.gpg`, "not an OpenPGP message");
      await rejects(store.read("work"), failing("damaged"));
    }),
});

Deno.test({
  name: "probePass() reports why there is no store",
  // Without this, gopass would be used instead of pass.
  ignore: ignore || !ignoreGopass,
  fn: () =>
    withStore({ init: [] }, async (folder, { environment }) => {
      const trouble = async (more: Record<string, string>) =>
        (await probePass(settings(folder, { ...environment, ...more })))?.message;
      strictEqual(await trouble({ PATH: folder }), "could not start pass or gopass");
      strictEqual(await trouble({}), "there is no password store yet");
      await Deno.mkdir(`${folder}/elsewhere`);
      await Deno.writeTextFile(`${folder}/elsewhere/.gpg-id`, "tests@example.com\n");
      strictEqual(await trouble({ PASSWORD_STORE_DIR: `${folder}/elsewhere` }), undefined);
    }),
});

Deno.test({
  name: "passStore() changes nothing where there is no store",
  // Without this, gopass would be used instead of pass.
  ignore: ignore || !ignoreGopass,
  fn: () =>
    withStore({ init: [] }, async (folder, { environment }) => {
      const exists = () => Deno.stat(`${folder}/.password-store`).then(() => true, () => false);
      strictEqual(await exists(), false);
      const store = passStore(settings(folder, environment));
      await rejects(store.write("work", new Secret("x")), failing("unavailable"));
      strictEqual(await exists(), false);
      // A folder without a key, as pass itself leaves it, is no store either.
      await Deno.mkdir(`${folder}/.password-store/okta-aws`, { recursive: true });
      await rejects(store.write("work", new Secret("x")), failing("unavailable"));
      strictEqual((await probePass(settings(folder, environment)))?.code, "unavailable");
    }),
});
