import assert from "node:assert/strict";
import { awsApp, identityCenterApp } from "../../sim/default_world.ts";
import { type Simulator, startSimulator } from "../../sim/simulator.ts";
import type { World } from "../../sim/world.ts";
import { emptyHome, type Home, secretsOf, simulatorEnvironment } from "../program.ts";
import { ignorePty, runOnTerminal } from "../pty.ts";

interface Place {
  sim: Simulator;
  home: Home;
  /** `init` with nothing but the org. */
  words: string[];
}

function freshHome(
  name: string,
  world: (world: World) => void,
  fn: (place: Place) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: ignorePty,
    async fn() {
      await using sim = await startSimulator({ world });
      await using home = await emptyHome(simulatorEnvironment(sim));
      const words = ["init", "--sso-url", sim.okta, "--username", sim.user.login];
      await fn({ sim, home, words: [...words, "--profiles", "none"] });
    },
  });
}

function addApps({ apps }: World): void {
  const { grants } = apps[0]!;
  apps.unshift(identityCenterApp());
  const staging = { id: "0oa4omz2i9XRNSRIHBZO", exk: "exk4omz2i9", grants: grants.slice(2) };
  apps.push(awsApp("AWS Staging", staging));
}

freshHome(
  "init finds the AWS app of an org automatically",
  () => {},
  async ({ sim, home, words }) => {
    const { code, stderr } = await home.run([...words, "--secrets-stdin"], {
      stdin: secretsOf(sim),
    });
    assert.equal(code, 0, stderr);
    const settings = await home.read(".config/okta-aws/config.ini");
    assert.ok(settings.includes(`app = ${sim.embedLink()}`), settings);
  },
);

freshHome("init lets a person pick among several AWS apps", addApps, async (place) => {
  const { sim, home, words } = place;
  const program = await runOnTerminal(home, [...words, "--secrets-stdin"], {
    shell: `printf '%s' '${secretsOf(sim)}' | $PROGRAM`,
  });
  await program.until("AWS Production");
  await program.until("AWS Staging");
  await program.type("Staging");
  await program.until("1 of 2");
  await program.type(" ");
  await program.until("1 selected");
  await program.type("\r");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  const settings = await home.read(".config/okta-aws/config.ini");
  assert.ok(settings.includes(sim.embedLink("AWS Staging")), settings);
  assert.ok(!settings.includes("amazon_aws_sso"));
  const menu = shown.slice(0, shown.indexOf("1 role"));
  assert.ok(!/Identity Center.*\n.*>/.test(menu));
});

freshHome("init takes every AWS app where nobody can pick", addApps, async (place) => {
  const { sim, home, words } = place;
  const { code, stderr } = await home.run([...words, "--secrets-stdin"], {
    stdin: secretsOf(sim),
  });
  assert.equal(code, 0, stderr);
  const settings = await home.read(".config/okta-aws/config.ini");
  assert.ok(settings.includes(sim.embedLink("AWS Production")), settings);
  assert.ok(settings.includes(sim.embedLink("AWS Staging")), settings);
});

freshHome("init says so where the only AWS app is Identity Center's", (world) => {
  world.apps = [identityCenterApp()];
}, async ({ sim, home, words }) => {
  const { code, stderr } = await home.run([...words, "--secrets-stdin"], {
    stdin: secretsOf(sim),
  });
  assert.equal(code, 6, stderr);
  assert.match(stderr, /Identity Center/);
});

freshHome("init says that an org is on Identity Engine", ({ org }) => {
  org.pipeline = "idx";
}, async ({ sim, home, words }) => {
  const { stderr } = await home.run([...words, "--secrets-stdin"], { stdin: secretsOf(sim) });
  assert.match(stderr, /Identity Engine/);
});

freshHome("init says that somebody else's sign-in page is in charge", ({ users }) => {
  users[0]!.idpType = "SAML2";
}, async ({ sim, home, words }) => {
  const { code, stderr } = await home.run([...words, "--secrets-stdin"], {
    stdin: secretsOf(sim),
  });
  assert.notEqual(code, 1, stderr);
  assert.match(stderr, /identity provider|IdP|Acme Partner/i);
});
