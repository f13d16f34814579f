import assert from "node:assert/strict";
import { parseSettings } from "../../src/settings/settings.ts";
import type { DoctorContext } from "../../src/doctor/finding.ts";
import { runChecks } from "../../src/doctor/run_checks.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { fakeEnvironment } from "../fakes/fake_environment.ts";

function doctorContext(): DoctorContext {
  const ports = { clock: new FakeClock(), environment: fakeEnvironment() };
  const settings = parseSettings("[account default]\nusername = jane@acme.example\n", "config.ini");
  return { context: { ports, settings } } as unknown as DoctorContext;
}

Deno.test("runChecks() limits the time of each check and reports its exception as a finding", async () => {
  const context = doctorContext();
  const stuck = { name: "stuck", run: () => new Promise<never>(() => {}) };
  const broken = { name: "broken", run: () => Promise.reject(new TypeError("not a function")) };
  const found = await runChecks([stuck, broken], context);
  assert.deepEqual(found.map(({ check, code }) => [check, code]), [
    ["stuck", "check_timeout"],
    ["broken", "fault"],
  ]);
});

Deno.test("runChecks() removes home folder and user name and reports each problem once", async () => {
  const message = "jane@acme.example has /home/jane/x";
  const finding = { level: "error" as const, code: "x", message, fix: "rm /home/jane/x" };
  const check = (name: string) => ({ name, run: () => Promise.resolve([finding]) });
  const context = doctorContext();
  assert.deepEqual(await runChecks([check("a"), check("b")], context), [
    { check: "a", level: "error", code: "x", message: "(user) has ~/x", fix: "rm ~/x" },
  ]);
});
