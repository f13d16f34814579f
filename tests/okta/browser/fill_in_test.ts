import assert from "node:assert/strict";
import { FillIn } from "../../../src/okta/browser/fill_in.ts";
import { OwnedOrigins } from "../../../src/okta/browser/org_origins.ts";
import type { PageState } from "../../../src/okta/browser/page_script.ts";
import type { DrivenBrowser } from "../../../src/ports.ts";
import { Secret } from "../../../src/secret.ts";
import { fakeAccount } from "../../fakes/fake_account.ts";

const ORIGIN = "https://acme.okta.com";

function page(members: Partial<PageState>): PageState {
  return {
    origin: ORIGIN,
    path: "/",
    ready: true,
    signature: "",
    text: "",
    fields: [],
    choices: [],
    error: "",
    forPerson: true,
    ...members,
  };
}

/** A browser that does what scripts ask for, and remembers the scripts. */
function recorder(): { browser: DrivenBrowser; scripts: string[] } {
  const scripts: string[] = [];
  const look = (script: string) => {
    scripts.push(script);
    return Promise.resolve({ url: ORIGIN, badCertificate: false, value: true });
  };
  return { scripts, browser: { posts: new Map(), look } as unknown as DrivenBrowser };
}

Deno.test("FillIn chooses once from a list, until Okta has answered", async () => {
  const { account } = fakeAccount();
  account.secrets.read = () =>
    Promise.resolve({
      id: "1",
      password: new Secret("pw"),
      totp: undefined,
      oneTimeCode: () => Promise.resolve(new Secret("123456")),
      sessionKey: undefined,
    });
  const fill = new FillIn({
    account,
    owned: new OwnedOrigins(() => Promise.resolve(true)),
    step: () => Promise.resolve(),
  });
  const { browser, scripts } = recorder();
  const look = { url: ORIGIN, badCertificate: false, value: undefined };
  const list = page({ choices: ["password", "code"] });
  assert.equal(await fill.fill(browser, look, list), "filled");
  assert.equal(await fill.fill(browser, look, list), "nothing");
  assert.equal(await fill.fill(browser, look, { ...list, text: "One moment" }), "nothing");
  assert.equal(scripts.length, 1);
  assert.match(scripts[0]!, /choices\["password"\]\?\.click/);
  assert.equal(await fill.fill(browser, look, page({})), "nothing");
  assert.equal(await fill.fill(browser, look, page({ choices: ["code"] })), "filled");
  assert.equal(scripts.length, 2);
  assert.match(scripts[1]!, /choices\["code"\]\?\.click/);
});
