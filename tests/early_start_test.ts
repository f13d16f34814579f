import assert from "node:assert/strict";
import { likelyAccount, startEarly } from "../src/early_start.ts";
import { startScriptedServer } from "./platform/network/scripted_server.ts";
import { fakeEnvironment } from "./fakes/fake_environment.ts";
import { memoryFiles } from "./fakes/memory_files.ts";
import { countDerivations } from "./fakes/counted_derivations.ts";
import { Secret } from "../src/secret.ts";
import { fingerprintOf, matchesRejectedFingerprint } from "../src/secrets/password_fingerprint.ts";
import { fileStore, type FileStoreSettings } from "../src/platform/secret_stores/file.ts";
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

Deno.test("likelyAccount() returns an org only if no other comes into question", () => {
  assert.equal(likelyAccount(TWO, undefined)?.org, undefined);
  assert.equal(likelyAccount(TWO, "default")?.org, "https://acme.okta.com");
  assert.equal(likelyAccount(TWO, "other")?.org, "https://other.okta.com");
  assert.equal(likelyAccount(TWO, "none")?.org, undefined);
  const same = TWO.replace("other.okta.com", "acme.okta.com");
  assert.equal(likelyAccount(same, undefined)?.org, "https://acme.okta.com");
  for (const text of ["", "org = https://acme.okta.com", "[account x]\n org = folded\n", "\0[["]) {
    assert.equal(likelyAccount(text, undefined)?.org, undefined);
  }
});

Deno.test("likelyAccount() skips accounts that sign in by a browser, and portals", () => {
  const account = (more: string) => `[account default]\norg = https://acme.okta.com\n${more}`;
  assert.equal(likelyAccount(account("auth = authn"), undefined)?.org, "https://acme.okta.com");
  assert.equal(likelyAccount(account("auth = browser"), undefined)?.org, undefined);
  assert.equal(likelyAccount("[account sso]\nkind = identity-center\n", undefined)?.org, undefined);
});

Deno.test("startEarly() opens a connection and sends nothing", async () => {
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
  for (const argv of none) await startEarly(local, argv);
  assert.equal(server.connections(), 0);
  const encrypted = `[okta-aws]\ncache = encrypted\n${settings}`;
  const path = "/home/jane/.config/okta-aws/config.ini";
  const other = { ...local, files: memoryFiles({ [path]: encrypted }) };
  await startEarly(other, ["cred-process", "dev"]);
  assert.equal(server.connections(), 0);
  await startEarly(local, ["cred-process", "dev"]);
  await accepted.promise;
  assert.deepEqual([server.connections(), server.received()], [1, ""]);
});

const SETTINGS = "/home/jane/.config/okta-aws/config.ini";
const SETTINGS_TEXT = `[account default]\norg = http://127.0.0.1:9\n`;

Deno.test("startEarly() begins to hash a password of the environment if no session is kept", async () => {
  const variables = { OKTA_AWS_BACKEND: "env", OKTA_AWS_PASSWORD: "correct horse\n" };
  const local = (more: Record<string, string>) => ({
    clock: new FakeClock(),
    environment: fakeEnvironment(variables),
    files: memoryFiles({ [SETTINGS]: SETTINGS_TEXT, ...more }),
    output: undefined as never,
  });
  using derivations = countDerivations();
  await startEarly(local({ "/home/jane/.aws/okta-aws/sessions/a.json": "{}" }), ["refresh"]);
  assert.equal(derivations.count, 0);
  await startEarly(local({}), ["refresh"]);
  const [mark, other] = ["correct horse", "another"].map((text) => fingerprintOf(new Secret(text)));
  assert.equal(await matchesRejectedFingerprint(await mark!, new Secret("correct horse")), true);
  assert.notEqual((await other)!.salt, (await mark)!.salt);
  // Two of them are begun, and one is compared.
  assert.equal(derivations.count, 3);
});

Deno.test("startEarly() begins to derive the key of an encrypted file", async () => {
  const environment = fakeEnvironment({
    OKTA_AWS_BACKEND: "file",
    OKTA_AWS_FILE_PASSPHRASE: "open sesame",
  });
  const files = memoryFiles({ [SETTINGS]: SETTINGS_TEXT });
  const terminal = { canAsk: () => Promise.resolve(false) } as FileStoreSettings["terminal"];
  const secretsFolder = "/home/jane/.config/okta-aws/secrets";
  await fileStore({ environment, files, terminal, secretsFolder })
    .write("default", new Secret("item"));
  const local = { clock: new FakeClock(), environment, files, output: undefined as never };
  using derivations = countDerivations();
  await startEarly(local, ["refresh"]);
  assert.equal(derivations.count, 1);
  const store = fileStore({ environment, files, terminal, secretsFolder });
  assert.equal((await store.read("default"))!.reveal(), "item");
  assert.equal(derivations.count, 1);
});

Deno.test("startEarly() never fails", async () => {
  const broken = ["[account a]\norg = ht tp://\n", "[account a]\norg = http://acme.okta.com\n"];
  for (const text of broken) {
    const local = {
      clock: new FakeClock(),
      environment: fakeEnvironment({ HTTPS_PROXY: "nonsense://" }),
      files: memoryFiles({ "/home/jane/.config/okta-aws/config.ini": text }),
      output: undefined as never,
    };
    await startEarly(local, ["refresh"]);
  }
});
