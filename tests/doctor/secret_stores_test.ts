import assert from "node:assert/strict";
import { parseSettings } from "../../src/settings/settings.ts";
import { SecretStoreError } from "../../src/errors.ts";
import type { DoctorContext } from "../../src/doctor/finding.ts";
import { secretStore, secretStores } from "../../src/doctor/secret_stores.ts";
import type { Ports, SecretStore, StoreFinding } from "../../src/ports.ts";
import { Secret } from "../../src/secret.ts";
import { formatSecretItem, newAccountSecrets } from "../../src/secrets/secret_item.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { fakeEnvironment } from "../fakes/fake_environment.ts";
import { memoryFiles } from "../fakes/memory_files.ts";

const clock = new FakeClock();

function contextWith(read: SecretStore["read"]): DoctorContext {
  const ports = {
    clock,
    files: memoryFiles(),
    environment: fakeEnvironment(),
    secretStore: () => Promise.resolve({ name: "secret-service", read }),
  };
  const settings = parseSettings("[account default]\nusername = jane@acme.example\n", "config.ini");
  const context = { ports, settings, flags: {}, paths: { cache: "/c", settingsDirectory: "/s" } };
  return { context } as unknown as DoctorContext;
}

const item = formatSecretItem(
  newAccountSecrets({ password: new Secret("hunter2"), totp: undefined }),
);

Deno.test("secretStore reports a locked store and how to unlock it", async () => {
  const context = contextWith(() =>
    Promise.reject(
      new SecretStoreError("the keyring is locked", {
        code: "locked",
        hint: "unlock it",
      }),
    )
  );
  assert.deepEqual(await secretStore.run(context), [{
    level: "error",
    code: "locked",
    message: "the keyring is locked",
    fix: "unlock it",
  }]);
});

Deno.test("secretStore reports a slow store, and lists what it holds without values", async () => {
  const found = await secretStore.run(contextWith(async () => {
    await clock.sleep(4_000);
    return item;
  }));
  assert.deepEqual(found.map(({ level, code }) => [level, code]), [
    ["warning", "slow_store"],
    ["ok", "secret_store"],
  ]);
  assert.match(found[0]!.message, /took 4 s/);
  assert.match(found[0]!.fix!, /secrets move/);
  assert.match(found[1]!.message, /^default: password in secret-service$/);
});

const SETTINGS = "[okta-aws]\ndefault_account = work\n" +
  "[account home]\nkeychain = ~/h.keychain\n[account work]\npassword_command = op read x\n";

async function examine(found: StoreFinding[]) {
  const asked: Parameters<Ports["surveySecretStores"]>[0][] = [];
  const ports = {
    environment: fakeEnvironment(),
    surveySecretStores(options: (typeof asked)[number]) {
      asked.push(options);
      return Promise.resolve(found);
    },
  };
  const settings = parseSettings(SETTINGS, "config.ini");
  const context = { ports, settings, flags: {}, paths: { settingsDirectory: "/s" } };
  const findings = await secretStores.run({ context } as unknown as DoctorContext);
  return { asked, findings };
}

Deno.test("secretStores lists the stores that work and why the others don't", async () => {
  const { asked, findings } = await examine([
    { name: "secret-service", works: false, why: "there is no\u001b[31m D-Bus session" },
    { name: "pass", works: true },
    { name: "file", works: true },
    { name: "env", works: false, why: "OKTA_AWS_PASSWORD is not set" },
  ]);
  assert.equal(findings.length, 1);
  const [{ level, code, message, fix }] = findings as [(typeof findings)[number]];
  assert.deepEqual([level, code, fix], ["note", "secret_backends", undefined]);
  assert.match(
    message,
    /^available: pass, file; not available: secret-service \(there is no.* D-Bus session\), env \(/,
  );
  assert.ok(!message.includes("\u001b"));
  assert.deepEqual(asked, [{
    directory: "/s/secrets",
    account: { password_command: "op read x" },
  }]);
});

Deno.test("secretStores leaves out a list that is empty", async () => {
  const { findings } = await examine([{ name: "file", works: true }]);
  assert.equal(findings[0]!.message, "available: file");
});
