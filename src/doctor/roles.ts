/**
 * `doctor`: the roles that Okta granted, and how long their sessions may live.
 *
 * @module
 */

import { openAccountState } from "../okta/sign_in/account_state.ts";
import { grantedRoles, openRoleList } from "../roles/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Check, DoctorContext, Finding } from "./finding.ts";

/** How many names a finding lists. */
const LISTED = 5;

function hours(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${Math.round(seconds / 60)} min`;
}

function listed(names: readonly string[]): string {
  const more = names.length > LISTED ? `, and ${names.length - LISTED} more` : "";
  return `${names.slice(0, LISTED).map(showUntrusted).join(", ")}${more}`;
}

/** AWS was asked for more than these roles allow. */
function durationFindings(longest: Record<string, number>, ttl: number | "max"): Finding[] {
  const short = Object.entries(longest).filter(([, seconds]) => ttl === "max" || seconds < ttl);
  if (short.length === 0 || ttl === "max") return [];
  const roles = short.map(([roleArn, seconds]) =>
    `${roleArn.split("/").at(-1)!} ${hours(seconds)}`
  );
  return [{
    level: "warning",
    code: "session_ttl_too_long",
    message: `session_ttl asks for ${hours(ttl)}, and AWS gives less: ${listed(roles)}`,
    mend: "raise the roles' maximum session duration in IAM, or lower session_ttl in the settings",
  }];
}

async function findingsOf(context: DoctorContext, name: string): Promise<Finding[]> {
  const { context: { ports: { files }, paths, settings } } = context;
  const { app = [], session_ttl: ttl = 3600 } = settings.accounts.get(name) ?? {};
  const list = await (await openRoleList(files, paths.cache, name)).read();
  const roles = grantedRoles(list);
  if (roles.length === 0) {
    return [{
      level: "note",
      code: "no_roles_seen",
      message: `${name}: no role has been seen yet`,
      mend: "run: okta-aws refresh",
    }];
  }
  const empty = app.filter((link) => list.apps[link]?.roles.length === 0);
  const state = await (await openAccountState(files, paths.cache, name)).read();
  return [
    { level: "ok", code: "roles", message: `${name}: ${roles.length} roles are known` },
    ...(empty.length === 0 ? [] : [{
      level: "warning" as const,
      code: "app_without_roles",
      message: `${name}: an app grants you no role: ${listed(empty)}`,
      mend: "ask your Okta administrator for a role, or take the app out of the settings",
    }]),
    ...durationFindings(state.longestSeconds ?? {}, ttl),
  ];
}

/** The check. */
export const roles: Check = {
  name: "roles",
  async run(context) {
    const names = [...context.context.settings.accounts.keys()];
    return (await Promise.all(names.map((name) => findingsOf(context, name)))).flat();
  },
};
