/** Works out what an import would write, before anything is written. */

import { parseIni } from "../ini/document.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import type { AppContext } from "../app/context.ts";
import type { Found, LeftOut } from "./found.ts";
import { planAccounts } from "./plan_accounts.ts";
import { planProfiles } from "./plan_profiles.ts";
import { toAlias } from "./old_values.ts";
import type { Plan, PlanOptions } from "./planned.ts";

export async function makePlan(
  context: AppContext,
  found: readonly Found[],
  options: PlanOptions,
): Promise<Plan> {
  const { ports: { files }, paths } = context;
  const plan: Plan = {
    tools: found.map(({ tool, files }) => ({ tool, files })),
    accounts: [],
    program: [],
    awsAccounts: [],
    profiles: [],
    clashes: [],
    leftOut: found.flatMap((one) => isSilent(one) ? nothingUsable(one) : one.leftOut),
  };
  const byEntry = planAccounts(context, plan, found.flatMap(({ entries }) => entries), options);
  planNames(context, plan, found);
  if (options.profiles) {
    const config = parseIni(await readLossless(files, paths.awsConfig));
    const credentials = parseIni(await readLossless(files, paths.awsCredentials));
    planProfiles(context, plan, byEntry, { config, credentials, answers: options.answers });
  }
  return plan;
}

/** Whether a tool's files were read and nothing came of it. */
function isSilent({ files, entries, accountNames, leftOut, keyring }: Found): boolean {
  return files.length > 0 && accountNames.size === 0 &&
    [entries, leftOut, keyring].every((list) => list.length === 0);
}

function nothingUsable({ tool, files }: Found): LeftOut[] {
  return files.map((what) => ({ tool, what, why: "no settings in it that can be imported" }));
}

/** Names of AWS accounts become aliases; one that the settings have stays. */
function planNames({ settings }: AppContext, plan: Plan, found: readonly Found[]): void {
  const taken = new Set([...settings.awsAccounts.values()].map(({ alias }) => alias));
  const seen = new Set<string>();
  for (const { tool, accountNames } of found) {
    for (const [id, name] of accountNames) {
      const known = settings.awsAccounts.get(id)?.alias;
      if (known !== undefined || seen.has(id)) continue;
      const alias = toAlias(name);
      if (!/^\d{12}$/.test(id) || alias === undefined || taken.has(alias)) {
        const why = alias !== undefined && taken.has(alias)
          ? `the alias ${alias} is taken`
          : "not the name of an AWS account";
        plan.leftOut.push({ tool, what: `${id} = ${name}`, why });
        continue;
      }
      taken.add(alias);
      seen.add(id);
      plan.awsAccounts.push({ id, alias });
    }
  }
}

/** Whether a plan writes nothing. */
export function isEmptyPlan({ accounts, program, awsAccounts, profiles }: Plan): boolean {
  return accounts.every(({ set }) => set.length === 0) && program.length === 0 &&
    awsAccounts.length === 0 && profiles.length === 0;
}
