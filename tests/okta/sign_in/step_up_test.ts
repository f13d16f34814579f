import assert from "node:assert/strict";
import { SignInError } from "../../../src/errors.ts";
import type { OktaAccount } from "../../../src/okta/sign_in/okta_account.ts";
import { answerStepUp, signInAtPage } from "../../../src/okta/sign_in/step_up.ts";
import { OktaClient } from "../../../src/okta/client/client.ts";
import { CookieJar } from "../../../src/okta/client/cookie_jar.ts";
import { Secret } from "../../../src/secret.ts";
import { fakeAccount } from "../../fakes/fake_account.ts";
import {
  answer,
  type Exchange,
  jsonAnswer,
  redirect,
  scriptedHttp,
} from "../../fakes/scripted_http.ts";

const ORG = "https://acme.okta.com";
const CUSTOM = "https://login.acme.com";
const PATH = "/home/amazon_aws/0oa1/272";

const SAML = `<form action="https://signin.aws.amazon.com/saml" method="POST">
<input name="SAMLResponse" type="hidden" value="PHg+"/></form>`;

function signInPage(stateToken: string): ReturnType<typeof answer> {
  return answer(200, `<script>var stateToken = '${stateToken.replace("-", "\\x2D")}';</script>`);
}

function organization(pipeline: string | undefined) {
  const links = { organization: { href: ORG }, alternate: { href: CUSTOM } };
  return jsonAnswer(200, { pipeline, _links: links });
}

function done(origin: string) {
  const href = `${origin}/login/token/redirect?stateToken=02done`;
  return jsonAnswer(200, { stateHandle: "02", success: { name: "success-redirect", href } });
}

function stage(script: Exchange[], auth?: OktaAccount["auth"]) {
  const http = scriptedHttp(script);
  const { account, clock } = fakeAccount();
  const client = new OktaClient({ org: ORG, jar: new CookieJar(), http, clock });
  const interruptible = (work: (signal: AbortSignal) => unknown) =>
    work(new AbortController().signal);
  const session = { ...account.session, client, interruptible };
  const whole = { ...account, auth, session, username: "jane" };
  return { http, account: whole as unknown as OktaAccount };
}

const DESCRIBE = `GET ${ORG}/.well-known/okta-organization`;

Deno.test("a custom domain's page is answered there, and its cookies go along", async () => {
  const { http, account } = stage([
    [DESCRIBE, organization("idx")],
    [`GET ${CUSTOM}${PATH}`, signInPage("02.id.abc-def")],
    [`POST ${CUSTOM}/idp/idx/introspect`, done(CUSTOM)],
    [
      `GET ${CUSTOM}/login/token/redirect?stateToken=02done`,
      redirect(`${CUSTOM}${PATH}`, { "Set-Cookie": ["idx=1; Path=/", "sid=2; Path=/"] }),
    ],
    [`GET ${CUSTOM}${PATH}`, answer(200, SAML)],
  ]);
  const at = await signInAtPage(account, `${CUSTOM}${PATH}`);
  assert.equal(at!.page.kind, "saml_response");
  assert.equal(http.sent[2]!.body, '{"stateToken":"02.id.abc-def"}');
  assert.equal(http.sent.at(-1)!.headers?.["Cookie"], "idx=1; sid=2");
  http.finished();
});

function stepUpAt(): Parameters<typeof answerStepUp>[1] {
  const stateToken = new Secret("02.id.abc");
  return { page: { kind: "step_up", stateToken }, url: new URL(`${ORG}${PATH}`) };
}

Deno.test("a page of an org that does not say what it runs is tried as Classic's first", async () => {
  const { http, account } = stage([
    [DESCRIBE, answer(404)],
    [
      `POST ${ORG}/api/v1/authn`,
      jsonAnswer(401, { errorCode: "E0000011", errorSummary: "Invalid token provided" }),
    ],
    [`POST ${ORG}/idp/idx/introspect`, done(ORG)],
    [`GET ${ORG}/login/token/redirect?stateToken=02done`, answer(200, SAML)],
  ]);
  const at = await answerStepUp(account, stepUpAt(), `${ORG}${PATH}`);
  assert.equal(at.page.kind, "saml_response");
  http.finished();
});

Deno.test("a redirect that leads nowhere is no new sign-in: the app is opened", async () => {
  const { http, account } = stage([
    [DESCRIBE, organization("idx")],
    [`POST ${ORG}/idp/idx/introspect`, done(ORG)],
    [`GET ${ORG}/login/token/redirect?stateToken=02done`, answer(200, "<title>Acme</title>")],
    [`GET ${ORG}${PATH}`, answer(200, SAML)],
  ]);
  const at = await answerStepUp(account, stepUpAt(), `${ORG}${PATH}`);
  assert.equal(at.page.kind, "saml_response");
  http.finished();
});

Deno.test("without a sign-in of Identity Engine's the authn API does it, unless it is forced out", async () => {
  const login = '<div id="okta-sign-in"></div>';
  const open: Exchange = [`GET ${ORG}${PATH}`, answer(200, login)];
  const auto = stage([open]);
  assert.equal(await signInAtPage(auto.account, `${ORG}${PATH}`), undefined);
  const forced = stage([open], "idx");
  await assert.rejects(
    signInAtPage(forced.account, `${ORG}${PATH}`),
    (error: unknown) => error instanceof SignInError && error.code === "no_idx",
  );
});
