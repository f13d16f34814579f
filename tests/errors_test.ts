import assert from "node:assert/strict";
import * as errors from "../src/errors.ts";

const DETAILS = { code: "some_code", hint: "do this" };

/** docs/cli, "Exit codes". */
const EXIT_CODES: [error: unknown, code: number][] = [
  [new errors.UsageError("x", DETAILS), 2],
  [new errors.SettingsError("x", DETAILS), 2],
  [new errors.ProfileError("x", DETAILS), 2],
  [new errors.SignInError("x", DETAILS), 3],
  [new errors.InteractionError("x", DETAILS), 4],
  [new errors.NetworkError("x", DETAILS), 5],
  [new errors.AwsError("x", DETAILS), 6],
  [new errors.AssertionError("x", DETAILS), 6],
  [new errors.SecretStoreError("x", DETAILS), 7],
  [new errors.PluginError("x", DETAILS), 1],
  [new errors.InterruptedError(), 130],
  [new errors.Fault("x"), 1],
  [new Error("x"), 1],
  [new TypeError("x"), 1],
  ["x", 1],
  [undefined, 1],
];

Deno.test("exitCodeFor() returns the code of every error class", () => {
  for (const [error, code] of EXIT_CODES) assert.equal(errors.exitCodeFor(error), code);
});

Deno.test("exitCodeFor() is tested with every class", () => {
  const classes = Object.values(errors).filter((value) =>
    typeof value === "function" && value.prototype instanceof errors.OktaAwsError
  );
  const tested = new Set(EXIT_CODES.map(([error]) => Object(error).constructor));
  assert.deepEqual(classes.filter((one) => !tested.has(one)), []);
});

Deno.test("OktaAwsError keeps name, code, hint and cause", () => {
  const cause = new Error("underneath");
  const error = new errors.SignInError("refused", { ...DETAILS, cause });
  assert.equal(error.name, "SignInError");
  assert.equal(error.message, "refused");
  assert.equal(error.code, "some_code");
  assert.equal(error.hint, "do this");
  assert.equal(error.cause, cause);
  assert.ok(error instanceof errors.OktaAwsError && error instanceof Error);
});

Deno.test("OktaAwsError has no cause by default", () => {
  assert.ok(!Object.hasOwn(new errors.NetworkError("x", { code: "dns" }), "cause"));
});

Deno.test("Fault says that it is a bug", () => {
  const cause = new TypeError("x is not a function");
  const fault = new errors.Fault("broken", cause);
  assert.equal(fault.code, "fault");
  assert.equal(fault.cause, cause);
  assert.match(fault.hint ?? "", /--debug/);
});
