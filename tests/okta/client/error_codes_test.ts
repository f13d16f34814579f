import assert from "node:assert/strict";
import { NetworkError, SignInError } from "../../../src/errors.ts";
import { isUsedCode, oktaError, parseOktaError } from "../../../src/okta/client/error_codes.ts";
import { answer, jsonAnswer } from "../../fakes/scripted_http.ts";

const WRONG_PASSWORD = {
  errorCode: "E0000004",
  errorSummary: "Authentication failed",
  errorLink: "E0000004",
  errorId: "oaeuHRrvMnuRga5UzpKIOhKpQ",
  errorCauses: [],
};

Deno.test("parseOktaError() reads code, summary, id and causes", () => {
  const causes = [{ errorSummary: "Password is incorrect" }, { errorSummary: "Really" }];
  const body = { ...WRONG_PASSWORD, errorCauses: causes };
  assert.deepEqual(parseOktaError(JSON.stringify(body)), {
    errorCode: "E0000004",
    errorSummary: "Authentication failed",
    errorId: "oaeuHRrvMnuRga5UzpKIOhKpQ",
    causes: ["Password is incorrect", "Really"],
  });
});

Deno.test("parseOktaError() reads errorCauses that are null, odd or missing", () => {
  for (
    const errorCauses of [null, undefined, "x", {}, [null], [{}], ["x"], [{ errorSummary: "" }]]
  ) {
    const error = parseOktaError(JSON.stringify({ errorCode: "E0000079", errorCauses }));
    assert.deepEqual(error, {
      errorCode: "E0000079",
      errorSummary: "",
      errorId: undefined,
      causes: [],
    });
  }
});

Deno.test("parseOktaError() returns undefined for anything else", () => {
  for (const body of ["", "<html>", "null", "1", '"x"', "[]", "{}", '{"errorCode":4}']) {
    assert.equal(parseOktaError(body), undefined, body);
  }
});

Deno.test("parseOktaError() takes a summary of another type for none", () => {
  const odd = { toString: 1, valueOf: 2 };
  const body = { errorCode: "E0000001", errorSummary: odd, errorCauses: [{ errorSummary: odd }] };
  const error = parseOktaError(JSON.stringify(body));
  assert.deepEqual([error?.errorSummary, error?.causes], ["", []]);
});

Deno.test("oktaError() says what to do about each code that a sign-in meets", () => {
  const codes = "01 04 05 06 07 09 11 14 15 34 35 47 57 58 64 68 69 73 74 79 80 82 83 85 92 98 " +
    "109 113 118 119 133 138 139 146 147 150 151 186 204 205 207 259";
  for (const code of codes.split(" ")) {
    const errorCode = `E${code.padStart(7, "0")}`;
    const { hint } = oktaError(jsonAnswer(403, { errorCode }), "sign in");
    assert.doesNotMatch(hint!, /send the code to your Okta administrator/, errorCode);
  }
});

Deno.test("isUsedCode() distinguishes a used code from a wrong one", () => {
  const cases: [code: string, cause: string, used: boolean][] = [
    ["E0000082", "", true],
    ["E0000083", "", true],
    ["E0000068", "Each code can only be used once. Please wait for a new code.", true],
    ["E0000068", "Your token doesn't match our records. Please try again.", false],
    ["E0000068", "", false],
    ["E0000004", "Each code can only be used once.", false],
  ];
  for (const [errorCode, errorSummary, used] of cases) {
    const error = parseOktaError(JSON.stringify({ errorCode, errorCauses: [{ errorSummary }] }));
    assert.equal(isUsedCode(error!), used, `${errorCode} ${errorSummary}`);
  }
});

Deno.test("oktaError() keeps the code and id of the server as its reference", () => {
  const error = oktaError(jsonAnswer(401, WRONG_PASSWORD), "sign in");
  assert.ok(error instanceof SignInError);
  assert.equal(error.code, "E0000004");
  assert.equal(error.message, "wrong user name or password");
  assert.match(error.hint ?? "", /run okta-aws init to try again/);
  assert.equal(error.reference, "E0000004, error id oaeuHRrvMnuRga5UzpKIOhKpQ");
});

Deno.test("oktaError() returns a NetworkError for rate limits and server failures", () => {
  for (const [status, errorCode] of [[429, "E0000047"], [500, "E0000009"], [503, "E0000139"]]) {
    const error = oktaError(jsonAnswer(Number(status), { errorCode }), "sign in");
    assert.ok(error instanceof NetworkError, String(status));
    assert.equal(error.code, errorCode);
  }
});

Deno.test("oktaError() handles responses that are not Okta's", () => {
  for (const body of ["", "<html><h1>502 Bad Gateway</h1>", "{}"]) {
    const error = oktaError(answer(502, body), "sign in");
    assert.ok(error instanceof NetworkError);
    assert.equal(error.code, "bad_answer");
    assert.match(error.message, /HTTP 502/);
    assert.ok(!error.message.includes("Gateway"));
  }
});

Deno.test("oktaError() escapes hostile text and has a hint for every code", () => {
  const body = {
    errorCode: "constructor",
    errorSummary: "\x1b[2Jgone\nokta-aws: all is well",
    errorId: "\u202eid",
    errorCauses: [{ errorSummary: "x".repeat(10_000) }],
  };
  const error = oktaError(jsonAnswer(400, body), "sign in");
  assert.ok(!/[\p{Cc}\p{Cf}]/u.test(error.message));
  assert.ok(error.message.length < 700);
  assert.equal(typeof error.hint, "string");
});

Deno.test("oktaError() says when a rate limit ends, by Okta's clock", () => {
  const limit = { errorCode: "E0000047", errorSummary: "API call exceeded rate limit" };
  const date = "Mon, 01 Jan 2024 12:00:00 GMT";
  const reset = String(Date.parse(date) / 1000 + 3600);
  const hintOf = (headers: Record<string, string>, body: string) =>
    oktaError(answer(429, body, headers), "sign in").hint;
  const ends = { Date: date, "X-Rate-Limit-Reset": reset };
  const until = "your org's rate limit is reached until 13:00:00 UTC: try again in 60 minutes";
  assert.equal(hintOf(ends, JSON.stringify(limit)), until);
  assert.equal(hintOf(ends, "<html>"), until);
  assert.match(hintOf({ Date: date }, JSON.stringify(limit))!, /try again in a minute/);
  assert.match(hintOf({ ...ends, "X-Rate-Limit-Reset": "9".repeat(15) }, "{}")!, /proxy/);
});
