import assert from "node:assert/strict";
import { NetworkError, type OktaAwsError, SignInError } from "../../../src/errors.ts";
import { nextIdx } from "../../../src/okta/idx/idx_next.ts";
import type { OktaAccount } from "../../../src/okta/sign_in/okta_account.ts";
import { OktaClient } from "../../../src/okta/client/client.ts";
import { CookieJar } from "../../../src/okta/client/cookie_jar.ts";
import { parseIdxTransaction } from "../../../src/okta/idx/parse_idx_transaction.ts";
import { fakeAccount, fakeInteraction } from "../../fakes/fake_account.ts";
import { type Exchange, jsonAnswer, scriptedHttp } from "../../fakes/scripted_http.ts";
import { recordedTest } from "./recorded_idx.ts";

const ORG = "http://localhost:3000";

function stage(script: Exchange[]) {
  const http = scriptedHttp(script);
  const interaction = fakeInteraction();
  const { account, clock } = fakeAccount({ interaction });
  const client = new OktaClient({ org: ORG, jar: new CookieJar(), http, clock });
  const session = { ...account.session, client, rememberDevice: false };
  const whole = { ...account, session, username: "jane@example.com" };
  const signIn = {
    account: whole as unknown as OktaAccount,
    origin: ORG,
    identified: false,
    taken: new Set<string>(),
  };
  const next = (body: string) => nextIdx(signIn, parseIdxTransaction(body)!);
  return { http, clock, interaction, next, signIn };
}

function poll(body: string) {
  return [`POST ${ORG}/idp/idx/poll`, jsonAnswer(200, JSON.parse(body))] as const;
}

recordedTest("safe mode is polled at Okta's interval, with a time limit", [
  "safe-mode-polling",
  "success-redirect-remediation",
], async (waits, done) => {
  const { next, clock, http } = stage([poll(waits), poll(waits), poll(done)]);
  const before = clock.now();
  assert.ok((await next(waits)).success);
  assert.equal(clock.now() - before, 3 * 2000);
  http.finished();
  const endless = stage(Array.from({ length: 30 }, () => poll(waits)));
  await assert.rejects(
    endless.next(waits),
    (error: unknown) => error instanceof NetworkError && error.code === "safe_mode",
  );
});

const REFUSALS: [string, string, RegExp][] = [
  ["identify-with-only-third-party-idps", "external_idp", /no password was sent/],
  ["smart-probing-required", "fastpass_only", /okta-aws init --browser/],
  ["consent-admin", "idx_browser", /auth = browser/],
  ["error-user-is-not-assigned", "idx.error.user.not.assigned.to.app", /assign the AWS app/],
  ["identify-with-password-with-hcaptcha", "captcha", /nothing was sent/],
];

for (const [name, code, hint] of REFUSALS) {
  recordedTest(
    `what a terminal can't do is said before anything is sent: ${name}`,
    [name],
    async (body) => {
      const { next, http } = stage([]);
      await assert.rejects(next(body), (error: OktaAwsError) => {
        assert.ok(error instanceof SignInError);
        assert.equal(error.code, code);
        assert.match(error.hint!, hint);
        return true;
      });
      http.finished();
    },
  );
}

recordedTest("device probing is cancelled with the form's own stateHandle", [
  "identify-with-device-probing-loopback-2",
  "identify-with-remember-me",
], async (probing, identify) => {
  const { next, http } = stage([
    [`POST ${ORG}/idp/idx/authenticators/poll/cancel`, jsonAnswer(200, JSON.parse(identify))],
  ]);
  await next(probing);
  assert.deepEqual(JSON.parse(http.sent[0]!.body as string), {
    stateHandle: "02FPayGvc7oz1BvKt_jyE50FeDuWaJ4UBfdxT20IhH",
  });
});

recordedTest("an unknown user name is not sent again", [
  "identify-with-remember-me",
], async (identify) => {
  const unknown = {
    ...JSON.parse(identify),
    messages: {
      value: [{
        message: "There is no account with the Username jane@example.com.",
        i18n: { key: "idx.unknown.user" },
        class: "INFO",
      }],
    },
  };
  const { next } = stage([[`POST ${ORG}/idp/idx/identify`, jsonAnswer(200, unknown)]]);
  await assert.rejects(
    next(identify),
    (error: OktaAwsError) => error.code === "idx.unknown.user" && /no account/.test(error.message),
  );
});

recordedTest("staying signed in is declined unless the device should be remembered", [
  "post-auth-keep-me-signed-in",
  "success-redirect-remediation",
], async (asked, done) => {
  const { next, http } = stage([
    [`POST ${ORG}/idp/idx/keep-me-signed-in`, jsonAnswer(200, JSON.parse(done))],
  ]);
  await next(asked);
  assert.deepEqual(JSON.parse(http.sent[0]!.body as string), {
    keepMeSignedIn: false,
    stateHandle: "dummy-state-handle",
  });
});
