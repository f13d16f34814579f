import assert from "node:assert/strict";
import { awsApp, identityCenterApp, otherFactor, totpFactor } from "../sim/default_world.ts";
import { startSimulator } from "../sim/simulator.ts";
import type { SimApp, World } from "../sim/world.ts";
import { type ProgramRun, setUpHome, signIns } from "./program.ts";

const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/** Codes that last a second: a step-up needs a second one. */
function quickCodes(world: World): void {
  const totp = { secret: SECRET, algorithm: "SHA-1", digits: 6, period: 1 } as const;
  world.users[0]!.factors = [totpFactor(SECRET, { totp })];
}

/** Runs `refresh` in a home without a session, in a world that was changed before. */
async function refreshIn(
  change: (world: World) => void,
  act: (run: ProgramRun, sim: Awaited<ReturnType<typeof startSimulator>>) => void | Promise<void>,
  args: string[] = [],
): Promise<void> {
  await using sim = await startSimulator({ world: change });
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  await act(await home.run(["refresh", ...args]), sim);
}

const STEP_UPS: [name: string, app: Partial<SimApp>][] = [
  ["in a script", { stepUp: "script" }],
  ["in JSON, ended by a sessionToken", { stepUp: "json", stepUpResult: "sessionToken" }],
  ["in an input, ended by both", { stepUp: "input", stepUpResult: "both" }],
  ["behind a redirect", { stepUp: "redirect" }],
];

for (const [name, app] of STEP_UPS) {
  Deno.test(`an app that asks for a factor of its own (${name}) gets one`, () =>
    refreshIn((world) => {
      quickCodes(world);
      Object.assign(world.apps[0]!, app);
    }, ({ code, stdout, stderr }, sim) => {
      assert.equal(code, 0, stderr);
      assert.match(stdout, /okta-acme-production-Developer/);
      assert.equal(signIns(sim), 1);
    }));
}

Deno.test("an app behind a redirect of its own is opened", () =>
  refreshIn((world) => void (world.apps[0]!.embedRedirects = true), ({ code, stderr }) => {
    assert.equal(code, 0, stderr);
  }));

for (const withoutSession of ["page", "step_up"] as const) {
  Deno.test(`an ended session that shows as ${withoutSession} is made again`, async () => {
    await using sim = await startSimulator({ world: quickCodes });
    sim.world.apps[0]!.withoutSession = withoutSession;
    await using home = await setUpHome(sim);
    sim.state.sessions.clear();
    const { code, stderr } = await home.run(["refresh"]);
    assert.equal(code, 0, stderr);
    assert.equal(signIns(sim), 1);
  });
}

Deno.test("a password that ends soon is told of, and the sign-in goes on", () =>
  refreshIn((world) => {
    world.users[0]!.passwordState = { expiresInDays: 3 };
  }, ({ code, stderr }) => {
    assert.equal(code, 0, stderr);
  }));

const REFUSALS: [name: string, change: (world: World) => void, exit: number, said: RegExp][] = [
  [
    "an expired password",
    (world) => {
      world.users[0]!.passwordState = "expired";
    },
    3,
    /expired/,
  ],
  [
    "a locked account that shows",
    (world) => {
      world.users[0]!.lockedOut = true;
      world.policy.showLockout = true;
    },
    3,
    /locked/,
  ],
  [
    "a locked account that does not show",
    (world) => {
      world.users[0]!.lockedOut = true;
    },
    3,
    /wrong user name or password/,
  ],
  [
    "an enrolment",
    (world) => {
      world.users[0]!.mfa = "enroll";
    },
    3,
    /enrol/,
  ],
  [
    "no factor but one that only a browser can answer",
    (world) => {
      Object.assign(world.users[0]!.factors[0]!, otherFactor("claims_provider"));
    },
    3,
    /another identity provider|browser/,
  ],
  [
    "an app that is not the person's",
    (world) => {
      world.apps[0]!.assigned = [];
    },
    3,
    /not assigned/,
  ],
  [
    "IAM Identity Center",
    (world) => {
      world.apps[0] = identityCenterApp();
    },
    6,
    /Identity Center/,
  ],
  [
    "an assertion without roles",
    (world) => {
      world.apps[0]!.grants = [];
    },
    6,
    /role/,
  ],
  [
    "an encrypted assertion",
    (world) => {
      world.apps[0]!.response.encrypted = true;
    },
    6,
    /encrypted/,
  ],
];

for (const [name, change, exit, said] of REFUSALS) {
  Deno.test(`${name}: exit code ${exit}, the reason and what to do`, () =>
    refreshIn(change, ({ code, stdout, stderr }) => {
      assert.equal(code, exit, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, said);
      assert.match(stderr, /^okta-aws: .+\n {2}\S.*\n$/);
    }));
}

Deno.test("a factor that can't be answered is skipped for one that can", () =>
  refreshIn((world) => {
    world.users[0]!.factors.unshift(otherFactor("push"), otherFactor("question"));
  }, ({ code, stderr }) => {
    assert.equal(code, 0, stderr);
  }, ["--no-input"]));

Deno.test("--mfa-provider and --mfa-factor-type choose, in any case", async () => {
  const withTwo = (world: World) => {
    const wrong = totpFactor("KRUGS4ZANFZSA3TPOQQHI2DF".replaceAll("1", "I"));
    world.users[0]!.factors.unshift({ ...wrong, id: "ostfirst", provider: "OKTA" });
    world.users[0]!.factors.reverse();
  };
  for (
    const args of [
      ["--mfa-provider", "google"],
      ["--mfa-provider=GOOGLE", "--mfa-factor-type", "Token:Software:TOTP"],
    ]
  ) {
    await refreshIn(withTwo, ({ code, stderr }) => assert.equal(code, 0, stderr), args);
  }
});

Deno.test("a rate limit is waited for", () =>
  refreshIn((world) => {
    world.throttles.push({ path: "/api/v1/authn", times: 1, resetInSeconds: 1 });
  }, ({ code, stderr }) => {
    assert.equal(code, 0, stderr);
  }));

Deno.test("STS's throttling is waited for", () =>
  refreshIn((world) => void (world.aws.throttledRequests = 2), ({ code, stderr }) => {
    assert.equal(code, 0, stderr);
  }));

Deno.test("the older sign-in page of AWS tells aliases too", () =>
  refreshIn((world) => void (world.aws.signinLayout = "legacy"), ({ stdout }) => {
    assert.match(stdout, /okta-acme-production-Developer/);
  }));

Deno.test("refresh takes the roles of every app", async () => {
  await using sim = await startSimulator();
  sim.world.accounts[1]!.roles.push({
    name: "Sandbox",
    path: "/",
    maxSessionDurationSeconds: 3600,
  });
  const { principalArn } = sim.world.apps[0]!.grants[2]!;
  const roleArn = "arn:aws:iam::210987654321:role/Sandbox";
  sim.world.apps.push(awsApp("AWS Sandbox", {
    id: "0oa7sandz2i9XRNSRIHB",
    exk: "exk7sandz2i9XRNSRIHB",
    grants: [{ roleArn, principalArn }],
  }));
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const path = ".config/okta-aws/config.ini";
  const settings = await home.read(path);
  const [first, second] = ["AWS Production", "AWS Sandbox"].map(sim.embedLink);
  await home.write(path, settings.replace(first!, `${first} ${second}`));
  const { code, stdout, stderr } = await home.run(["refresh", "--json"]);
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).profiles.length, 4);
  const one = await home.run(["cred-process", "Sandbox"]);
  assert.equal(JSON.parse(one.stdout).AccountId, "210987654321");
});

Deno.test("Okta out of reach ends with 5", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const settings = ".config/okta-aws/config.ini";
  // A port of ours that is closed could be opened again by another test.
  const unused = (await home.read(settings)).replaceAll(new URL(sim.okta).host, "127.0.0.1:1");
  await home.write(settings, unused);
  const { code, stdout, stderr } = await home.run(["refresh"]);
  assert.equal(code, 5, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /127\.0\.0\.1/);
});
