import assert from "node:assert/strict";
import { assertion, keysOf, postForm, roleKeys, send, signedSts } from "./probe.ts";
import type { Keys } from "./probe.ts";
import { type Simulator, startSimulator } from "./simulator.ts";

const MINUTE = 60_000;

async function chooser(sim: Simulator, SAMLResponse: string) {
  return await postForm(`${sim.signin}/saml`, { SAMLResponse, RelayState: "" });
}

Deno.test("POST /saml: shows aliases on the new page", async () => {
  await using sim = await startSimulator();
  const page = await chooser(sim, await assertion(sim));
  const content = /<meta name="data"\s+content="([^"]+)"/.exec(page.text)![1]!;
  const data = JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(content)));
  const [first, second, third] = sim.world.apps[0]!.grants.map(({ roleArn }) => roleArn);
  assert.deepEqual(data.roles_accounts, {
    "acme-production (123456789012)": [first, second],
    "210987654321": [third],
  });
});

Deno.test("POST /saml: shows aliases on the old page", async () => {
  await using sim = await startSimulator();
  sim.world.aws.signinLayout = "legacy";
  sim.world.accounts[1]!.alias = `<b>"x'`;
  const page = await chooser(sim, await assertion(sim));
  assert.deepEqual(
    [...page.text.matchAll(/class="saml-account-name">([^<]+)</g)].map((one) => one[1]),
    ["Account: acme-production (123456789012)", "Account: &lt;b&gt;&quot;x&#39; (210987654321)"],
  );
  assert.equal(page.text.match(/name="roleIndex"/g)?.length, 3);
});

Deno.test("POST /saml: opens the console when there is one role; rejects old assertions", async () => {
  await using sim = await startSimulator();
  const saml = await assertion(sim);
  assert.equal((await chooser(sim, "AAAA")).status, 400);
  sim.world.apps[0]!.grants.splice(1);
  assert.equal((await chooser(sim, saml)).status, 200);
  const single = await chooser(sim, await assertion(sim));
  assert.equal(single.status, 302);
  assert.match(single.headers.get("location")!, /^https:\/\/console\.aws\.amazon\.com/);
  sim.world.clock.advance(6 * MINUTE);
  assert.equal((await chooser(sim, saml)).status, 400);
});

function session({ accessKeyId, secretAccessKey, sessionToken }: Keys): string {
  return JSON.stringify({ sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken });
}

async function signinToken(sim: Simulator, keys: Keys, fields: Record<string, string> = {}) {
  return await postForm(`${sim.signin}/federation`, {
    Action: "getSigninToken",
    Session: session(keys),
    ...fields,
  });
}

Deno.test("getSigninToken: accepts POST and GET, and durations from 900 to 43200", async () => {
  await using sim = await startSimulator();
  const keys = await roleKeys(sim);
  assert.match((await signinToken(sim, keys)).json.SigninToken, /^.{400,}$/);
  const query = new URLSearchParams({ Action: "getSigninToken", Session: session(keys) });
  assert.ok((await send(`${sim.signin}/federation?${query}`)).json.SigninToken);
  for (const SessionDuration of ["900", "43200"]) {
    assert.equal((await signinToken(sim, keys, { SessionDuration })).status, 200);
  }
  for (const SessionDuration of ["899", "43201", "1.5", "x"]) {
    assert.equal((await signinToken(sim, keys, { SessionDuration })).status, 400);
  }
});

Deno.test("getSigninToken: rejects unknown and expired credentials", async () => {
  await using sim = await startSimulator();
  const keys = await roleKeys(sim);
  for (const change of [{ accessKeyId: "ASIA" }, { secretAccessKey: "x" }, { sessionToken: "x" }]) {
    const answer = await signinToken(sim, { ...keys, ...change });
    assert.equal(answer.status, 400);
    assert.match(answer.text, /Invalid credentials/);
  }
  assert.equal((await signinToken(sim, keys, { Session: "{" })).status, 400);
  sim.world.clock.advance(61 * MINUTE);
  assert.equal((await signinToken(sim, keys)).status, 400);
});

Deno.test("getSigninToken: rejects SessionDuration when the credentials are chained", async () => {
  await using sim = await startSimulator();
  const [first, second] = sim.world.apps[0]!.grants;
  sim.world.accounts[0]!.roles[1]!.trusts = [first!.roleArn];
  const chained = keysOf(
    await signedSts(sim, await roleKeys(sim), {
      Action: "AssumeRole",
      RoleArn: second!.roleArn,
      RoleSessionName: "jane",
    }),
  );
  assert.equal((await signinToken(sim, chained, { SessionDuration: "3600" })).status, 400);
  assert.equal((await signinToken(sim, chained)).status, 200);
});

Deno.test("login: opens the console for fifteen minutes", async () => {
  await using sim = await startSimulator();
  const SigninToken = (await signinToken(sim, await roleKeys(sim))).json.SigninToken;
  const login = (Destination: string) => {
    const query = new URLSearchParams({ Action: "login", Issuer: "x", Destination, SigninToken });
    return send(`${sim.signin}/federation?${query}`);
  };
  const target = "https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1";
  assert.equal((await login(target)).headers.get("location"), target);
  assert.equal((await login("https://evil.example/aws.amazon.com/")).status, 400);
  sim.world.clock.advance(15 * MINUTE);
  assert.equal((await login(target)).status, 400);
});
