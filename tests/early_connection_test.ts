import assert from "node:assert/strict";
import { connectBeforeLoading, likelyOrg } from "../src/early_connection.ts";
import { startScriptedServer } from "./platform/network/scripted_server.ts";
import { fakeEnvironment } from "./fakes/fake_environment.ts";
import { memoryFiles } from "./fakes/memory_files.ts";
import { FakeClock } from "./fakes/fake_clock.ts";

const TWO = `; mine
[okta-aws]
ca_bundle = ca.pem

[account default]
org = https://acme.okta.com  # ours
username = jo

[ account other ]
org=https://other.okta.com
`;

Deno.test("likelyOrg() returns an org only if no other comes into question", () => {
  assert.equal(likelyOrg(TWO, undefined), undefined);
  assert.equal(likelyOrg(TWO, "default"), "https://acme.okta.com");
  assert.equal(likelyOrg(TWO, "other"), "https://other.okta.com");
  assert.equal(likelyOrg(TWO, "none"), undefined);
  const same = TWO.replace("other.okta.com", "acme.okta.com");
  assert.equal(likelyOrg(same, undefined), "https://acme.okta.com");
  for (const text of ["", "org = https://acme.okta.com", "[account x]\n org = folded\n", "\0[["]) {
    assert.equal(likelyOrg(text, undefined), undefined);
  }
});

Deno.test("likelyOrg() skips accounts that sign in by a browser, and portals", () => {
  const account = (more: string) => `[account default]\norg = https://acme.okta.com\n${more}`;
  assert.equal(likelyOrg(account("auth = authn"), undefined), "https://acme.okta.com");
  assert.equal(likelyOrg(account("auth = browser"), undefined), undefined);
  assert.equal(likelyOrg("[account sso]\nkind = identity-center\n", undefined), undefined);
});

Deno.test("connectBeforeLoading() opens a connection and sends nothing", async () => {
  const accepted = Promise.withResolvers<void>();
  await using server = startScriptedServer(() => Promise.resolve(accepted.resolve()));
  const settings = `[account default]\norg = ${server.origin}\n`;
  const local = {
    clock: new FakeClock(),
    environment: fakeEnvironment(),
    files: memoryFiles({ "/home/jane/.config/okta-aws/config.ini": settings }),
    output: undefined as never,
  };
  // Each of these would connect, too.
  const none = [
    ...[[], ["status"], ["exec"], ["exec", "dev"], ["env", "--unset"], [
      "cred-process",
      "dev",
      "--pretty",
    ]],
    ...[["exec", "-", "--", "true"], ["refresh", "--config", "/other.ini"]],
  ];
  for (const argv of none) await connectBeforeLoading(local, argv);
  assert.equal(server.connections(), 0);
  const encrypted = `[okta-aws]\ncache = encrypted\n${settings}`;
  const path = "/home/jane/.config/okta-aws/config.ini";
  const other = { ...local, files: memoryFiles({ [path]: encrypted }) };
  await connectBeforeLoading(other, ["cred-process", "dev"]);
  assert.equal(server.connections(), 0);
  await connectBeforeLoading(local, ["cred-process", "dev"]);
  await accepted.promise;
  assert.deepEqual([server.connections(), server.received()], [1, ""]);
});

Deno.test("connectBeforeLoading() never fails", async () => {
  const broken = ["[account a]\norg = ht tp://\n", "[account a]\norg = http://acme.okta.com\n"];
  for (const text of broken) {
    const local = {
      clock: new FakeClock(),
      environment: fakeEnvironment({ HTTPS_PROXY: "nonsense://" }),
      files: memoryFiles({ "/home/jane/.config/okta-aws/config.ini": text }),
      output: undefined as never,
    };
    await connectBeforeLoading(local, ["refresh"]);
  }
});
