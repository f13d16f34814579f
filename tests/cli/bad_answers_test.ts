/** What Okta, AWS and the network may answer in place of what was hoped for. @module */

import assert from "node:assert/strict";
import {
  badGateway,
  droppedConnection,
  emptyAnswer,
  failNext,
  hugePage,
  jsonAnswer,
  NASTY_TEXT,
  redirectLoop,
  redirectTo,
  signInPage,
} from "../sim/faults.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import type { World } from "../sim/world.ts";
import { LOOPBACK_AUTHORITY, LOOPBACK_TLS } from "../sim/tls_certificate.ts";
import { emptyHome, type Home, type ProgramRun, secretsOf, setUpHome } from "./program.ts";

/** One-time codes live a second here: a second sign-in need not wait half a minute for one. */
function quickCodes(world: World): void {
  world.users[0]!.factors[0]!.totp!.period = 1;
}

/** Nothing that was secret, and no stack, may stand in what a person sees. */
function assertClean(sim: Simulator, { stdout, stderr }: ProgramRun): void {
  const shown = stdout + stderr;
  const cookies = sim.requests.flatMap(({ cookies }) => Object.values(cookies ?? {}));
  const secrets = [sim.user.password, /secret=(\w+)/.exec(sim.user.totpUri)![1]!, ...cookies];
  for (const secret of secrets.filter((text) => text.length > 8)) {
    assert.ok(!shown.includes(secret), "a secret was shown");
  }
  assert.doesNotMatch(shown, /^\s+at .*:\d+:\d+/m, "a stack was shown");
  // deno-lint-ignore no-control-regex -- escapes are what this looks for
  assert.doesNotMatch(stderr, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
}

const APP = /\/home\//;

const PAGES: [name: string, arrange: (sim: Simulator) => void, exit: number, said: RegExp][] = [
  [
    "a sign-in page in place of the assertion",
    (sim) => sim.world.faults.push(failNext({ host: "okta", path: APP, times: 9 }, signInPage)),
    3,
    /sign-in page/,
  ],
  [
    "30 MB of page",
    (sim) =>
      sim.world.faults.push(failNext({ host: "okta", path: APP, times: 9 }, () => hugePage())),
    5,
    /more than/,
  ],
  [
    "a redirect loop",
    (sim) => sim.world.faults.push(failNext({ host: "okta", path: APP, times: 99 }, redirectLoop)),
    3,
    /redirected/,
  ],
  [
    "an empty answer",
    (sim) => sim.world.faults.push(failNext({ host: "okta", path: APP, times: 9 }, emptyAnswer)),
    3,
    /unknown page/,
  ],
  [
    "502 and HTML from the app",
    (sim) => sim.world.faults.push(failNext({ host: "okta", path: APP, times: 99 }, badGateway)),
    5,
    /HTTP 502[^]*again/,
  ],
  [
    "a rate limit of the app",
    (sim) =>
      sim.world.faults.push(
        failNext({ host: "okta", path: APP, times: 99 }, () =>
          jsonAnswer({ errorCode: "E0000047", errorSummary: "API call exceeded rate limit" }, 429)),
      ),
    5,
    /rate limit/,
  ],
  [
    "an error of Okta's API in place of the app",
    (sim) =>
      sim.world.faults.push(
        failNext({ host: "okta", path: APP, times: 99 }, () =>
          jsonAnswer({ errorCode: "E0000007", errorSummary: "Not found: app" }, 404)),
      ),
    3,
    /Not found: app \(E0000007\)/,
  ],
  [
    "an assertion with a DTD",
    (sim) => void (sim.world.apps[0]!.response.doctype = '<!DOCTYPE x [<!ENTITY a "b">]>'),
    6,
    /document type|DOCTYPE|DTD/i,
  ],
];

for (const [name, arrange, exit, said] of PAGES) {
  Deno.test(`${name} ends with ${exit}, and says what it is`, async () => {
    await using sim = await startSimulator({ world: quickCodes });
    await using home = await setUpHome(sim);
    await home.write(".aws/credentials", "[mine]\naws_access_key_id = AKIA\n");
    arrange(sim);
    for (const flags of [[], ["--debug", "--json"]]) {
      const run = await home.run(["refresh", ...flags]);
      assert.equal(run.code, exit, run.stderr);
      assert.equal(run.stdout, "");
      assert.match(run.stderr, said);
      if (flags.length === 0) assertClean(sim, run);
    }
    assert.equal(await home.read(".aws/credentials"), "[mine]\naws_access_key_id = AKIA\n");
  });
}

Deno.test("a page with three forms gives the assertion of the right one", async () => {
  await using sim = await startSimulator({
    world: (world) => void (world.apps[0]!.page.forms = "three"),
  });
  await using home = await setUpHome(sim);
  assert.equal((await home.run(["refresh"])).code, 0);
});

/** A server that is not of the org; counts what it is sent. */
async function withStranger(act: (origin: string) => Promise<void>): Promise<number> {
  let requests = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    requests++;
    return new Response("ok");
  });
  await act(`http://127.0.0.1:${server.addr.port}`).finally(() => server.shutdown());
  return requests;
}

Deno.test("a redirect out of the org ends with 3 and sends nothing there", async () => {
  await using sim = await startSimulator({ world: quickCodes });
  await using home = await setUpHome(sim);
  const sent = await withStranger(async (origin) => {
    const leave = () => redirectTo(`${origin}/steal`);
    sim.world.faults.push(failNext({ host: "okta", path: APP }, leave));
    const run = await home.run(["refresh"]);
    assert.equal(run.code, 3, run.stderr);
    assert.ok(run.stderr.includes(new URL(origin).host), "the host is named");
    assertClean(sim, run);
  });
  assert.equal(sent, 0);
});

Deno.test("a link in Okta's response that leaves the org ends with 3 and sends nothing there", async () => {
  await using sim = await startSimulator({ world: quickCodes });
  await using home = await setUpHome(sim);
  sim.state.sessions.clear();
  const sent = await withStranger(async (origin) => {
    sim.world.policy.linkOrigin = origin;
    const run = await home.run(["refresh"]);
    assert.equal(run.code, 3, run.stderr);
    assert.ok(run.stderr.includes(new URL(origin).host), "the host is named");
    assertClean(sim, run);
  });
  assert.equal(sent, 0);
});

Deno.test("a SAML form that goes elsewhere is not followed: the assertion goes to STS alone", async () => {
  await using sim = await startSimulator({ world: quickCodes });
  await using home = await setUpHome(sim);
  const sent = await withStranger(async (origin) => {
    sim.world.apps[0]!.action = `${origin}/saml`;
    const run = await home.run(["refresh"]);
    assert.equal(run.code, 0, run.stderr);
  });
  assert.equal(sent, 0);
});

Deno.test("a wrong password is sent once: 3, and no command sends it again until it changes", async () => {
  await using sim = await startSimulator({ world: quickCodes });
  await using home = await setUpHome(sim);
  sim.state.sessions.clear();
  sim.world.users[0]!.password = "another one";
  for (const command of [["refresh"], ["cred-process", "Developer"], ["roles", "--refresh"]]) {
    const run = await home.run(command);
    assert.equal(run.code, 3, run.stderr);
    assertClean(sim, run);
  }
  assert.equal(sim.requestsTo("okta", "POST", "/api/v1/authn").length, 1);
  const again = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
  const secrets = JSON.stringify({ password: "another one" });
  const run = await home.run([...again, "--secrets-stdin"], { stdin: secrets });
  assert.equal(run.code, 0, run.stderr);
  assert.equal((await home.run(["refresh"])).code, 0);
});

const BREAKS: [name: string, answer: () => Response][] = [
  ["502 and HTML", badGateway],
  ["a dropped connection", droppedConnection],
];

for (const [name, answer] of BREAKS) {
  Deno.test(`${name} at the password ends with 5, and the password was sent once`, async () => {
    await using sim = await startSimulator({ world: quickCodes });
    await using home = await setUpHome(sim);
    sim.state.sessions.clear();
    const path = "/api/v1/authn";
    sim.world.faults.push(failNext({ host: "okta", method: "POST", path, times: 9 }, answer));
    const run = await home.run(["refresh"]);
    assert.equal(run.code, 5, run.stderr);
    assertClean(sim, run);
    assert.equal(sim.requestsTo("okta", "POST", path).length, 1);
  });
}

Deno.test("TLS that does not verify ends with 5 and names the fix; ca_bundle and AWS_CA_BUNDLE fix it", async () => {
  await using sim = await startSimulator({ tls: LOOPBACK_TLS });
  await using home = await emptyHome({
    ...sim.env(),
    OKTA_AWS_BACKEND: "file",
    OKTA_AWS_FILE_PASSPHRASE: "open, sesame",
  });
  const init = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
  const start = (env: Record<string, string> = {}) =>
    home.run([...init, "--secrets-stdin"], { stdin: secretsOf(sim), env });
  const refused = await start();
  assert.equal(refused.code, 5, refused.stderr);
  assert.match(refused.stderr, /ca_bundle|AWS_CA_BUNDLE/);
  assertClean(sim, refused);
  await home.write("ca.pem", LOOPBACK_AUTHORITY);
  const { code, stderr } = await start({ AWS_CA_BUNDLE: `${home.folder}/ca.pem` });
  assert.equal(code, 0, stderr);
  const settings = await home.read(".config/okta-aws/config.ini");
  await home.write(
    ".config/okta-aws/config.ini",
    `${settings}\n[okta-aws]\nca_bundle = ${home.folder}/ca.pem\n`,
  );
  assert.equal((await home.run(["refresh"])).code, 0);
});

Deno.test("names and messages of others' are shown harmlessly and break no file", async () => {
  await using sim = await startSimulator({ world: quickCodes });
  await using home = await setUpHome(sim);
  const { apps, accounts } = sim.world;
  apps[0]!.label = NASTY_TEXT;
  accounts[0]!.alias = NASTY_TEXT;
  apps[0]!.grants.push({
    roleArn: `arn:aws:iam::123456789012:role/${NASTY_TEXT}`,
    principalArn: "arn:aws:iam::123456789012:saml-provider/Okta",
  });
  const run = await home.run(["refresh"]);
  assert.equal(run.code, 0, run.stderr);
  assertClean(sim, run);
  const credentials = await home.read(".aws/credentials");
  assert.doesNotMatch(credentials, /evil|pwned/);
  assert.equal(credentials.match(/^\[/gm)?.length, 3);
});

async function cachedFrom(home: Home, env: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await home.run(["cred-process", "Developer"], { env });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout).AccessKeyId;
}

Deno.test("credentials of a local stand-in are never served without its setting", async () => {
  await using sim = await startSimulator({ world: quickCodes });
  await using other = await startSimulator();
  await using home = await setUpHome(sim);
  const real = await cachedFrom(home, {});
  // The other STS does not know this Okta's assertion: whatever it gave, it can't be the cached one.
  const standIn = { AWS_ENDPOINT_URL_STS: other.sts };
  const refused = await home.run(["cred-process", "Developer"], { env: standIn });
  assert.equal(refused.code, 6, refused.stdout);
  assert.equal(await cachedFrom(home, {}), real);
  const run = await home.run(["refresh"]);
  assert.match(run.stderr, /these credentials are from .*, not from AWS/);
});

Deno.test("plain http is used with this machine alone", async () => {
  await using sim = await startSimulator({ world: quickCodes });
  await using home = await setUpHome(sim);
  const env = { AWS_ENDPOINT_URL_STS: "http://sts.example.com" };
  const run = await home.run(["cred-process", "Developer", "--force"], { env });
  assert.equal(run.code, 2, run.stderr);
  const init = ["init", "--sso-url", "http://acme.okta.com", "--username", "x", "--secrets-stdin"];
  const org = await home.run(init, { stdin: "{}" });
  assert.equal(org.code, 2, org.stderr);
});

/** A page that a browser would leave automatically, by a form. */
function relayPage(action: string): Response {
  const html =
    `<html><body onload="document.forms[0].submit()"><form method="post" action="${action}">` +
    `<input type="hidden" name="RelayState" value="x"/></form></body></html>`;
  return new Response(html, { headers: { "content-type": "text/html" } });
}

Deno.test("a form on the way to the app is submitted within the org, and nowhere else", async () => {
  await using sim = await startSimulator({ world: quickCodes });
  await using home = await setUpHome(sim);
  const path = new URL(sim.embedLink()).pathname;
  const onTheWay = { host: "okta" as const, method: "GET", path };
  sim.world.faults.push(failNext(onTheWay, () => relayPage("/relay")));
  const back = { host: "okta" as const, method: "POST", path: "/relay" };
  sim.world.faults.push(failNext(back, () => redirectTo(sim.embedLink())));
  const run = await home.run(["refresh"]);
  assert.equal(run.code, 0, run.stderr);
  assert.equal(sim.requestsTo("okta", "POST", "/relay").length, 1);
  const sent = await withStranger(async (origin) => {
    sim.world.faults.push(failNext(onTheWay, () => relayPage(`${origin}/relay`)));
    const left = await home.run(["refresh"]);
    assert.equal(left.code, 3, left.stderr);
    assert.match(left.stderr, /a form leads outside your Okta org/);
  });
  assert.equal(sent, 0);
});
