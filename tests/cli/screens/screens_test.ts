/**
 * The screens that a person meets, at 80 and 120 columns. To write the expected ones again:
 * `OKTA_AWS_UPDATE_SCREENS=1 deno test -A tests/cli/screens`; then read what changed.
 */

import assert from "node:assert/strict";
import { awsApp, otherFactor, totpFactor } from "../../sim/default_world.ts";
import { type Simulator, startSimulator } from "../../sim/simulator.ts";
import type { World } from "../../sim/world.ts";
import { emptyHome, type Home, setUpHome, simulatorEnvironment } from "../program.ts";
import { ignorePty } from "../pty.ts";
import { openScreen, type Screen, type ScreenOptions } from "./screen.ts";

const WIDTHS = [80, 120] as const;

const ROLES: [id: string, alias: string | undefined, roles: string[]][] = [
  ["123456789012", "acme-prod", ["Administrator", "Developer"]],
  ["345678901234", "acme-dev", ["Admin", "Deployer", "Developer"]],
  ["210987654321", undefined, ["ReadOnly"]],
];

/** Six roles in three accounts; AWS refuses one. */
function companyWorld(world: World): void {
  world.accounts = ROLES.map(([id, alias, roles]) => ({
    id,
    ...(alias && { alias }),
    samlProviders: ["Okta"],
    roles: roles.map((name) => ({
      name,
      path: "/",
      maxSessionDurationSeconds: 3600,
      denied: name === "Deployer",
    })),
  }));
  const grants = world.accounts.flatMap(({ id, roles }) =>
    roles.map(({ name }) => ({
      roleArn: `arn:aws:iam::${id}:role/${name}`,
      principalArn: `arn:aws:iam::${id}:saml-provider/Okta`,
    }))
  );
  world.apps = [awsApp("AWS", { grants })];
}

/** Thirty roles in ten accounts. */
function largeWorld(world: World): void {
  world.accounts = Array.from({ length: 10 }, (_, at) => ({
    id: `1000000000${at + 10}`,
    alias: `acme-team${at + 1}`,
    samlProviders: ["Okta"],
    roles: ["Admin", "Developer", "ReadOnly"].map((name) => (
      { name, path: "/", maxSessionDurationSeconds: 3600 }
    )),
  }));
  const grants = world.accounts.flatMap(({ id, roles }) =>
    roles.map(({ name }) => ({
      roleArn: `arn:aws:iam::${id}:role/${name}`,
      principalArn: `arn:aws:iam::${id}:saml-provider/Okta`,
    }))
  );
  world.apps = [awsApp("AWS", { grants })];
}

interface Stage {
  sim: Simulator;
  home: Home;
  /** Starts the program on a terminal of this test's width. */
  open(args: readonly string[], options?: Omit<ScreenOptions, "columns">): Promise<Screen>;
  /** Runs the program, and compares the screen at its end. */
  ends(name: string, args: readonly string[], code?: number): Promise<void>;
}

function screens(
  name: string,
  world: (world: World) => void,
  act: (stage: Stage) => Promise<void>,
  home: (sim: Simulator) => Promise<Home> = setUpHome,
): void {
  for (const columns of WIDTHS) {
    Deno.test({
      name: `${name} at ${columns} columns`,
      ignore: ignorePty,
      async fn() {
        await using sim = await startSimulator({ world });
        await using place = await home(sim);
        const open: Stage["open"] = (args, options) =>
          openScreen(place, args, { ...options, columns });
        await act({
          sim,
          home: place,
          open,
          async ends(file, args, code = 0) {
            const screen = await open(args);
            assert.equal((await screen.end()).code, code, screen.text());
            await screen.shows(file);
          },
        });
      },
    });
  }
}

// deno-lint-ignore no-control-regex -- colours are what this looks for
const SGR = /\x1b\[([\d;]*)m/g;

/** Bold, faint and the basic colours, which each theme adapts to its background; and their ends. */
const ON_ANY_BACKGROUND = ["1", "2", "22", "31", "32", "33", "39", "1;36", "22;39"];

/** Colours are never the only sign: without them the screen says the same. */
async function sameWithoutColours(
  file: string,
  args: readonly string[],
  open: Stage["open"],
): Promise<void> {
  const coloured = await (await open(args)).end();
  const codes = new Set([...coloured.bytes.matchAll(SGR)].map(([, code]) => code));
  assert.ok(codes.size > 0);
  assert.deepEqual([...codes].filter((code) => !ON_ANY_BACKGROUND.includes(code!)), []);
  const plain = [{ NO_COLOR: "1" }, { TERM: "dumb" }] as Record<string, string>[];
  for (const env of plain) {
    const screen = await open(args, { env });
    assert.doesNotMatch((await screen.end()).bytes, SGR);
    await screen.shows(file);
  }
}

screens("init", () => {}, async ({ sim, open }) => {
  const screen = await open(["init"]);
  await screen.answer("1/6", sim.embedLink());
  await screen.answer("2/6", sim.user.login);
  await screen.answer("3/6", sim.user.password);
  await screen.answer("4/6", sim.user.totpUri);
  await screen.answer("5/6 AWS region (us-east-1):", "");
  await screen.answer("6/6", "");
  assert.equal((await screen.end()).code, 0);
  await screen.shows("init");
}, (sim) => emptyHome(simulatorEnvironment(sim)));

screens("init after refusals", () => {}, async ({ sim, open }) => {
  sim.world.apps[0]!.assigned.length = 0;
  const screen = await open(["init", "--profiles", "none", "--region", "eu-west-1"]);
  await screen.answer("1/4", "http://acme.example");
  await screen.answer("not an Okta address: http://acme.example\n1/4", sim.embedLink());
  await screen.answer("2/4", sim.user.login);
  await screen.answer("3/4", "mistyped");
  await screen.answer("4/4", sim.user.totpUri);
  await screen.answer("Okta user name (jane@example.com):", "");
  await screen.answer(
    "lock your account.\nOkta user name: jane@example.com\nOkta",
    sim.user.password,
  );
  await screen.until("What now");
  await screen.shows("init_refused");
  await screen.type("quit\r");
  assert.equal((await screen.end()).code, 3);
}, (sim) => emptyHome(simulatorEnvironment(sim)));

screens("reports", companyWorld, async ({ ends, open, home }) => {
  await ends("refresh", ["refresh"], 6);
  await ends("refresh_as", ["refresh", "acme-dev/Admin", "--as", "default"]);
  await ends("roles", ["roles"]);
  await home.run(["signin"]);
  await ends("status", ["status"]);
  await sameWithoutColours("status", ["status"], open);
  await ends("setup_profiles", ["setup-profiles"]);
  await ends("refresh_process", ["refresh", "Administrator"]);
  const screen = await open(["signout", "--all"]);
  await screen.answer("(y/N):", "");
  assert.equal((await screen.end()).code, 130);
  await screen.shows("signout_all");
});

screens("role menus", companyWorld, async ({ open, home }) => {
  await home.run(["env", "acme-prod/Developer"]);
  const several = await open(["env", "dev", "--json"]);
  await several.until("of 6");
  await several.shows("menu_part");
  await several.type("\x1b[B\x15");
  await several.until("6 of 6");
  await several.type("zz");
  await several.until("0 of 6");
  await several.shows("menu_none");
  await several.type("\x03");
  assert.equal((await several.end()).code, 130);
  const dumb = await open(["env", "dev"], { env: { TERM: "dumb" } });
  await dumb.until("part of the name):");
  await dumb.shows("menu_dumb");
  await dumb.type("\x03");
  await dumb.end();
});

screens("the picker", largeWorld, async ({ open }) => {
  const first = await open(["refresh"]);
  await first.until("30 of 30");
  await first.shows("picker");
  await first.type("team1");
  await first.until("6 of 30");
  await first.type("\x01");
  await first.until("6 selected");
  await first.shows("picker_ticked");
  await first.type("\r");
  assert.equal((await first.end()).code, 0);
  await first.shows("picker_done");
});

const QUESTION = /\d:\d\d left/g;

screens("factors", (world) => {
  world.users[0]!.factors = [
    otherFactor("push", { push: { outcome: "wait", waits: 0, numbers: [7] } }),
    totpFactor("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    otherFactor("sms"),
  ];
}, async ({ sim, open }) => {
  const screen = await open(["signin"], { replace: [[QUESTION, "M:SS left"]] });
  await screen.until("3 of 3");
  await screen.shows("factor_menu");
  await screen.type("push\r");
  await screen.until("Tap 7");
  await screen.shows("push");
  sim.world.users[0]!.factors[0]!.push!.outcome = "approve";
  assert.equal((await screen.end()).code, 0);
  await screen.shows("push_approved");
}, (sim) =>
  setUpHome(sim, {
    args: ["--no-verify"],
    secrets: JSON.stringify({ password: sim.user.password }),
  }));

screens("errors", () => {}, async ({ ends }) => {
  await ends("unknown_flag", ["env", "Developer", "--verbose"], 2);
  await ends("unknown_command", ["refesh"], 2);
  await ends("bad_duration", ["exec", "Developer", "-t", "1x"], 2);
  await ends("no_role", ["env", "develper"], 2);
}, (sim) => setUpHome(sim));
