import assert from "node:assert/strict";
import { parseSettings } from "../../src/settings/settings.ts";
import { SecretStoreError } from "../../src/errors.ts";
import type { DoctorContext } from "../../src/doctor/finding.ts";
import { runChecks } from "../../src/doctor/run_checks.ts";
import { secretStore } from "../../src/doctor/secret_store.ts";
import type { SecretStore } from "../../src/ports.ts";
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

Deno.test("the check of the secret store tells a locked one, and how to open it", async () => {
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
    mend: "unlock it",
  }]);
});

Deno.test("the check of the secret store tells a slow one, and what stands in it by name alone", async () => {
  const found = await secretStore.run(contextWith(async () => {
    await clock.sleep(4_000);
    return item;
  }));
  assert.deepEqual(found.map(({ level, code }) => [level, code]), [
    ["warning", "slow_store"],
    ["ok", "secret_store"],
  ]);
  assert.match(found[0]!.message, /took 4 s/);
  assert.match(found[0]!.mend!, /secrets move/);
  assert.match(found[1]!.message, /has for default: password$/);
});

Deno.test("runChecks() waits for no check for long, and a fault of one is a finding", async () => {
  const context = contextWith(() => Promise.resolve(item));
  const stuck = { name: "stuck", run: () => new Promise<never>(() => {}) };
  const broken = { name: "broken", run: () => Promise.reject(new TypeError("not a function")) };
  const found = await runChecks([stuck, broken], context);
  assert.deepEqual(found.map(({ check, code }) => [check, code]), [
    ["stuck", "check_timeout"],
    ["broken", "fault"],
  ]);
});

Deno.test("runChecks() names neither home folder nor person, and says a thing once", async () => {
  const message = "jane@acme.example has /home/jane/x";
  const finding = { level: "error" as const, code: "x", message, mend: "rm /home/jane/x" };
  const check = (name: string) => ({ name, run: () => Promise.resolve([finding]) });
  const context = contextWith(() => Promise.resolve(item));
  assert.deepEqual(await runChecks([check("a"), check("b")], context), [
    { check: "a", level: "error", code: "x", message: "(user) has ~/x", mend: "rm ~/x" },
  ]);
});
