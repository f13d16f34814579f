/**
 * An org on Identity Engine, a person and a terminal. Many acts share one stage: the org and the
 * home are set up once, and are as new at the beginning of each.
 *
 * @module
 */

import { defaultWorld, simUser } from "../../sim/default_world.ts";
import { type Simulator, startSimulator } from "../../sim/simulator.ts";
import { createState } from "../../sim/state.ts";
import type { SimFactor, SimUser, World } from "../../sim/world.ts";
import { type Scene, sceneOf } from "../factors/scene.ts";
import { emptyHome, type Home, requestLines, setUpHome } from "../program.ts";
import { ignorePty } from "../pty.ts";

/** What an act has. */
export interface IdxScene extends Scene {
  /** The requests to `/idp/idx`, without that. */
  idxRequests(): string[];
  /** How many sign-ins to an app were begun and not ended. */
  openSignIns(): number;
}

/** One act. */
export interface Act {
  /** What is shown. */
  name: string;
  /** The person's factors; default: Google TOTP. */
  factors?: SimFactor[];
  /** What else is special about the person. */
  user?: Partial<SimUser>;
  /** What is special about the world. */
  world?: (world: World) => void;
  /** Whether the TOTP secret is stored. */
  storesTotp?: boolean;
  /** More lines of the account's settings; default: `auth = idx`. */
  settings?: string;
  /** The test. */
  play(scene: IdxScene): Promise<void>;
}

/** Polls are quick here: nobody has to look at them. */
const REFRESH_MS = 50;

function arrange(sim: Simulator, { factors, user = {}, world }: Act): void {
  Object.assign(sim.world, defaultWorld());
  Object.assign(sim.state, createState());
  sim.world.org.pipeline = "idx";
  sim.world.idx.refreshMs = REFRESH_MS;
  const settings = factors === undefined ? user : { factors, ...user };
  sim.world.users = [simUser("jane@example.com", settings)];
  world?.(sim.world);
  sim.requests.length = 0;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    if (isDirectory) await copyFolder(source, target);
    else await Deno.copyFile(source, target);
  }
}

const CONFIG = ".config/okta-aws/config.ini";

/** A home as `init` has left it. */
async function initHome(sim: Simulator, storesTotp: boolean): Promise<Home> {
  const { password, totpUri: totp } = sim.user;
  const secrets = JSON.stringify(storesTotp ? { password, totp } : { password });
  return await setUpHome(sim, { args: ["--no-verify"], secrets });
}

/** A home of an act's own, copied from one that `init` has left. */
async function copyHome({ folder, env }: Home, settings: string): Promise<Home> {
  const home = await emptyHome(env);
  await copyFolder(folder, home.folder);
  await home.write(CONFIG, `${(await home.read(CONFIG)).trimEnd()}\n${settings}\n`);
  return home;
}

function idxSceneOf(sim: Simulator, home: Home): IdxScene {
  return {
    ...sceneOf(sim, home),
    idxRequests: () =>
      requestLines(sim).filter((line) => line.startsWith("okta POST /idp/idx"))
        .map((line) => line.replace("okta POST /idp/idx", "")),
    // A cancelled sign-in leaves a new one, in which nobody is known yet.
    openSignIns: () => [...sim.state.idx.transactions.values()].filter(({ user }) => user).length,
  };
}

/**
 * A test of many acts at a terminal; skipped where there can be no terminal, or no act.
 *
 * @param name What is tested.
 * @param acts Its steps.
 */
export function stage(name: string, acts: Act[]): void {
  Deno.test({
    name,
    ignore: ignorePty || acts.length === 0,
    async fn(t) {
      await using sim = await startSimulator();
      await using plain = await initHome(sim, false);
      await using withTotp = await initHome(sim, true);
      for (const act of acts) {
        await t.step(act.name, async () => {
          arrange(sim, act);
          const source = act.storesTotp ? withTotp : plain;
          await using home = await copyHome(source, act.settings ?? "auth = idx");
          await act.play(idxSceneOf(sim, home));
        });
      }
    },
  });
}
