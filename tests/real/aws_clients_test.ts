/**
 * AWS's own clients call the simulated AWS: they understand each answer, and give each error the
 * type that AWS documents. Where they don't, the simulator differs from AWS.
 */

import assert from "node:assert/strict";
import { simSso } from "../sim/aws/sso/sso_world.ts";
import { assertion } from "../sim/probe.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { AwsClient, type CallError, CLIENTS, type Json, type Keys } from "./clients/aws_client.ts";
import { ignoreWithoutClients } from "./clients/run.ts";
import { required, runs } from "./programs.ts";

const ACCOUNT = "123456789012";
const DEVELOPER = `arn:aws:iam::${ACCOUNT}:role/Developer`;
const PROVIDER = `arn:aws:iam::${ACCOUNT}:saml-provider/Okta`;
const CHAINED = `arn:aws:iam::${ACCOUNT}:role/Chained`;
const USER: Keys = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7" };
const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

/** A client and the simulator that it calls. */
class Bench {
  constructor(readonly sim: Simulator, readonly client: AwsClient) {}

  /** Calls STS. */
  sts(operation: string, params: Json, keys?: Keys) {
    const { sim, client } = this;
    const call = { service: "sts", operation, endpoint: sim.sts, params } as const;
    return methods(client, keys ? { ...call, keys } : call);
  }

  oidc(operation: string, params: Json) {
    const { sim, client } = this;
    return methods(client, { service: "sso-oidc", operation, endpoint: sim.sso, params });
  }

  portal(operation: string, params: Json) {
    const { sim, client } = this;
    return methods(client, { service: "sso", operation, endpoint: sim.sso, params });
  }

  eks(operation: string, params: Json, keys: Keys) {
    const { sim, client } = this;
    return methods(client, { service: "eks", operation, endpoint: sim.eks, params, keys });
  }

  async assumeWithSaml(params: Json = {}) {
    const given = {
      RoleArn: DEVELOPER,
      PrincipalArn: PROVIDER,
      SAMLAssertion: await assertion(this.sim),
      ...params,
    };
    return this.sts("AssumeRoleWithSAML", given);
  }

  async roleKeys(): Promise<Keys> {
    return keysOf((await (await this.assumeWithSaml()).result()).Credentials);
  }
}

function methods(client: AwsClient, call: Parameters<AwsClient["result"]>[0]) {
  return { result: () => client.result(call), error: () => client.error(call) };
}

function keysOf({ AccessKeyId, SecretAccessKey, SessionToken }: Json): Keys {
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
}

/** Whether the error has the type that AWS documents, or a code of AWS's common errors. */
function isError(
  error: CallError,
  status: number,
  expected: { type: string } | { code: string },
): void {
  assert.equal(error.status, status, JSON.stringify(error));
  if ("type" in expected) assert.equal(error.type, expected.type, JSON.stringify(error));
  else assert.deepEqual([error.code, error.type], [expected.code, undefined]);
}

function seconds(date: string): number {
  return Math.round((Date.parse(date) - Date.now()) / 1000);
}

async function assumeRoleWithSaml(bench: Bench): Promise<void> {
  const { sim } = bench;
  const output = await (await bench.assumeWithSaml({ DurationSeconds: 7200 })).result();
  assert.equal(
    output.AssumedRoleUser.Arn,
    `arn:aws:sts::${ACCOUNT}:assumed-role/Developer/${sim.user.login}`,
  );
  assert.match(output.AssumedRoleUser.AssumedRoleId, /^AROA.*:jane@example\.com$/);
  assert.ok(Math.abs(seconds(output.Credentials.Expiration) - 7200) < 60);
  assert.equal(output.Subject, sim.user.login);
  for (const name of ["Issuer", "Audience", "SubjectType", "NameQualifier"]) {
    assert.equal(typeof output[name], "string", name);
  }
  const cases: [Json, number, { type: string } | { code: string }][] = [
    [{ SAMLAssertion: btoa("<Response/>") }, 400, { type: "InvalidIdentityTokenException" }],
    [{ DurationSeconds: 43200, RoleArn: DEVELOPER.replace("Developer", "Administrator") }, 400, {
      code: "ValidationError",
    }],
    [{ RoleArn: DEVELOPER.replace("Developer", "Nobody") }, 403, { code: "AccessDenied" }],
  ];
  for (const [params, status, expected] of cases) {
    isError(await (await bench.assumeWithSaml(params)).error(), status, expected);
  }
  const old = await bench.assumeWithSaml();
  sim.world.clock.advance(6 * 60_000);
  isError(await old.error(), 400, { type: "ExpiredTokenException" });
  sim.world.clock.advance(-6 * 60_000);
  sim.world.aws.regionDisabled = true;
  isError(await old.error(), 403, { type: "RegionDisabledException" });
  sim.world.aws.regionDisabled = false;
  sim.world.aws.throttledRequests = 1;
  isError(await old.error(), 400, { code: "Throttling" });
}

async function assumeRole(bench: Bench): Promise<void> {
  const given = { RoleArn: CHAINED, RoleSessionName: "jane", ExternalId: "door-1" };
  const first = await bench.sts("AssumeRole", given, USER).result();
  assert.equal(first.AssumedRoleUser.Arn, `arn:aws:sts::${ACCOUNT}:assumed-role/Chained/jane`);
  assert.ok(Math.abs(seconds(first.Credentials.Expiration) - 3600) < 60);
  const keys = await bench.roleKeys();
  assert.ok((await bench.sts("AssumeRole", given, keys).result()).Credentials.SessionToken);

  const long = bench.sts("AssumeRole", { ...given, DurationSeconds: 7200 }, keys);
  isError(await long.error(), 400, { code: "ValidationError" });
  const wrongId = bench.sts("AssumeRole", { ...given, ExternalId: "door-2" }, USER);
  isError(await wrongId.error(), 403, { code: "AccessDenied" });
}

async function getCallerIdentity(bench: Bench): Promise<void> {
  const ask = (keys: Keys) => bench.sts("GetCallerIdentity", {}, keys);
  assert.deepEqual(await ask(USER).result(), {
    UserId: "AIDACKCEVSQ6C2EXAMPLE",
    Account: ACCOUNT,
    Arn: `arn:aws:iam::${ACCOUNT}:user/jane`,
  });
  const keys = await bench.roleKeys();
  const { Arn } = await ask(keys).result();
  assert.equal(Arn, `arn:aws:sts::${ACCOUNT}:assumed-role/Developer/jane@example.com`);

  const unknown = { ...USER, accessKeyId: "AKIAUNKNOWNEXAMPLE00" };
  isError(await ask(unknown).error(), 403, { code: "InvalidClientTokenId" });
  const wrong = { ...USER, secretAccessKey: "wrong" };
  isError(await ask(wrong).error(), 403, { code: "SignatureDoesNotMatch" });
  bench.sim.state.credentials.get(keys.accessKeyId)!.expiration = 0;
  isError(await ask(keys).error(), 403, { code: "ExpiredToken" });
}

async function singleSignOn(bench: Bench): Promise<void> {
  const { sim } = bench;
  const sso = sim.world.sso!;
  const { clientId, clientSecret, clientSecretExpiresAt } = await bench.oidc("RegisterClient", {
    clientName: "test",
    clientType: "public",
    scopes: ["sso:account:access"],
  }).result();
  assert.ok(clientSecretExpiresAt > Date.now() / 1000);
  const client = { clientId, clientSecret };
  const start = async () => {
    const startUrl = `${sim.sso}/start`;
    return await bench.oidc("StartDeviceAuthorization", { ...client, startUrl }).result();
  };
  const { deviceCode, userCode, expiresIn, interval, verificationUriComplete } = await start();
  assert.equal(expiresIn, sso.expiresIn);
  assert.equal(interval, sso.interval);
  assert.ok(verificationUriComplete.endsWith(userCode));
  const token = (params: Json) =>
    bench.oidc("CreateToken", { ...client, grantType: DEVICE_CODE, ...params });

  const oidcError = async (params: Json, status: number, type: string, oauth: string) => {
    sim.world.clock.advance(10_000);
    const error = await token(params).error();
    isError(error, status, { type });
    assert.equal(error.oauth, oauth);
  };
  sso.person = { does: "wait", atPoll: 1 };
  await oidcError({ deviceCode }, 400, "AuthorizationPendingException", "authorization_pending");
  sso.slowDowns = 1;
  await oidcError({ deviceCode }, 400, "SlowDownException", "slow_down");
  await oidcError({ deviceCode: "x" }, 400, "InvalidGrantException", "invalid_grant");
  await oidcError(
    { deviceCode, clientSecret: "x" },
    401,
    "InvalidClientException",
    "invalid_client",
  );
  await oidcError(
    { grantType: "authorization_code", code: "x" },
    400,
    "UnauthorizedClientException",
    "unauthorized_client",
  );
  sso.person.does = "deny";
  await oidcError({ deviceCode }, 400, "AccessDeniedException", "access_denied");
  const late = await start();
  sim.world.clock.advance(sso.expiresIn * 1000);
  await oidcError({ deviceCode: late.deviceCode }, 400, "ExpiredTokenException", "expired_token");
  sso.person.does = "approve";
  const approved = await start();
  sim.world.clock.advance(10_000);
  const { accessToken, refreshToken, tokenType } = await token({
    deviceCode: approved.deviceCode,
  }).result();
  assert.equal(tokenType, "Bearer");
  const refreshed = await token({ grantType: "refresh_token", refreshToken }).result();
  assert.equal(refreshed.expiresIn, sso.tokenSeconds);
  const startUrl = "https://other.example.com/start";
  const other = bench.oidc("StartDeviceAuthorization", { ...client, startUrl });
  isError(await other.error(), 400, { type: "InvalidRequestException" });

  await portal(bench, accessToken);
}

async function portal(bench: Bench, accessToken: string): Promise<void> {
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await bench.portal("ListAccounts", {
      accessToken,
      ...(nextToken ? { nextToken } : {}),
    }).result();
    names.push(...page.accountList.map(({ accountName }: Json) => accountName));
    nextToken = page.nextToken;
  } while (nextToken);
  assert.deepEqual(names, ["Acme Production", "日本", "Empty"]);
  const accountId = "111122223333";
  const { roleList } = await bench.portal("ListAccountRoles", { accessToken, accountId }).result();
  assert.deepEqual(roleList[1], { roleName: "ReadOnly", accountId });
  const role = { accessToken, accountId, roleName: "ReadOnly" };
  const { roleCredentials } = await bench.portal("GetRoleCredentials", role).result();
  assert.match(roleCredentials.accessKeyId, /^ASIA/);
  assert.equal(typeof roleCredentials.expiration, "number");

  const gone = bench.portal("ListAccountRoles", { accessToken, accountId: "999999999999" });
  isError(await gone.error(), 404, { type: "ResourceNotFoundException" });
  const forbidden = bench.portal("GetRoleCredentials", { ...role, roleName: "Nobody" });
  isError(await forbidden.error(), 403, { code: "ForbiddenException" });
  await bench.portal("Logout", { accessToken }).result();
  isError(await bench.portal("ListAccounts", { accessToken }).error(), 401, {
    type: "UnauthorizedException",
  });
}

async function kubernetes(bench: Bench): Promise<void> {
  const { sim } = bench;
  const keys = await bench.roleKeys();
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await bench.eks("ListClusters", nextToken ? { nextToken } : {}, keys).result();
    names.push(...page.clusters);
    nextToken = page.nextToken;
  } while (nextToken);
  assert.deepEqual(names, ["blue", "green"]);
  const { cluster } = await bench.eks("DescribeCluster", { name: "blue" }, keys).result();
  assert.equal(cluster.endpoint, "https://blue.example.com");
  assert.equal(cluster.certificateAuthority.data, "Q0E=");
  assert.equal(cluster.status, "ACTIVE");
  assert.equal(Date.parse(cluster.createdAt), 1726000000123);

  const missing = bench.eks("DescribeCluster", { name: "red" }, keys);
  isError(await missing.error(), 404, { type: "ResourceNotFoundException" });
  sim.world.aws.eksDenied = [DEVELOPER];
  const denied = await bench.eks("ListClusters", {}, keys).error();
  assert.deepEqual([denied.code, denied.status], ["AccessDeniedException", 403]);
  sim.world.aws.regions = ["us-east-1"];
  isError(await bench.eks("ListClusters", {}, keys).error(), 403, {
    code: "UnrecognizedClientException",
  });
}

const SERVICES: Record<string, (bench: Bench) => Promise<void>> = {
  AssumeRoleWithSAML: assumeRoleWithSaml,
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
  "SSO OIDC and SSO": singleSignOn,
  EKS: kubernetes,
};

function startAws(): Promise<Simulator> {
  return startSimulator({
    world(world) {
      world.sso = simSso();
      world.aws.eksPageSize = 1;
      const [account] = world.accounts;
      account!.accessKeys = [{
        id: USER.accessKeyId,
        secret: USER.secretAccessKey,
        userName: "jane",
      }];
      account!.roles.push({
        name: "Chained",
        path: "/",
        maxSessionDurationSeconds: 43200,
        trusts: ["*"],
        externalId: "door-1",
      });
      const cluster = { accountId: ACCOUNT, region: "eu-west-1", authority: "Q0E=" };
      world.clusters = ["blue", "green"].map((name) => ({
        ...cluster,
        name,
        endpoint: `https://${name}.example.com`,
      }));
    },
  });
}

const ignored = {
  botocore: !required && !await runs("python3", "-c", "import botocore"),
  "AWS SDK for JavaScript": await ignoreWithoutClients(),
};

for (const name of CLIENTS) {
  Deno.test({
    name: `${name}: understands the simulated AWS`,
    ignore: ignored[name],
    async fn(test) {
      await using client = new AwsClient(name);
      for (const [service, act] of Object.entries(SERVICES)) {
        await test.step(service, async () => {
          await using sim = await startAws();
          await act(new Bench(sim, client));
        });
      }
    },
  });
}
