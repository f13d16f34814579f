import assert from "node:assert/strict";
import { otherFactor, simUser, totpFactor } from "../sim/default_world.ts";
import { type IdxProbe, openIdx } from "../sim/idx_probe.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import type { PushPlan, SimFactor, SimUser, World } from "../sim/world.ts";
import { idxMocks, ignoreIdxMocks as ignore, type Json, remediationsOf } from "./idx_mocks.ts";

/**
 * Compares the simulator's Identity Engine with recorded answers: each form, each current
 * authenticator and each answer must have the keys of the most similar recorded ones.
 */

const BODIES = idxMocks.filter(({ body }) => body !== undefined);

/** Members that only some recorded forms have: old ones have no `produces`, few have messages. */
const OPTIONAL = /(^|\.)(produces|accepts|messages)(\.|$)/;

/** Every path of keys; fields and options by name, other elements as `[]`. */
function paths(value: Json, path = ""): Set<string> {
  const all = new Set<string>();
  const add = (inner: Json, at: string) => {
    for (const one of paths(inner, at)) all.add(one);
  };
  if (Array.isArray(value)) {
    for (const one of value) add(one, `${path}[${one?.name ?? ""}]`);
  } else if (value !== null && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) {
      const at = path === "" ? key : `${path}.${key}`;
      if (!OPTIONAL.test(at)) all.add(at);
      add(inner, at);
    }
  }
  return all;
}

interface Difference {
  name: string;
  extra: string[];
  lacking: string[];
}

function nearest(ours: Json, recorded: { name: string; value: Json }[]): Difference {
  const own = paths(ours);
  const differences = recorded.map(({ name, value }) => {
    const theirs = paths(value);
    return {
      name,
      extra: [...own].filter((path) => !theirs.has(path)),
      lacking: [...theirs].filter((path) => !own.has(path)),
    };
  });
  const size = ({ extra, lacking }: Difference) => extra.length + lacking.length;
  const [best] = differences.sort((a, b) => size(a) - size(b));
  assert.ok(best, `nothing like it is recorded: ${JSON.stringify(ours).slice(0, 300)}`);
  return best;
}

/** Intended differences, and why. */
const EXPLAINED: Record<string, string> = {
  "authenticator-verification-data value[authenticator].relatesTo": "in old mocks of phones alone",
  "authenticator-verification-data value[authenticator].form.value[enrollmentId].name":
    "protocol.md b.5 has it",
  "authenticator-verification-data value[authenticator].form.value[enrollmentId].required":
    "the same",
  "authenticator-verification-data value[authenticator].form.value[enrollmentId].value": "the same",
  "reset-authenticator value[stateHandle].required": "in the recorded resets of other things",
  "reset-authenticator value[stateHandle].mutable": "the same",
  "currentAuthenticator okta_verify contextualData":
    "recorded, but in a body with names of members that are long gone",
  "currentAuthenticator okta_verify contextualData.correctAnswer": "the same",
  "challenge-authenticator value[credentials].requred": "misspelt in the recorded one",
  "challenge-authenticator value[credentials].required": "the same, spelt well",
  "currentAuthenticator custom_app logoUri": "a picture that no client reads",
  "currentAuthenticator okta_password settings.daysToExpiry": "recorded in an org with AD's rules",
  "currentAuthenticatorEnrollment okta_email contextualData": "about a link that nobody clicks",
  "currentAuthenticatorEnrollment okta_email contextualData.useEmailMagicLink": "the same",
};

/** Intended differences that occurred. */
const met = new Set<string>();

function isOpen(difference: string): boolean {
  met.add(difference);
  return !(difference in EXPLAINED);
}

function assertLike(what: string, ours: Json, recorded: { name: string; value: Json }[]): void {
  const { name, extra, lacking } = nearest(ours, recorded);
  const open = (list: string[]) => list.filter((path) => isOpen(`${what} ${path}`));
  const found = { extra: open(extra), lacking: open(lacking) };
  assert.deepEqual(found, { extra: [], lacking: [] }, `${what}, nearest: ${name}`);
}

/** Each menu option is compared with all recorded options of the same label. */
function withoutOptions(form: Json): Json {
  return JSON.parse(JSON.stringify(form, (key, value) => key === "options" ? undefined : value));
}

function assertForms(body: Json): void {
  for (const form of remediationsOf(body)) {
    const recorded = BODIES.flatMap(({ name, body }) =>
      remediationsOf(body).filter((one) => one.name === form.name)
        .map((one) => ({ name, value: withoutOptions(one) }))
    );
    assertLike(form.name, withoutOptions(form), recorded);
  }
}

const MEMBERS = ["currentAuthenticator", "currentAuthenticatorEnrollment"];

function assertCurrent(body: Json): void {
  for (const member of MEMBERS) {
    const ours = body[member]?.value;
    if (ours === undefined) continue;
    const recorded = BODIES.filter(({ body }) => body[member]?.value?.key === ours.key)
      .map(({ name, body }) => ({ name, value: body[member].value }));
    assertLike(`${member} ${ours.key}`, ours, recorded);
  }
}

/** Authenticators and enrollments: a recorded one of the same type must have every key of ours. */
function assertLists(body: Json): void {
  for (const list of ["authenticators", "authenticatorEnrollments"]) {
    for (const ours of body[list]?.value ?? []) {
      const recorded = BODIES.flatMap(({ name, body }) =>
        (body[list]?.value ?? []).filter((one: Json) => one?.key === ours.key)
          .map((value: Json) => ({ name, value }))
      );
      const { extra } = nearest(ours, recorded);
      assert.deepEqual(extra, [], `${list} ${ours.key}`);
    }
  }
}

/** The answer's members: all are known, and none that all recorded answers of its kind have is missing. */
function assertMembers(body: Json): void {
  const [first] = remediationsOf(body);
  const alike = BODIES.filter(({ body }) => remediationsOf(body)[0]?.name === first?.name);
  const has = (member: string) => ({ body }: { body: Json }) => member in body;
  const own = Object.keys(body);
  const extra = own.filter((member) => !BODIES.some(has(member)));
  const lacking = Object.keys(alike[0]!.body).filter((member) =>
    !own.includes(member) && alike.every(has(member))
  );
  assert.deepEqual({ extra, lacking }, { extra: [], lacking: [] }, `members at ${first?.name}`);
}

interface Case {
  name: string;
  user?: Partial<SimUser>;
  world?: (world: World) => void;
  /** The steps after user name and password. */
  go?: (probe: IdxProbe, sim: Simulator) => Promise<unknown>;
}

function push(plan: Partial<PushPlan> = {}): SimFactor {
  return otherFactor("push", { push: { outcome: "wait", waits: 9, numbers: [], ...plan } });
}

async function sendPush(probe: IdxProbe): Promise<void> {
  const [field] = probe.form("authenticator-verification-data").value;
  const authenticator = { id: field.form.value[0].value, methodType: "push" };
  await probe.submit("authenticator-verification-data", { authenticator });
}

const duo = otherFactor("web", {
  id: "dsfigasO4dVUPM5O40h7",
  provider: "DUO",
  duo: { host: "api-1.duosecurity.com", keys: { ikey: "i", skey: "s", akey: "a" } },
});

const securityKey = otherFactor("webauthn", {
  id: "fwfigasO4dVUPM5O40h7",
  provider: "FIDO",
  key: { publicKey: {}, appId: "https://acme.okta.com" },
});

const google = totpFactor("JBSWY3DPEHPK3PXP");

const ALONE: [string, SimFactor[]][] = [
  ["Google", [google]],
  ["push", [push()]],
  ["Okta Verify's code", [totpFactor("JBSWY3DPEHPK3PXP", { provider: "OKTA" })]],
  ["FastPass", [otherFactor("signed_nonce")]],
  ["custom push", [otherFactor("push", { provider: "CUSTOM" })]],
  ["phone", [otherFactor("sms"), otherFactor("call")]],
  ["e-mail", [otherFactor("email")]],
  ["question", [otherFactor("question")]],
  ["custom OTP", [otherFactor("token:hotp")]],
  ["RSA", [otherFactor("token")]],
  ["Symantec", [otherFactor("token", { provider: "SYMANTEC" })]],
  ["on-prem", [otherFactor("token", { provider: "DEL_OATH" })]],
  ["YubiKey", [otherFactor("token:hardware")]],
  ["Duo", [duo]],
  ["security key", [securityKey]],
  ["another IdP", [otherFactor("claims_provider")]],
];

const CASES: Case[] = [
  ...ALONE.map(([name, factors]) => ({ name, user: { factors } })),
  { name: "push sent", user: { factors: [push()] }, go: sendPush },
  {
    name: "number",
    user: { factors: [push({ numbers: [7] })] },
    go: async (probe) => {
      await sendPush(probe);
      await probe.submit("challenge-poll");
    },
  },
  {
    name: "push rejected",
    user: { factors: [push({ outcome: "reject", waits: 0 })] },
    go: async (probe) => {
      await sendPush(probe);
      await probe.submit("challenge-poll");
    },
  },
  {
    name: "SMS sent",
    user: { factors: [otherFactor("sms")] },
    go: (probe) => probe.choose("Phone", { methodType: "sms" }),
  },
  {
    name: "e-mail sent",
    user: { factors: [otherFactor("email")] },
    go: (probe) => probe.choose("Email"),
  },
  { name: "wrong code", go: (probe) => probe.give({ passcode: "000000" }) },
  {
    name: "wrong Okta Verify code",
    user: { factors: [totpFactor("JBSWY3DPEHPK3PXP", { provider: "OKTA" })] },
    go: (probe) => probe.give({ totp: "000000" }),
  },
  {
    name: "wrong RSA code",
    user: { factors: [otherFactor("token")] },
    go: (probe) => probe.give({ passcode: "000000" }),
  },
  {
    name: "RSA's PIN",
    user: { factors: [otherFactor("token", { pinSteps: ["new_pin"] })] },
    go: (probe) => probe.give({ passcode: "20261121" }),
  },
  { name: "menu", user: { factors: [google, push(), otherFactor("email")] } },
  { name: "enrolment", user: { factors: [], mfa: "required" } },
  { name: "enrolment that can be skipped", user: { mfa: "enroll_optional", factors: [] } },
  { name: "password expired", user: { mfa: "none", passwordState: "expired" } },
  {
    name: "password reset",
    user: { mfa: "none", passwordState: "expired" },
    world: ({ idx }) => {
      idx.expiredAs = "reset-authenticator";
    },
  },
  { name: "password expires", user: { mfa: "none", passwordState: { expiresInDays: 4 } } },
  {
    name: "keep me signed in",
    user: { mfa: "none" },
    world: ({ idx }) => {
      idx.keepMeSignedIn = true;
    },
  },
  {
    name: "grace period",
    user: { mfa: "none" },
    world: ({ apps }) => {
      apps[0]!.policy = { gracePeriod: true };
    },
  },
  {
    name: "success",
    user: { mfa: "none" },
    world: ({ idx }) => {
      idx.success = "remediation";
    },
  },
];

function idxSim({ user, world: change }: Case): Promise<Simulator> {
  return startSimulator({
    world: (world) => {
      world.org.pipeline = "idx";
      world.users = [simUser("jane@example.com", user)];
      change?.(world);
    },
  });
}

Deno.test({
  name: "simulator: Identity Engine answers have the keys of recorded ones",
  ignore,
  async fn(t) {
    for (const one of CASES) {
      await t.step(one.name, async () => {
        await using sim = await idxSim(one);
        const probe = await openIdx(sim);
        const first = probe.json;
        await probe.identify();
        await one.go?.(probe, sim);
        for (const body of [first, probe.json]) {
          assertForms(body);
          assertCurrent(body);
          assertLists(body);
          assertMembers(body);
        }
      });
    }
    const idle = Object.keys(EXPLAINED).filter((difference) => !met.has(difference));
    assert.deepEqual(idle, [], "explained, but no difference any more");
  },
});

/** The i18n keys of an answer's messages, of the answer and of fields. */
function messageKeys(body: Json): string[] {
  const keys = JSON.stringify(body).matchAll(/"i18n":\{"key":"([^"]+)"/g);
  return [...keys].map(([, key]) => key!);
}

/** Keys that are not in the recorded data, but in the Sign-In Widget's message catalogue. */
const DOCUMENTED = ["idx.session.expired", "oie.assurance.unsatisfiable"];

Deno.test({
  name: "simulator: Identity Engine errors have the members and keys of recorded ones",
  ignore,
  async fn(t) {
    const known = new Set(BODIES.flatMap(({ body }) => messageKeys(body)));
    const refusals: Record<string, (probe: IdxProbe, sim: Simulator) => Promise<unknown>> = {
      "security.access_denied": (probe, { world }) => {
        world.users[0]!.denied = true;
        return probe.identify();
      },
      "idx.error.code.access_denied.device_assurance.remediation.title": (probe, { world }) => {
        world.apps[0]!.policy = { denial: "device_assurance" };
        return probe.identify();
      },
      "oie.assurance.unsatisfiable": (probe, { world }) => {
        world.apps[0]!.policy = { factors: "phishing_resistant" };
        return probe.identify();
      },
      "idx.error.user.not.assigned.to.app": (probe, { world }) => {
        world.apps[0]!.assigned = [];
        return probe.identify();
      },
      "idx.session.expired": (probe, { world }) => {
        world.clock.advance(3600_000);
        return probe.identify();
      },
      tooManyRequests: (probe, { world }) => {
        world.throttles.push({ path: "/idp/", times: 1, resetInSeconds: 1 });
        return probe.identify();
      },
      E0000020: (probe) => probe.submit("identify", { stray: true }),
      "authfactor.challenge.suspended_factor": async (probe, { world }) => {
        world.policy.maxFailedCodes = 1;
        await probe.identify();
        await probe.give({ passcode: "000000" });
      },
    };
    for (const [key, refuse] of Object.entries(refusals)) {
      await t.step(key, async () => {
        await using sim = await idxSim({ name: key });
        const probe = await openIdx(sim);
        await refuse(probe, sim);
        const { json } = probe;
        assert.equal(probe.keys[0], key);
        for (const one of messageKeys(json)) {
          assert.ok(known.has(one) || DOCUMENTED.includes(one), one);
        }
        const alike = BODIES.filter(({ body }) => messageKeys(body).includes(key));
        const members = new Set(
          (alike.length > 0 ? alike : BODIES).flatMap(({ body }) => Object.keys(body)),
        );
        // An error in the middle of a sign-in has the members of any answer.
        if (json.remediation === undefined) {
          for (const member of Object.keys(json)) assert.ok(members.has(member), member);
        }
      });
    }
  },
});
