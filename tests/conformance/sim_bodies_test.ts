import assert from "node:assert/strict";
import { knownErrors } from "../sim/okta/errors.ts";
import {
  type Answer,
  assertion,
  assumeWithSaml,
  postForm,
  postJson,
  primary,
  roleKeys,
  send,
  sessionCookie,
  signedSts,
  verify,
  verifyLink,
} from "../sim/probe.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { otherFactor, simUser, totpFactor } from "../sim/default_world.ts";
import type { PushPlan, SimFactor, SimUser } from "../sim/world.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

/**
 * Compares the keys of the simulator's bodies with recorded ones. The most similar recorded body of
 * the same status, factor and result must have every key that ours has, and ours every key of it,
 * except where a difference is explained below.
 */

const DOCS = "okta-developer-docs/_derived/authn-reference/";
const RECORDED = ["okta-auth-js/_json/xhr/", "okta-signin-widget/_json/xhr/", DOCS];

// deno-lint-ignore no-explicit-any -- recorded bodies have many shapes
type Json = any;

function readJson(path: string): Json {
  return JSON.parse(Deno.readTextFileSync(new URL(path, FIXTURES)));
}

interface Body {
  name: string;
  body: Json;
}

function recordedBodies(): Body[] {
  const bodies: Body[] = [];
  for (const folder of RECORDED) {
    for (const { name } of Deno.readDirSync(new URL(folder, FIXTURES))) {
      const { response, body = response } = readJson(folder + name);
      if (body !== null && typeof body === "object") bodies.push({ name: folder + name, body });
    }
  }
  return bodies;
}

function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

const BODIES = safely(recordedBodies, []);
const ignore = ignoreWithoutData(BODIES.length === 0);

/** Replaces ids in keys by a placeholder, and array indices of factors by their type. */
function step(path: string, key: string): string {
  return /^[a-z]{3}\w{15,17}$/.test(key) ? `${path}.{id}` : path === "" ? key : `${path}.${key}`;
}

function elementName(element: Json): string {
  const isFactor = typeof element === "object" && element !== null && "factorType" in element;
  return isFactor ? `[${element.factorType}/${element.provider}]` : "[]";
}

function paths(value: Json, path = ""): Set<string> {
  const all = new Set<string>();
  if (Array.isArray(value)) {
    for (const element of value) {
      for (const one of paths(element, path + elementName(element))) all.add(one);
    }
  } else if (value !== null && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) {
      // Test data in the widget's mocks, and the documentation's name for the list of factors.
      if (path === "" && key === "headers") continue;
      const name = path === "_embedded" && key === "factor" && Array.isArray(inner)
        ? "factors"
        : key;
      const next = step(path, name);
      all.add(next);
      for (const one of paths(inner, next)) all.add(one);
    }
  }
  return all;
}

/** Ignores factors that only one side lists. */
function withoutForeignFactors(own: Set<string>, other: Set<string>): Set<string> {
  const kinds = (set: Set<string>) =>
    new Set([...set].map((path) => /\[[^\]]+\/[^\]]+\]/.exec(path)?.[0]).filter(Boolean));
  const known = kinds(other);
  return new Set([...own].filter((path) => {
    const kind = /\[[^\]]+\/[^\]]+\]/.exec(path)?.[0];
    return kind === undefined || known.has(kind);
  }));
}

interface Difference {
  name: string;
  extra: string[];
  lacking: string[];
}

function compare(ours: Json, { name, body }: Body): Difference {
  const own = paths(ours);
  const theirs = paths(body);
  const comparable = withoutForeignFactors(theirs, own);
  return {
    name,
    extra: [...withoutForeignFactors(own, theirs)].filter((path) => !theirs.has(path)),
    lacking: [...comparable].filter((path) => !own.has(path)),
  };
}

function nearest(ours: Json, candidates: Body[]): Difference {
  const differences = candidates.map((one) => compare(ours, one));
  const size = ({ extra, lacking }: Difference) => extra.length + lacking.length;
  const [best] = differences.sort((a, b) => size(a) - size(b));
  assert.ok(best, `nothing like it is recorded: ${JSON.stringify(ours).slice(0, 200)}`);
  return best;
}

/** With `like`, looks for bodies of this factor type instead of the body's own. */
function authnCandidates(ours: Json, like?: string): Body[] {
  const kind = ({ status, factorResult, _embedded }: Json, factorType?: string) => {
    const { factor } = _embedded ?? {};
    return [status, factorResult, factorType ?? factor?.factorType, factor?.provider].join(" ");
  };
  return BODIES.filter(({ body }) => kind(body) === kind(ours, like));
}

/** Intended differences from the most similar recorded body, and why. */
type Explained = Record<string, string>;

function assertLike(ours: Json, candidates: Body[], explained: Explained): void {
  const { name, extra, lacking } = nearest(ours, candidates);
  const open = {
    extra: extra.filter((path) => !(path in explained)),
    lacking: lacking.filter((path) => !(path in explained)),
  };
  assert.deepEqual(open, { extra: [], lacking: [] }, `nearest: ${name}`);
  const seen = new Set([...extra, ...lacking]);
  const idle = Object.keys(explained).filter((path) => !seen.has(path));
  assert.deepEqual(idle, [], "explained, but no difference any more");
}

async function withUser(settings: Partial<SimUser>): Promise<Simulator> {
  return await startSimulator({ world: { users: [simUser("jane@example.com", settings)] } });
}

interface Case {
  name: string;
  user?: Partial<SimUser>;
  body(sim: Simulator): Promise<{ json: Json }>;
  /** The factor type of the recorded bodies to compare with, if ours has none. */
  like?: string;
  explained?: Explained;
}

async function start(sim: Simulator): Promise<Answer> {
  const { json } = await primary(sim);
  return await postJson(sim, verifyLink(json), { stateToken: json.stateToken });
}

const duo = otherFactor("web", {
  id: "dsfigasO4dVUPM5O40h7",
  provider: "DUO",
  profile: { credentialId: "jane@example.com" },
  duo: { host: "api-1.duosecurity.com", keys: { ikey: "i", skey: "s", akey: "a" } },
});

/** A security key that never answers. */
function key(factorType: "u2f" | "webauthn"): SimFactor {
  const profile = factorType === "u2f"
    ? { credentialId: "AAAA", appId: "https://acme.okta.com", version: "U2F_V2" }
    : { credentialId: "AAAA", authenticatorName: "MacBook Touch ID" };
  const id = `f${factorType[0]}figasO4dVUPM5O40h7`;
  return otherFactor(factorType, { id, provider: "FIDO", profile, key: { publicKey: {} } });
}

async function polled(sim: Simulator, plan: Partial<PushPlan>): Promise<Answer> {
  const push: PushPlan = { outcome: "approve", waits: 9, numbers: [], ...plan };
  sim.world.users[0]!.factors = [otherFactor("push", { push })];
  const { json } = await primary(sim);
  const { stateToken } = json;
  await postJson(sim, verifyLink(json), { stateToken });
  return await postJson(sim, verifyLink(json), { stateToken });
}

async function startStepUp(sim: Simulator): Promise<{ json: Json; cookie: string }> {
  sim.world.apps[0]!.stepUp = "input";
  const cookie = await sessionCookie(sim);
  const { text } = await send(sim.embedLink(), { headers: { cookie } });
  const stateToken = /name="stateToken" value="([^"]+)"/.exec(text)![1]!;
  const { json } = await postJson(sim, "/api/v1/authn", { stateToken }, { cookie });
  return { json, cookie };
}

async function finishStepUp(sim: Simulator): Promise<Answer> {
  const { json, cookie } = await startStepUp(sim);
  sim.world.clock.advance(60_000);
  const passCode = await sim.user.code();
  return await postJson(sim, verifyLink(json), { stateToken: json.stateToken, passCode }, {
    cookie,
  });
}

async function enroll(sim: Simulator, provider: string): Promise<Answer> {
  const { stateToken } = (await primary(sim)).json;
  const body = { stateToken, factorType: "token:software:totp", provider };
  return await postJson(sim, "/api/v1/authn/factors", body);
}

const CHANGED = {
  "_embedded.user.passwordChanged": "in most recorded bodies of other states and in the docs' own",
};

const LONG_PROFILE: Explained = Object.fromEntries(
  ["credentialId", "keys", "keys[].kty", "keys[].use", "keys[].kid", "keys[].x5c"].map((path) => [
    `_embedded.factor.profile.${path}`,
    "in live traffic, not in the docs",
  ]),
);

const both = [
  totpFactor("JBSWY3DPEHPK3PXP", { profile: { credentialId: "jane@example.com" } }),
  totpFactor("JBSWY3DPEHPK3PXQ", {
    provider: "OKTA",
    profile: { credentialId: "jane@example.com" },
  }),
];
const others = [
  "push",
  "sms",
  "call",
  "email",
  "question",
  "token:hotp",
  "token",
  "token:hardware",
  "claims_provider",
].map((type) => otherFactor(type));

const CASES: Case[] = [
  { name: "SUCCESS", user: { mfa: "none" }, body: (sim) => primary(sim) },
  { name: "SUCCESS after a code", body: async (sim) => verify(sim, (await primary(sim)).json) },
  {
    name: "MFA_REQUIRED, TOTP",
    user: { factors: both },
    body: (sim) => primary(sim),
    explained: CHANGED,
  },
  {
    name: "MFA_REQUIRED, others",
    user: { factors: others },
    body: (sim) => primary(sim),
    explained: CHANGED,
  },
  {
    name: "MFA_CHALLENGE, push",
    user: { factors: [otherFactor("push")] },
    body: start,
    explained: CHANGED,
  },
  {
    name: "MFA_CHALLENGE, push with a number",
    body: (sim) => polled(sim, { numbers: [0] }),
    explained: CHANGED,
  },
  {
    name: "MFA_CHALLENGE, push rejected",
    body: (sim) => polled(sim, { outcome: "reject", waits: 0 }),
  },
  {
    name: "MFA_CHALLENGE, push timed out",
    body: (sim) => polled(sim, { outcome: "timeout", waits: 0 }),
    explained: {
      ...LONG_PROFILE,
      "_embedded.factor._embedded": "only the docs have a time-out: ours is as a refusal is",
      "_embedded.factor._embedded.verification": "the same",
    },
  },
  {
    name: "MFA_CHALLENGE, claims provider",
    user: { factors: [otherFactor("claims_provider")] },
    body: start,
    explained: { "_embedded.policy.factorsPolicyInfo": "null in the recorded one" },
  },
  { name: "MFA_CHALLENGE, Duo", user: { factors: [duo] }, body: start },
  { name: "MFA_CHALLENGE, U2F", user: { factors: [key("u2f")] }, body: start },
  {
    name: "MFA_CHALLENGE, WebAuthn",
    user: { factors: [key("webauthn")] },
    body: start,
    explained: { "_embedded.policy.factorsPolicyInfo": "empty in the recorded one" },
  },
  { name: "MFA_CHALLENGE, sms", user: { factors: [otherFactor("sms")] }, body: start },
  { name: "MFA_CHALLENGE, call", user: { factors: [otherFactor("call")] }, body: start },
  {
    name: "MFA_CHALLENGE, email",
    user: { factors: [otherFactor("email")] },
    body: start,
    like: "sms",
    explained: {
      "_embedded.factor.profile.email":
        "no challenge by e-mail is recorded: an SMS's, but for this",
      "_embedded.factor.profile.phoneNumber": "the other half of the same",
    },
  },
  { name: "MFA_ENROLL", user: { factors: [] }, body: (sim) => primary(sim) },
  {
    name: "MFA_ENROLL_ACTIVATE, Google",
    user: { factors: [] },
    body: (sim) => enroll(sim, "GOOGLE"),
  },
  {
    name: "MFA_ENROLL_ACTIVATE, Okta Verify",
    user: { factors: [] },
    body: (sim) => enroll(sim, "OKTA"),
  },
  {
    name: "PASSWORD_EXPIRED",
    user: { passwordState: "expired", mfa: "none" },
    body: (sim) => primary(sim),
  },
  {
    name: "PASSWORD_WARN",
    user: { passwordState: { expiresInDays: 4 }, mfa: "none" },
    body: (sim) => primary(sim, { options: { warnBeforePasswordExpired: true } }),
  },
  {
    name: "LOCKED_OUT",
    user: { lockedOut: true },
    body(sim) {
      sim.world.policy.showLockout = true;
      return primary(sim);
    },
  },
  {
    name: "UNAUTHENTICATED",
    async body(sim) {
      sim.world.apps[0]!.withoutSession = "step_up";
      await send(sim.embedLink());
      const [stateToken] = sim.state.transactions.keys();
      return await postJson(sim, "/api/v1/authn", { stateToken });
    },
  },
  {
    name: "MFA_REQUIRED of a step-up",
    body: startStepUp,
    explained: {
      "_embedded.policy.factorsPolicyInfo": "the recorded one has a push factor",
      "_embedded.policy.factorsPolicyInfo.{id}": "the same",
      "_embedded.policy.factorsPolicyInfo.{id}.autoPushEnabled": "the same",
    },
  },
  { name: "SUCCESS of a step-up", body: finishStepUp },
  {
    name: "SUCCESS of a step-up with both tokens",
    body(sim) {
      sim.world.apps[0]!.stepUpResult = "both";
      return finishStepUp(sim);
    },
    explained: { sessionToken: "SUCCESS_with_STAF has both; this one the app it is for" },
  },
];

Deno.test({
  name:
    `the simulator's ${CASES.length} authn bodies have the keys of ${BODIES.length} recorded ones`,
  ignore,
  async fn(t) {
    for (const { name, user = {}, body, like, explained = {} } of CASES) {
      await t.step(name, async () => {
        await using sim = await withUser(user);
        const { json } = await body(sim);
        assertLike(json, authnCandidates(json, like), explained);
      });
    }
  },
});

Deno.test({
  name: "simulator: session, app list, organization and webfinger have recorded keys",
  ignore,
  async fn(t) {
    await using sim = await startSimulator();
    const cookie = await sessionCookie(sim);
    const get = async (path: string) => (await send(sim.okta + path, { headers: { cookie } })).json;
    const management = readJson("okta-management-openapi-spec/_derived/management_examples.json");
    await t.step("session", async () => {
      const recorded = { name: "session", body: readJson(`${RECORDED[0]}session.json`).response };
      const ours = await get("/api/v1/sessions/me");
      assert.ok("createdAt" in management.RetrieveCurrentSessionResponse);
      assertLike(ours, [recorded], { createdAt: "in the management API's own examples" });
    });
    await t.step("appLinks", async () => {
      const ours = await get("/api/v1/users/me/appLinks");
      assertLike(ours, [{ name: "ListAppLinks", body: management.ListAppLinks }], {});
    });
    await t.step("okta-organization", async () => {
      const tape = Deno.readTextFileSync(
        new URL("okta-aws-cli/test/fixtures/vcr/TestWebSSOAuthIsClassicOrg.yaml", FIXTURES),
      );
      const body = JSON.parse(/body: '(\{"id".*\})'/.exec(tape)![1]!);
      const ours = await get("/.well-known/okta-organization");
      assertLike(ours, [{ name: "okta-organization", body }], {});
    });
    await t.step("webfinger", async () => {
      sim.world.org.idpType = "SAML2";
      const body = readJson(`${RECORDED[0]}webfinger.json`).response;
      const ours = await get("/.well-known/webfinger?resource=okta:acct:jane@example.com");
      assertLike(ours, [{ name: "webfinger", body }], {
        "links[].properties.okta:logo": "a picture that no client reads",
      });
    });
  },
});

const ERROR_TABLE = "okta-developer-docs/packages/@okta/vuepress-site/data/error-codes.json";

Deno.test({
  name: `simulator: ${knownErrors().size} error codes have the status of Okta's table`,
  ignore,
  fn() {
    const { errors } = readJson(ERROR_TABLE);
    const table = new Map(errors.map((one: Json) => [one.errorCode, one.statusCode]));
    for (const [code, status] of knownErrors()) assert.equal(status, table.get(code), code);
  },
});

Deno.test({
  name: "simulator: errors have the keys and messages of recorded ones",
  ignore,
  async fn(t) {
    await using sim = await startSimulator();
    const { json } = await primary(sim);
    const { stateToken } = json;
    const authn = (path: string, body: object) => postJson(sim, `/api/v1/authn${path}`, body);
    const session = await send(`${sim.okta}/api/v1/sessions/me`);
    const throttled = async () => {
      sim.world.throttles.push({ path: "/", times: 1, resetInSeconds: 1 });
      return await primary(sim);
    };
    const changePassword = async (body: object) => {
      sim.world.users.unshift(
        simUser("joe@example.com", { mfa: "none", passwordState: "expired" }),
      );
      const { stateToken } = (await primary(sim)).json;
      sim.world.users.shift();
      return await authn("/credentials/change_password", { stateToken, ...body });
    };
    const { password } = sim.user;
    const answers = [
      await changePassword({ oldPassword: "wrong", newPassword: "Summer-2026" }),
      await changePassword({ oldPassword: password, newPassword: "short" }),
      await primary(sim, { password: "wrong" }),
      await verify(sim, json, "wrong"),
      await authn("/skip", { stateToken }),
      await authn("", { stateToken: "unknown" }),
      session,
      await throttled(),
    ];
    for (const answer of answers) {
      await t.step(answer.json.errorCode, () => {
        const recorded = BODIES.filter(({ body }) => body.errorCode === answer.json.errorCode);
        assertLike(answer.json, recorded, {});
        const words = recorded.map(({ body }) => body.errorSummary);
        assert.ok(words.includes(answer.json.errorSummary), answer.json.errorSummary);
      });
    }
  },
});

/** Every path of element names, attributes as `@name`. */
function xmlPaths(xml: string): Set<string> {
  const all = new Set<string>();
  const open: string[] = [];
  for (const [, close, name, attributes, empty] of xml.matchAll(TAG)) {
    if (close) {
      open.pop();
      continue;
    }
    open.push(name!);
    const path = open.join("/");
    all.add(path);
    for (const [, attribute] of attributes!.matchAll(/([\w:]+)="/g)) {
      all.add(`${path}@${attribute}`);
    }
    if (empty) open.pop();
  }
  return all;
}

const TAG = /<(\/?)([\w:]+)((?:\s+[\w:]+="[^"]*")*)\s*(\/?)>/g;

const STS = "botocore/tests/unit/response_parsing/xml/";

/** From AWS's API reference: no AssumeRoleWithSAML answer is recorded. */
const SAML_RESULT = [
  "Issuer",
  "AssumedRoleUser",
  "AssumedRoleUser/Arn",
  "AssumedRoleUser/AssumedRoleId",
  "Credentials",
  "Audience",
  "SubjectType",
  "NameQualifier",
  "Subject",
];

Deno.test({
  name: "simulator: STS answers have the elements of recorded ones",
  ignore,
  async fn(t) {
    await using sim = await startSimulator();
    const saml = await assumeWithSaml(sim, await assertion(sim));
    const read = (path: string) => xmlPaths(Deno.readTextFileSync(new URL(STS + path, FIXTURES)));
    await t.step("credentials and metadata", () => {
      const recorded = [...read("responses/sts-get-session-token.xml")]
        .map((path) => path.replaceAll("GetSessionToken", "AssumeRoleWithSAML"));
      const result = "AssumeRoleWithSAMLResponse/AssumeRoleWithSAMLResult/";
      const documented = SAML_RESULT.map((name) => result + name);
      assert.deepEqual(xmlPaths(saml.text), new Set([...recorded, ...documented]));
    });
    await t.step("errors", async () => {
      const error = await assumeWithSaml(sim, "AAAA");
      assert.deepEqual(xmlPaths(error.text), read("errors/sts-get-session-token.xml"));
    });
    await t.step("GetCallerIdentity in JSON", async () => {
      const { json } = await signedSts(sim, await roleKeys(sim), {
        Action: "GetCallerIdentity",
      }, { accept: "application/json" });
      const { GetCallerIdentityResult, ResponseMetadata } = json.GetCallerIdentityResponse;
      assert.deepEqual(Object.keys(GetCallerIdentityResult).sort(), ["Account", "Arn", "UserId"]);
      assert.deepEqual(Object.keys(ResponseMetadata), ["RequestId"]);
    });
  },
});

function pageData(html: string): Json {
  const content = /name="data"\s+content="([^"]+)"/.exec(html)![1]!;
  return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(content)));
}

function recordedPage(): string {
  const path = "gimme-aws-creds/tests/fixtures/aws_nextjs.html";
  return Deno.readTextFileSync(new URL(path, FIXTURES));
}

Deno.test({
  name: "simulator: the SAML Response has the elements and attributes of a recorded one",
  ignore,
  async fn() {
    await using sim = await startSimulator();
    const decode = (text: string) => new TextDecoder().decode(Uint8Array.fromBase64(text));
    const recorded = decode(pageData(recordedPage()).SAMLResponse);
    assert.deepEqual(xmlPaths(decode(await assertion(sim))), xmlPaths(recorded));
  },
});

Deno.test({
  name: "simulator: AWS sign-in pages have the markers of recorded ones",
  ignore,
  async fn(t) {
    await using sim = await startSimulator();
    const page = async () => {
      const fields = { SAMLResponse: await assertion(sim), RelayState: "" };
      return (await postForm(`${sim.signin}/saml`, fields)).text;
    };
    await t.step("the new page", async () => {
      const keys = (html: string) => Object.keys(pageData(html)).sort();
      const metas = (html: string) =>
        [...html.matchAll(/<meta name="([^"]+)"/g)].map((one) => one[1]);
      const [ours, recorded] = [await page(), recordedPage()];
      assert.deepEqual(keys(ours), keys(recorded));
      for (const name of metas(ours)) assert.ok(metas(recorded).includes(name), name);
    });
    await t.step("the old page", async () => {
      sim.world.aws.signinLayout = "legacy";
      const recorded = Deno.readTextFileSync(new URL("saml2aws/testdata/saml.html", FIXTURES));
      const marks = (html: string) =>
        new Set([...html.matchAll(/(?:class|name|type)="([^"]+)"/g)].map((one) => one[1]));
      assert.deepEqual(marks(await page()), marks(recorded));
    });
  },
});
