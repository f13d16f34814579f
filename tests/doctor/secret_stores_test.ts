import assert from "node:assert/strict";
import { parseSettings } from "../../src/settings/settings.ts";
import type { DoctorContext } from "../../src/doctor/finding.ts";
import { secretStores } from "../../src/doctor/secret_stores.ts";
import type { Ports, StoreFinding } from "../../src/ports.ts";
import { fakeEnvironment } from "../fakes/fake_environment.ts";

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

Deno.test("the check of the backends tells which work, and why the others don't", async () => {
  const { asked, findings } = await examine([
    { name: "secret-service", works: false, why: "there is no\u001b[31m D-Bus session" },
    { name: "pass", works: true },
    { name: "file", works: true },
    { name: "env", works: false, why: "OKTA_AWS_PASSWORD is not set" },
  ]);
  assert.equal(findings.length, 1);
  const [{ level, code, message, mend }] = findings as [(typeof findings)[number]];
  assert.deepEqual([level, code, mend], ["note", "secret_backends", undefined]);
  assert.match(
    message,
    /^usable here: pass, file; not usable: secret-service \(there is no.* D-Bus session\), env \(/,
  );
  assert.ok(!message.includes("\u001b"));
  assert.deepEqual(asked, [{
    directory: "/s/secrets",
    account: { password_command: "op read x" },
  }]);
});

Deno.test("the check of the backends says nothing of a kind that there is not", async () => {
  const { findings } = await examine([{ name: "file", works: true }]);
  assert.equal(findings[0]!.message, "usable here: file");
});
