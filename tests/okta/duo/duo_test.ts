import assert from "node:assert/strict";
import { processDuoStatus } from "../../../src/okta/duo/duo.ts";

function read(body: unknown, status = 200): Record<string, unknown> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const { kind, ...rest } = processDuoStatus({ status, headers: new Headers(), body: text });
  const shown = Object.entries(rest).map(([name, value]) => [
    name,
    typeof value === "object" ? (value as { reveal(): string }).reveal() : value,
  ]);
  return { kind, ...Object.fromEntries(shown) };
}

const ok = (response: unknown) => read({ stat: "OK", response });

Deno.test("processDuoStatus() reads the state of a transaction", () => {
  const cases: [unknown, Record<string, unknown>][] = [
    [{ txid: "t1" }, { kind: "started", transaction: "t1" }],
    [
      { status_code: "pushed", status: "Pushed a login request to your device..." },
      { kind: "waiting", message: "Pushed a login request to your device..." },
    ],
    [{ status_code: "calling", status: "Dialing\u001b[2J" }, {
      kind: "waiting",
      message: "Dialing\\x1b[2J",
    }],
    [{ result: "SUCCESS", status_code: "allow", result_url: "/frame/status/t1" }, {
      kind: "redirect",
      path: "/frame/status/t1",
    }],
    [{ result: "SUCCESS", cookie: "AUTH|x|y" }, { kind: "granted", cookie: "AUTH|x|y" }],
    [
      { result: "FAILURE", status_code: "deny", status: "Login request denied." },
      { kind: "refused", reason: "rejected", message: "Login request denied." },
    ],
    [
      { result: "FAILURE", status_code: "fraud", status: "Login request reported as fraudulent." },
      { kind: "refused", reason: "rejected", message: "Login request reported as fraudulent." },
    ],
    [
      { result: "FAILURE", status_code: "timeout", status: "Login timed out." },
      { kind: "refused", reason: "timeout", message: "Login timed out." },
    ],
    [
      { result: "FAILURE", status_code: "deny", status: "Incorrect passcode. Please try again." },
      { kind: "refused", reason: "wrong", message: "Incorrect passcode. Please try again." },
    ],
    [
      { result: "FAILURE", status_code: "lockout", status: "Your account is disabled." },
      { kind: "refused", reason: "ended", message: "Your account is disabled." },
    ],
  ];
  for (const [response, expected] of cases) assert.deepEqual(ok(response), expected);
});

Deno.test("processDuoStatus() treats an invalid response as a refusal", () => {
  for (const [body, status] of [["<html>", 200], ["", 502], ["null", 200], ["[]", 200]] as const) {
    assert.equal(read(body, status).kind, "refused");
  }
  assert.equal(read({ stat: "FAIL", message: "Unknown device" }).message, "Unknown device");
});
