/** A context of files in memory, for tests of `import` without a process. */

import type { AppContext } from "../../src/app/context.ts";
import type { Found, ToolName } from "../../src/import/found.ts";
import { makePlan } from "../../src/import/plan.ts";
import type { Plan, PlanOptions } from "../../src/import/planned.ts";
import { readTools } from "../../src/import/tools.ts";
import { resolvePaths } from "../../src/settings/paths.ts";
import { parseSettings } from "../../src/settings/settings.ts";
import { fakeEnvironment } from "../fakes/fake_environment.ts";
import { type MemoryFiles, memoryFiles } from "../fakes/memory_files.ts";

export const HOME = "/home/jane";
export const SETTINGS = `${HOME}/.config/okta-aws/config.ini`;
export const AWS_CONFIG = `${HOME}/.aws/config`;
export const AWS_CREDENTIALS = `${HOME}/.aws/credentials`;

export interface MemoryContext {
  context: AppContext;
  files: MemoryFiles;
}

/** @param texts By path below the home folder. */
export function memoryContext(
  texts: Record<string, string>,
  variables: Record<string, string> = {},
): MemoryContext {
  const files = memoryFiles(
    Object.fromEntries(Object.entries(texts).map(([path, text]) => [`${HOME}/${path}`, text])),
  );
  // A real folder lists the folders in it too.
  files.list = (directory) => {
    const below = [...files.contents.keys()].filter((path) => path.startsWith(`${directory}/`));
    const names = below.map((path) => path.slice(directory.length + 1).split("/")[0]!);
    return Promise.resolve([...new Set(names)].sort());
  };
  const environment = fakeEnvironment(variables);
  const clock = { now: () => Date.UTC(2026, 10, 21), sleep: () => Promise.resolve() };
  const settings = parseSettings(texts[".config/okta-aws/config.ini"] ?? "", SETTINGS);
  const ports = { files, environment, clock } as unknown as AppContext["ports"];
  const paths = resolvePaths(environment);
  return { context: { ports, paths, settings, flags: {} } as unknown as AppContext, files };
}

/** What one tool's reader finds. */
export async function found(
  tool: ToolName,
  texts: Record<string, string>,
  variables: Record<string, string> = {},
): Promise<Found> {
  const [one] = await readTools(memoryContext(texts, variables).context, [tool]);
  if (one === undefined) throw new Error(`nothing of ${tool} found`);
  return one;
}

export async function planFor(
  texts: Record<string, string>,
  options: Partial<PlanOptions> = {},
  variables: Record<string, string> = {},
): Promise<Plan> {
  const { context } = memoryContext(texts, variables);
  return await makePlan(context, await readTools(context), { profiles: true, ...options });
}
