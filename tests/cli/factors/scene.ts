/** A person, an org and a terminal between them: what every test of a factor starts from. @module */

import { simUser } from "../../sim/default_world.ts";
import { type Simulator, startSimulator } from "../../sim/simulator.ts";
import type { SimFactor, SimUser, World } from "../../sim/world.ts";
import { type Home, requestLines, setUpHome } from "../program.ts";
import { ignorePty, type ProgramOnTerminal, runOnTerminal } from "../pty.ts";

/** What a test has. */
export interface Scene {
  /** Okta and AWS. */
  sim: Simulator;
  /** A home in which `init` has stored the password, and the TOTP secret if so wanted. */
  home: Home;
  /** The first person. */
  user: SimUser;
  /** Starts the program on a terminal. */
  start(
    args: readonly string[],
    options?: { env?: Record<string, string>; shell?: string },
  ): Promise<ProgramOnTerminal>;
  /** The code that was sent last. */
  sentCode(): string;
  /** What the person was sent: `push`, `sms`, … */
  sent(): string[];
  /** The requests to Okta's sign-in API: `POST /api/v1/authn/factors/ID/verify` and so on. */
  authnRequests(): string[];
}

/** How the scene is set. */
export interface SceneSettings {
  /** The person's factors; default: Google TOTP. */
  factors?: SimFactor[];
  /** What else is special about the person. */
  user?: Partial<SimUser>;
  /** What is special about the world. */
  world?: (world: World) => void;
  /** Whether the TOTP secret is stored; default: it is not. */
  storesTotp?: boolean;
  /** More lines of the account's settings. */
  settings?: string;
}

function simOf({ factors, user = {}, world }: SceneSettings): Promise<Simulator> {
  return startSimulator({
    world: (defaults) => {
      const settings = factors === undefined ? user : { factors, ...user };
      defaults.users = [simUser("jane@example.com", settings)];
      world?.(defaults);
    },
  });
}

async function homeOf(sim: Simulator, { storesTotp, settings }: SceneSettings): Promise<Home> {
  const { password } = sim.user;
  const secrets = JSON.stringify(storesTotp ? { password, totp: sim.user.totpUri } : { password });
  const home = await setUpHome(sim, { args: ["--no-verify"], secrets });
  if (settings !== undefined) {
    const path = ".config/okta-aws/config.ini";
    await home.write(path, `${(await home.read(path)).trimEnd()}\n${settings}\n`);
  }
  return home;
}

/**
 * @param sim Okta and AWS.
 * @param home Where the program runs.
 * @returns What a test has.
 */
export function sceneOf(sim: Simulator, home: Home): Scene {
  return {
    sim,
    home,
    user: sim.world.users[0]!,
    start: (args, options) => runOnTerminal(home, args, options),
    sentCode: () => sim.state.inbox.at(-1)!.code!,
    sent: () => sim.state.inbox.map(({ channel }) => channel),
    authnRequests: () =>
      requestLines(sim).filter((line) => line.startsWith("okta POST /api/v1/authn"))
        .map((line) => line.replace("okta POST /api/v1/authn", "") || "/"),
  };
}

/**
 * A test at a terminal; skipped where there can be none.
 *
 * @param name What is tested.
 * @param settings How the scene is set.
 * @param fn The test.
 */
export function scene(
  name: string,
  settings: SceneSettings,
  fn: (scene: Scene) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: ignorePty,
    async fn() {
      await using sim = await simOf(settings);
      await using home = await homeOf(sim, settings);
      await fn(sceneOf(sim, home));
    },
  });
}
