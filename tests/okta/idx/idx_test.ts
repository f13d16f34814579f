import assert from "node:assert/strict";
import { NetworkError, type OktaAwsError, SignInError } from "../../../src/errors.ts";
import { OktaClient } from "../../../src/okta/client/client.ts";
import { CookieJar } from "../../../src/okta/client/cookie_jar.ts";
import { introspectRequest, processIdxResponse, submitRequest } from "../../../src/okta/idx/idx.ts";
import { remediation } from "../../../src/okta/idx/idx_transaction.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { answer, type Exchange, jsonAnswer, scriptedHttp } from "../../fakes/scripted_http.ts";
import { recordedIdx, recordedTest } from "./recorded_idx.ts";

const ORG = "https://acme.okta.com";

function clientOf(script: Exchange[]) {
  const http = scriptedHttp(script);
  return {
    http,
    client: new OktaClient({ org: ORG, jar: new CookieJar(), http, clock: new FakeClock() }),
  };
}

const IDENTIFY = {
  name: "identify",
  href: `${ORG}/idp/idx/identify`,
  method: "POST",
  produces: "application/ion+json; okta-version=1.0.0",
  value: [
    { name: "identifier", required: true },
    { name: "credentials", required: true, form: { value: [{ name: "passcode", secret: true }] } },
    { name: "stateHandle", required: true, value: "02form", mutable: false },
  ],
};

Deno.test("requests have the media types that Okta expects", async () => {
  const ion = "application/ion+json; okta-version=1.0.0";
  const { http, client } = clientOf([
    [
      `POST ${ORG}/idp/idx/introspect`,
      jsonAnswer(200, { stateHandle: "02top", remediation: { value: [IDENTIFY] } }),
    ],
    [`POST ${ORG}/idp/idx/identify`, jsonAnswer(200, {})],
  ]);
  const response = await introspectRequest(client, ORG, new Secret("02token"));
  const form = remediation(processIdxResponse(response, "sign in"), "identify")!;
  await submitRequest(client, form, {
    identifier: "jane",
    credentials: { passcode: new Secret("pw") },
  });
  const [introspect, identify] = http.sent;
  assert.deepEqual(introspect!.headers, { "Accept": ion, "Content-Type": ion });
  assert.equal(introspect!.body, '{"stateToken":"02token"}');
  assert.deepEqual(identify!.headers, { "Accept": ion, "Content-Type": "application/json" });
  assert.deepEqual(JSON.parse(identify!.body as string), {
    identifier: "jane",
    credentials: { passcode: "pw" },
    stateHandle: "02form",
  });
});

/** What comes of a recorded refusal: class, code, and what the hint is about. */
const REFUSALS: [string, number, typeof SignInError | typeof NetworkError, string, RegExp][] = [
  ["error-403-access-denied", 403, SignInError, "security.access_denied", /administrator/],
  ["error-403-security-access-denied", 403, SignInError, "security.access_denied", /System Log/],
  [
    "error-429-too-many-request-operation-ratelimit",
    429,
    NetworkError,
    "tooManyRequests",
    /minute/,
  ],
  ["error-internal-server-error", 500, NetworkError, "E0000009", /minute/],
  ["error-safe-mode-polling", 200, NetworkError, "E0000010", /minute/],
  ["error-authenticator-phone-sms-ratelimit", 403, SignInError, "errors.E0000150", /SMS/],
  ["error-403-proxy-block", 403, SignInError, "Forbidden", /browser/],
  ["error-400-unauthorized-client", 400, SignInError, "unauthorized_client", /administrator/],
  ["mdm-enrollment", 200, SignInError, "device_enrollment", /device management|registered|rule/],
];

for (const [name, status, kind, code, hint] of REFUSALS) {
  recordedTest(`a refusal in words: ${name}`, [name], (body) => {
    const fails = () => processIdxResponse(answer(status, body), "sign in");
    assert.throws(fails, (error: OktaAwsError) => {
      assert.ok(error instanceof kind, String(error));
      assert.equal(error.code, code);
      assert.match(error.hint!, hint);
      return true;
    });
  });
}

recordedTest(
  "missing device requirements are listed",
  ["end-user-remediation-one-option"],
  (body) => {
    assert.throws(
      () => processIdxResponse(answer(403, body), "sign in"),
      (error: OktaAwsError) =>
        error.code.startsWith("idx.error.code.access_denied.device_assurance") &&
        /Update to Android 100 \(https:\/\/okta\.com\/android-upgrade-os\)/.test(error.message) &&
        /lock screen/.test(error.message) && /device assurance/.test(error.hint!),
    );
  },
);

recordedTest("an error with forms is a transaction", [
  "error-authenticator-verify-password",
  "error-400-user-not-assigned",
], (...bodies) => {
  for (const body of bodies) {
    assert.ok(processIdxResponse(answer(401, body), "sign in").remediations.length > 0);
  }
});

Deno.test("responses of other shapes are distinguished", () => {
  const cases: [string, string][] = [
    ["", "http_401"],
    ["<html>Bad Gateway</html>", "http_401"],
    ['{"errorCode":"E0000011","errorSummary":"Invalid token provided"}', "E0000011"],
  ];
  for (const [body, code] of cases) {
    const fails = () => processIdxResponse(answer(401, body), "sign in");
    assert.throws(fails, (error: OktaAwsError) => error.code === code);
  }
  assert.throws(() => processIdxResponse(answer(502, "<html>"), "sign in"), { code: "bad_answer" });
  assert.equal(recordedIdx("no-such-recording"), undefined);
});

Deno.test("processIdxResponse() calls OAuth's body of a failing server a failure of the server", () => {
  for (const [status, name] of [[400, "SignInError"], [503, "NetworkError"]] as const) {
    const response = jsonAnswer(status, { error: "server_error", error_description: "x" });
    assert.throws(() => processIdxResponse(response, "sign in"), { name, code: "server_error" });
  }
});
