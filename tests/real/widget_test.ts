/**
 * Okta's Sign-In Widget signs in at the simulator, in Chromium. Where the widget fails, the simulator
 * differs from Okta.
 */

import assert from "node:assert/strict";
import { WIDGET_FOLDER } from "../sim/okta/widget_page.ts";
import { startSimulator } from "../sim/simulator.ts";
import { locateWidget } from "../sim/widget/locate.ts";
import { Chromium, type Page } from "./chromium.ts";
import { ignoreWithout, required } from "./programs.ts";
import { Answers, type Case, CASES, type Engine, Widget } from "./widget_cases.ts";

/** Pages at a time. */
const WORKERS = 2;

const ENGINES: Record<Engine, string> = { v1: "Classic", idx: "Identity Engine" };

/** `WIDGET_CASES`: a pattern of names, to run only some. */
const CHOSEN = CASES.filter(({ name }) =>
  new RegExp(Deno.env.get("WIDGET_CASES") ?? "").test(name)
);

interface Cell {
  one: Case;
  engine: Engine;
  /** `ok`, why there is no such case, or what went wrong. */
  result?: string;
  failed?: true;
}

async function runCase(page: Page, { one, engine }: Cell, widget: URL): Promise<void> {
  const answers = new Answers();
  await using sim = await startSimulator({
    widget,
    onAnswer: () => answers.tell(),
    oktaHostname: "localhost",
    world(world) {
      world.org.pipeline = engine;
      world.idx.refreshMs = 1000;
      one.world?.(world.users[0]!, world);
    },
  });
  sim.world.apps[0]!.action = `${sim.signin}/saml`;
  await page.reset();
  await page.open(sim.embedLink());
  const signIn = new Widget(sim, page, engine, answers);
  await one.act(signIn);
  if (!one.stops) await signIn.arrives();
}

async function runCell(page: Page, cell: Cell, widget: URL): Promise<void> {
  const why = cell.one.without?.[cell.engine];
  if (why !== undefined) {
    cell.result = why;
    return;
  }
  const start = performance.now();
  try {
    await runCase(page, cell, widget);
    cell.result = `ok ${((performance.now() - start) / 1000).toFixed(1)} s`;
  } catch (error) {
    cell.failed = true;
    cell.result = error instanceof Error ? error.message : String(error);
  }
}

function table(cells: Cell[]): string {
  const row = (...columns: string[]) => columns.map((one) => one.padEnd(34)).join("").trimEnd();
  const resultOf = (one: Case, engine: Engine) => {
    const cell = cells.find((other) => other.one === one && other.engine === engine)!;
    return cell.failed ? "FAILED" : cell.result!;
  };
  return [
    row("", ENGINES.v1, ENGINES.idx),
    ...CHOSEN.map((one) => row(one.name, resultOf(one, "v1"), resultOf(one, "idx"))),
    "",
  ].join("\n");
}

const withoutChromium = ignoreWithout("chromium");
const folder = withoutChromium ? undefined : await locateWidget().catch((error) => {
  if (required) throw error;
  return undefined;
});

Deno.test({
  name: "Sign-In Widget: signs in on both engines",
  ignore: withoutChromium || folder === undefined,
  async fn() {
    // One origin serves the widget's files to all pages, as oktacdn.com does: so they are cached.
    await using files = await startSimulator({ widget: folder!, oktaHostname: "localhost" });
    const widget = new URL(WIDGET_FOLDER, files.okta);
    const cells = CHOSEN.flatMap((
      one,
    ): Cell[] => [{ one, engine: "v1" }, { one, engine: "idx" }]);
    const left = [...cells];
    await using browser = new Chromium(await Deno.makeTempDir({ prefix: "okta-aws-chromium-" }));
    const work = async () => {
      await using page = await browser.openPage();
      for (let cell = left.shift(); cell; cell = left.shift()) await runCell(page, cell, widget);
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    Deno.stdout.writeSync(new TextEncoder().encode(table(cells)));
    const failed = cells.filter((cell) => cell.failed);
    assert.deepEqual(
      failed.map(({ one, engine, result }) => `${ENGINES[engine]}, ${one.name}: ${result}`),
      [],
    );
  },
});
