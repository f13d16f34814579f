import assert from "node:assert/strict";
import {
  type Answer,
  assertion,
  assumeWithSaml,
  element,
  keysOf,
  presigned,
  roleKeys,
  send,
  signedSts,
} from "./probe.ts";
import { type Simulator, startSimulator } from "./simulator.ts";

const MINUTE = 60_000;

function refused(answer: Answer, status: number, code: string, message?: RegExp): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(element(answer.text, "Code"), code);
  if (message) assert.match(element(answer.text, "Message"), message);
}

Deno.test("AssumeRoleWithSAML: returns credentials for every role of an assertion", async () => {
  await using sim = await startSimulator();
  const saml = await assertion(sim);
  for (const grant of sim.world.apps[0]!.grants) {
    const answer = await assumeWithSaml(sim, saml, {}, grant);
    assert.equal(answer.status, 200, answer.text);
    const keys = keysOf(answer);
    assert.match(keys.accessKeyId, /^ASIA[A-Z2-7]{16}$/);
    assert.equal(keys.secretAccessKey.length, 40);
    assert.ok(keys.sessionToken.length > 400);
    const left = Date.parse(element(answer.text, "Expiration")) - sim.world.clock.now();
    assert.ok(left > 3590_000 && left <= 3600_000, `${left}`);
  }
  const path = await assumeWithSaml(sim, saml, {}, sim.world.apps[0]!.grants[2]!);
  assert.equal(
    element(path.text, "Arn"),
    "arn:aws:sts::210987654321:assumed-role/ReadOnly/jane@example.com",
  );
});

Deno.test("AssumeRoleWithSAML: rejects an assertion that Okta did not issue, or that was changed", async () => {
  await using sim = await startSimulator();
  const saml = await assertion(sim);
  const xml = new TextDecoder().decode(Uint8Array.fromBase64(saml));
  const changed = new TextEncoder().encode(xml.replace("Developer", "Administrator")).toBase64();
  for (const text of [changed, "PHNhbWw+", saml.slice(0, -8)]) {
    refused(await assumeWithSaml(sim, text), 400, "InvalidIdentityToken", /signature invalid/);
  }
  refused(await assumeWithSaml(sim, "abc"), 400, "ValidationError");
  refused(await assumeWithSaml(sim, "A".repeat(100_001)), 400, "ValidationError");
});

Deno.test("AssumeRoleWithSAML: accepts an assertion for five minutes", async () => {
  await using sim = await startSimulator();
  sim.world.clock.offsetMs = 8 * 3600_000;
  const saml = await assertion(sim);
  sim.world.clock.advance(5 * MINUTE - 5000);
  assert.equal((await assumeWithSaml(sim, saml)).status, 200);
  sim.world.clock.advance(6000);
  refused(
    await assumeWithSaml(sim, saml),
    400,
    "ExpiredTokenException",
    /^Token must be redeemed within 5 minutes of issuance$/,
  );
});

Deno.test("AssumeRoleWithSAML: rejects roles and providers that don't exist or are not granted", async (t) => {
  await using sim = await startSimulator();
  const app = sim.world.apps[0]!;
  const saml = await assertion(sim);
  const denied = /^Not authorized to perform sts:AssumeRoleWithSAML$/;
  await t.step("another provider", async () => {
    const PrincipalArn = "arn:aws:iam::123456789012:saml-provider/Other";
    const answer = await assumeWithSaml(sim, saml, { PrincipalArn });
    refused(answer, 400, "InvalidIdentityToken", /provider doesn't exist/);
  });
  await t.step("a role that does not exist", async () => {
    const RoleArn = "arn:aws:iam::123456789012:role/Nobody";
    refused(await assumeWithSaml(sim, saml, { RoleArn }), 403, "AccessDenied", denied);
  });
  await t.step("a role that is not in the assertion", async () => {
    sim.world.accounts[0]!.roles.push({
      name: "Root",
      path: "/",
      maxSessionDurationSeconds: 3600,
    });
    const RoleArn = "arn:aws:iam::123456789012:role/Root";
    refused(await assumeWithSaml(sim, saml, { RoleArn }), 403, "AccessDenied", denied);
  });
  await t.step("a role whose trust policy refuses", async () => {
    sim.world.accounts[0]!.roles[0]!.denied = true;
    refused(await assumeWithSaml(sim, saml), 403, "AccessDenied", denied);
    sim.world.accounts[0]!.roles[0]!.denied = false;
  });
  await t.step("malformed ARNs", async () => {
    refused(await assumeWithSaml(sim, saml, { RoleArn: "role" }), 400, "ValidationError");
    refused(await assumeWithSaml(sim, saml, { PrincipalArn: "p" }), 400, "ValidationError");
  });
  await t.step("another audience", async () => {
    app.audience = "urn:example";
    const answer = await assumeWithSaml(sim, await assertion(sim));
    refused(answer, 400, "InvalidIdentityToken", /required audience/);
    app.audience = "urn:amazon:webservices";
  });
  await t.step("no or a bad RoleSessionName", async () => {
    for (const name of [null, "x", "O’Neill Jane"]) {
      app.roleSessionName = name;
      const answer = await assumeWithSaml(sim, await assertion(sim));
      refused(answer, 400, "InvalidIdentityToken", /RoleSessionName/);
    }
  });
});

Deno.test("AssumeRoleWithSAML: enforces the documented durations", async () => {
  await using sim = await startSimulator();
  const saml = await assertion(sim);
  const [administrator, developer] = sim.world.apps[0]!.grants;
  const ask = (seconds: string, grant = developer!) =>
    assumeWithSaml(sim, saml, { DurationSeconds: seconds }, grant);
  refused(await ask("899"), 400, "ValidationError", /greater than or equal to 900/);
  refused(await ask("43201"), 400, "ValidationError", /less than or equal to 43200/);
  refused(await ask("1h"), 400, "ValidationError");
  const answer = await ask("43200", administrator);
  refused(
    answer,
    400,
    "ValidationError",
    /^The requested DurationSeconds exceeds the MaxSessionDuration set for this role\.$/,
  );
  assert.equal((await ask("43200")).status, 200);
  assert.equal((await ask("900")).status, 200);
});

Deno.test("STS: answers Throttling, RegionDisabledException and InvalidAction", async () => {
  await using sim = await startSimulator();
  sim.world.aws.throttledRequests = 1;
  refused(await assumeWithSaml(sim, "AAAA"), 400, "Throttling", /^Rate exceeded$/);
  sim.world.aws.regionDisabled = true;
  refused(await assumeWithSaml(sim, "AAAA"), 403, "RegionDisabledException");
  sim.world.aws.regionDisabled = false;
  refused(await assumeWithSaml(sim, "AAAA", { Version: "2012-01-01" }), 400, "InvalidAction");
  refused(
    await assumeWithSaml(sim, "AAAA", { Action: "GetFederationToken" }),
    400,
    "InvalidAction",
  );
});

Deno.test("GetCallerIdentity: returns the signer", async () => {
  await using sim = await startSimulator();
  const keys = await roleKeys(sim);
  const xml = await signedSts(sim, keys, { Action: "GetCallerIdentity" });
  assert.equal(xml.status, 200, xml.text);
  assert.equal(element(xml.text, "Account"), "123456789012");
  assert.match(element(xml.text, "UserId"), /^AROA[A-Z2-7]{16}:jane@example\.com$/);
  const accept = { accept: "application/json" };
  const { json } = await signedSts(sim, keys, { Action: "GetCallerIdentity" }, accept);
  assert.equal(
    json.GetCallerIdentityResponse.GetCallerIdentityResult.Arn,
    "arn:aws:sts::123456789012:assumed-role/Administrator/jane@example.com",
  );
});

Deno.test("GetCallerIdentity: accepts a presigned URL for 15 minutes, for any X-Amz-Expires", async () => {
  await using sim = await startSimulator();
  const keys = await roleKeys(sim);
  const url = await presigned(sim, keys, 60, { "x-k8s-aws-id": "prod" });
  const ask = (cluster: string) => send(url, { headers: { "x-k8s-aws-id": cluster } });
  assert.equal((await ask("prod")).status, 200);
  refused(await ask("other"), 403, "SignatureDoesNotMatch");
  sim.world.clock.advance(14 * 60_000);
  assert.equal((await ask("prod")).status, 200);
  sim.world.clock.advance(2 * 60_000);
  refused(await ask("prod"), 403, "SignatureDoesNotMatch", /expired/);
});

Deno.test("STS: rejects a missing, malformed, wrong or old signature, or expired credentials", async (t) => {
  await using sim = await startSimulator();
  const keys = await roleKeys(sim);
  const ask = (changes: object, fields: Record<string, string> = {}) =>
    signedSts(sim, { ...keys, ...changes }, { Action: "GetCallerIdentity", ...fields });
  await t.step("missing", async () => {
    refused(await unsigned(sim, {}), 403, "MissingAuthenticationToken");
  });
  await t.step("broken", async () => {
    refused(
      await unsigned(sim, { authorization: "AWS4-HMAC-SHA256 x" }),
      400,
      "IncompleteSignature",
    );
  });
  await t.step("wrong secret", async () => {
    refused(await ask({ secretAccessKey: "x".repeat(40) }), 403, "SignatureDoesNotMatch");
  });
  await t.step("wrong key id or session token", async () => {
    refused(await ask({ accessKeyId: "ASIAAAAAAAAAAAAAAAAA" }), 403, "InvalidClientTokenId");
    refused(await ask({ sessionToken: "x" }), 403, "InvalidClientTokenId");
  });
  await t.step("old", async () => {
    sim.world.clock.advance(16 * MINUTE);
    refused(await ask({}), 403, "SignatureDoesNotMatch", /expired/);
    sim.world.clock.advance(-32 * MINUTE);
    refused(await ask({}), 403, "SignatureDoesNotMatch", /not yet current/);
    sim.world.clock.advance(16 * MINUTE);
  });
  await t.step("expired credentials", async () => {
    sim.state.credentials.get(keys.accessKeyId)!.expiration = 0;
    refused(await ask({}), 403, "ExpiredToken");
  });
});

async function unsigned(sim: Simulator, headers: Record<string, string>): Promise<Answer> {
  return await send(`${sim.sts}/?Action=GetCallerIdentity&Version=2011-06-15`, { headers });
}

/** A role that the first grant's role may assume with an external id. */
function addTarget(sim: Simulator): string {
  sim.world.accounts[1]!.roles.push({
    name: "Deploy",
    path: "/",
    maxSessionDurationSeconds: 43200,
    trusts: [sim.world.apps[0]!.grants[0]!.roleArn, "arn:aws:iam::210987654321:user/ci"],
    externalId: "acme-42",
  });
  return "arn:aws:iam::210987654321:role/Deploy";
}

Deno.test("AssumeRole: limits sessions to an hour when called with role credentials", async () => {
  await using sim = await startSimulator();
  const RoleArn = addTarget(sim);
  const keys = await roleKeys(sim);
  const ask = (fields: Record<string, string>) =>
    signedSts(sim, keys, {
      Action: "AssumeRole",
      RoleArn,
      RoleSessionName: "jane",
      ExternalId: "acme-42",
      ...fields,
    });
  const answer = await ask({});
  assert.equal(answer.status, 200, answer.text);
  const identity = await signedSts(sim, keysOf(answer), { Action: "GetCallerIdentity" });
  assert.equal(
    element(identity.text, "Arn"),
    "arn:aws:sts::210987654321:assumed-role/Deploy/jane",
  );
  refused(
    await ask({ DurationSeconds: "3601" }),
    400,
    "ValidationError",
    /^The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining\.$/,
  );
  refused(await ask({ ExternalId: "other" }), 403, "AccessDenied", /sts:AssumeRole on resource/);
  refused(await ask({ ExternalId: "x y" }), 400, "ValidationError");
  refused(await ask({ RoleSessionName: "x" }), 400, "ValidationError");
  refused(await ask({ RoleArn: sim.world.apps[0]!.grants[1]!.roleArn }), 403, "AccessDenied");
});

Deno.test("AssumeRole: allows longer sessions when called with a user's keys", async () => {
  await using sim = await startSimulator();
  const RoleArn = addTarget(sim);
  sim.world.accounts[1]!.accessKeys = [{
    id: "AKIAEXAMPLE",
    secret: "s".repeat(40),
    userName: "ci",
  }];
  const keys = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "s".repeat(40) };
  const answer = await signedSts(sim, keys as never, {
    Action: "AssumeRole",
    RoleArn,
    RoleSessionName: "ci",
    ExternalId: "acme-42",
    DurationSeconds: "43200",
  });
  assert.equal(answer.status, 200, answer.text);
});
