/** An account that signs in through a browser, and its browsers. */

import { type FormPages, serveFormPages } from "../fakes/browser/form_pages.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { type Home, setUpHome } from "../cli/program.ts";

export interface BrowserSet extends AsyncDisposable {
  sim: Simulator;
  pages: FormPages;
  home: Home;
}

/** An account with `auth = browser` at an org that refuses every password by API. */
export async function setUp(then: FormPages["then"], args: string[] = []): Promise<BrowserSet> {
  const sim = await startSimulator();
  const pages = serveFormPages(sim, then);
  const home = await setUpHome(sim, { args: ["--browser", "--no-verify", ...args] });
  return {
    sim,
    pages,
    home,
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

/** The browsers that use a home's profile. */
export async function browsersOf({ folder }: Home): Promise<number[]> {
  const found: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    if (line.includes(`--user-data-dir=${folder}`) && !line.includes("--type=")) {
      found.push(Number(name));
    }
  }
  return found;
}

export function sealedSessions(home: Home): string[] {
  try {
    return [...Deno.readDirSync(`${home.folder}/.aws/okta-aws/sessions`)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
