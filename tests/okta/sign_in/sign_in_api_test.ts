import assert from "node:assert/strict";
import {
  apiOf,
  beginSignIn,
  detectSignInApi,
  rememberApi,
} from "../../../src/okta/sign_in/sign_in_api.ts";
import type { OktaAccount } from "../../../src/okta/sign_in/okta_account.ts";
import { fakeAccount } from "../../fakes/fake_account.ts";

const APP = "https://acme.okta.com/home/amazon_aws/0oa1/272";

Deno.test("what is set goes before what worked, that before what the org runs", () => {
  const cases: [Parameters<typeof apiOf>[0], string][] = [
    [{ auth: "authn", worked: "idx", pipeline: "idx" }, "authn"],
    [{ auth: "idx", worked: "authn", pipeline: "v1" }, "idx"],
    [{ auth: "auto", worked: "authn", pipeline: "idx" }, "authn"],
    [{ auth: undefined, worked: "idx", pipeline: "v1" }, "idx"],
    [{ auth: undefined, worked: undefined, pipeline: "idx" }, "idx"],
    [{ auth: "auto", worked: "something new", pipeline: "v1" }, "authn"],
    [{ auth: undefined, worked: undefined, pipeline: undefined }, "authn"],
  ];
  for (const [known, way] of cases) assert.equal(apiOf(known), way);
});

function accountAt(pipeline: string, auth?: OktaAccount["auth"]) {
  const { account, state } = fakeAccount();
  let asked = 0;
  const client = { pipeline: () => Promise.resolve((asked++, pipeline)) };
  const change: OktaAccount["session"]["state"]["change"] = (members) =>
    Promise.resolve(
      void Object.assign(state, typeof members === "function" ? members(state) : members),
    );
  const session = { ...account.session, client, state: { ...account.session.state, change } };
  const whole = { ...account, auth, session };
  return { account: whole as unknown as OktaAccount, state, asked: () => asked };
}

Deno.test("the org is asked what it runs only where nothing else tells", async () => {
  const forced = accountAt("idx", "authn");
  assert.equal(await detectSignInApi(forced.account, APP), "authn");
  assert.equal(forced.asked(), 0);
  const auto = accountAt("idx");
  assert.equal(await detectSignInApi(auto.account, APP), "idx");
  await rememberApi(auto.account, APP, "idx");
  assert.equal(await detectSignInApi(auto.account, APP), "idx");
  assert.equal(auto.asked(), 1);
});

Deno.test("what worked is remembered by app, and forgotten where it no longer does", async () => {
  const { account, state } = accountAt("idx");
  await rememberApi(account, APP, "authn");
  await rememberApi(account, `${APP}2`, "idx");
  await rememberApi(account, APP, undefined);
  assert.deepEqual(state.ways, { [`${APP}2`]: "idx" });
});

Deno.test("a store that fails at once does not end the program before the sign-in reports it", async () => {
  const { account } = accountAt("v1");
  const kept = Promise.withResolvers<boolean>();
  const session = { ...account.session, kept: { isKept: () => kept.promise }, browser: {} };
  const secrets = { read: () => Promise.reject(new Error("no item")) };
  const unhandled: unknown[] = [];
  const note = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  addEventListener("unhandledrejection", note);
  try {
    beginSignIn({ ...account, session, secrets } as unknown as OktaAccount, APP);
    // A turn of the event loop, at the end of which it would be reported.
    await new Promise((resolve) => setTimeout(resolve, 0));
    kept.resolve(true);
  } finally {
    removeEventListener("unhandledrejection", note);
  }
  assert.deepEqual(unhandled, []);
});
