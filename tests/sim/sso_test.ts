import assert from "node:assert/strict";
import { type SimSso, simSso } from "./aws/sso/sso_world.ts";
import { simOidc } from "./okta/oauth/oidc_world.ts";
import { type Simulator, startSimulator } from "./simulator.ts";

interface Answer {
  status: number;
  // deno-lint-ignore no-explicit-any -- raw JSON
  body: any;
  type: string | null;
}

async function answerOf(response: Response): Promise<Answer> {
  const type = response.headers.get("x-amzn-errortype");
  return { status: response.status, type, body: await response.json().catch(() => undefined) };
}

async function post(sim: Simulator, path: string, body: unknown): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  return await answerOf(await fetch(`${sim.sso}${path}`, init));
}

async function portal(settings: Partial<SimSso> = {}) {
  const sim = await startSimulator({ world: (world) => void (world.sso = simSso(settings)) });
  const registration = await post(sim, "/client/register", {
    clientName: "test",
    clientType: "public",
    grantTypes: ["authorization_code", DEVICE, "refresh_token"],
    redirectUris: ["http://127.0.0.1/oauth/callback"],
  });
  const { clientId, clientSecret } = registration.body;
  return { sim, client: { clientId, clientSecret } };
}

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

Deno.test("token: answers slow_down and lengthens the interval when polls are too frequent", async () => {
  const { sim, client } = await portal();
  await using _ = sim;
  const startUrl = `${sim.sso}/start`;
  const { body } = await post(sim, "/device_authorization", { ...client, startUrl });
  const poll = { ...client, grantType: DEVICE, deviceCode: body.deviceCode };
  const early = await post(sim, "/token", poll);
  assert.deepEqual([early.status, early.body.error], [400, "slow_down"]);
  assert.match(early.type!, /^SlowDownException/);
  sim.world.clock.advance(2_000);
  assert.equal((await post(sim, "/token", poll)).body.error, "slow_down");
  sim.world.clock.advance(12_000);
  assert.equal((await post(sim, "/token", poll)).status, 200);
  assert.equal((await post(sim, "/token", poll)).body.error, "invalid_grant");
});

Deno.test("token: accepts a code or refresh token once, for its client, with the verifier", async () => {
  const { sim, client } = await portal();
  await using _ = sim;
  const redirectUri = "http://127.0.0.1:5000/oauth/callback";
  const verifier = "v".repeat(43);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const challenge = new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
  const authorize = async (redirect = redirectUri) => {
    const query = new URLSearchParams({
      response_type: "code",
      client_id: client.clientId,
      redirect_uri: redirect,
      state: "s",
      code_challenge_method: "S256",
      code_challenge: challenge,
      scopes: "sso:account:access",
    });
    const response = await fetch(`${sim.sso}/authorize?${query}`, { redirect: "manual" });
    await response.body?.cancel();
    const location = response.headers.get("location");
    return location === null ? undefined : new URL(location).searchParams.get("code")!;
  };
  assert.equal(await authorize("https://evil.example/oauth/callback"), undefined);
  const grant = { ...client, grantType: "authorization_code", redirectUri };
  const wrong = { ...grant, code: await authorize(), codeVerifier: "w".repeat(43) };
  assert.equal((await post(sim, "/token", wrong)).body.error, "invalid_grant");
  const right = { ...grant, code: await authorize(), codeVerifier: verifier };
  const { body } = await post(sim, "/token", right);
  assert.equal((await post(sim, "/token", right)).body.error, "invalid_grant");
  const refresh = { ...client, grantType: "refresh_token", refreshToken: body.refreshToken };
  assert.equal((await post(sim, "/token", refresh)).status, 200);
  assert.equal((await post(sim, "/token", refresh)).body.error, "invalid_grant");
  const other = { ...refresh, clientSecret: "other" };
  const { status, type } = await post(sim, "/token", other);
  assert.equal(status, 401);
  assert.match(type!, /^InvalidClientException/);
});

Deno.test("portal: pages its lists and requires a valid token", async () => {
  const { sim } = await portal();
  await using _ = sim;
  const accounts = async (query: string, token: string) => {
    const headers = { "x-amz-sso_bearer_token": token };
    return await answerOf(await fetch(`${sim.sso}/assignment/accounts?${query}`, { headers }));
  };
  const { status, type } = await accounts("", "none");
  assert.deepEqual([status, type], [401, "UnauthorizedException"]);
  sim.state.sso.tokens.set("aoa", { expiresAt: Date.now() + 60_000, revoked: false });
  const first = await accounts("max_result=100", "aoa");
  assert.equal(first.body.accountList.length, 2);
  const next = new URLSearchParams({ next_token: first.body.nextToken });
  const last = await accounts(String(next), "aoa");
  assert.deepEqual([last.body.accountList.length, last.body.nextToken], [1, null]);
});

Deno.test("token/sso: opens the app once per web SSO token", async () => {
  await using sim = await startSimulator({ world: (world) => void (world.oidc = simOidc()) });
  const { oidc } = sim.world;
  const form = async (path: string, fields: Record<string, string>) =>
    await fetch(`${sim.okta}${path}`, { method: "POST", body: new URLSearchParams(fields) });
  const json = async (fields: Record<string, string>) =>
    await (await form("/oauth2/v1/token", { client_id: oidc!.clientId, ...fields })).json();
  const begun = await form("/oauth2/v1/device/authorize", {
    client_id: oidc!.clientId,
    scope: "openid okta.apps.sso okta.apps.read",
  });
  const { device_code, user_code } = await begun.json();
  const page = await form("/activate", { user_code });
  assert.match(await page.text(), /activated/);
  sim.world.clock.advance(5_000);
  const tokens = await json({ grant_type: DEVICE, device_code });
  assert.equal(tokens.scope, "openid okta.apps.sso");
  const exchange = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    actor_token: tokens.access_token,
    actor_token_type: "urn:ietf:params:oauth:token-type:access_token",
    subject_token: tokens.id_token,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    requested_token_type: "urn:okta:oauth:token-type:web_sso_token",
    audience: `urn:okta:apps:${sim.world.apps[0]!.id}`,
  };
  assert.equal(
    (await json({ ...exchange, audience: "urn:okta:apps:0oaX" })).error,
    "invalid_target",
  );
  assert.equal((await json({ ...exchange, subject_token: "x" })).error, "invalid_grant");
  const { access_token: token } = await json(exchange);
  const opened = await form("/login/token/sso", { token });
  assert.match(await opened.text(), /SAMLResponse/);
  const replayed = await form("/login/token/sso", { token });
  assert.equal((await replayed.json()).error, "web_sso_token_replayed");
});
