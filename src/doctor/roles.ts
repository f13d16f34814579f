/** `doctor`: the granted roles, and how long their sessions may be. @module */

import { openAccountState } from "../store/account_state.ts";
import { grantedRoles, openRoleList } from "../roles/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Check, DoctorContext, Finding } from "./finding.ts";

/** At most so many names in one finding. */
const LISTED = 5;

function formatHours(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${Math.round(seconds / 60)} min`;
}

function formatNames(names: readonly string[]): string {
  const more = names.length > LISTED ? `, and ${names.length - LISTED} more` : "";
  return `${names.slice(0, LISTED).map(showUntrusted).join(", ")}${more}`;
}

/** @param longest The longest session that AWS granted, in seconds by role ARN. */
function checkDurations(longest: Record<string, number>, ttl: number | "max"): Finding[] {
  if (ttl === "max") return [];
  const short = Object.entries(longest).filter(([, seconds]) => seconds < ttl);
  if (short.length === 0) return [];
  const roles = short.map(([roleArn, seconds]) =>
    `${roleArn.split("/").at(-1)!} ${formatHours(seconds)}`
  );
  return [{
    level: "warning",
    code: "session_ttl_too_long",
    message: `session_ttl asks for ${formatHours(ttl)}, but AWS allows less: ${formatNames(roles)}`,
    fix: "raise the roles' maximum session duration in IAM, or lower session_ttl in the settings",
  }];
}

async function checkAccount(doctor: DoctorContext, name: string): Promise<Finding[]> {
  const { context: { ports: { files }, paths, settings } } = doctor;
  const { app = [], session_ttl: ttl = 3600 } = settings.accounts.get(name) ?? {};
  const list = await (await openRoleList(files, paths.cache, name)).read();
  const roles = grantedRoles(list);
  if (roles.length === 0) {
    return [{
      level: "note",
      code: "no_roles_seen",
      message: `${name}: no roles known yet`,
      fix: "run: okta-aws refresh",
    }];
  }
  const empty = app.filter((link) => list.apps[link]?.roles.length === 0);
  const state = await (await openAccountState(files, paths.cache, name)).read();
  return [
    { level: "ok", code: "roles", message: `${name}: ${roles.length} roles known` },
    ...(empty.length === 0 ? [] : [{
      level: "warning" as const,
      code: "app_without_roles",
      message: `${name}: you have no role in ${formatNames(empty)}`,
      fix: "ask your Okta administrator for a role, or remove the app from the settings",
    }]),
    ...checkDurations(state.longestSeconds ?? {}, ttl),
  ];
}

/** The check. */
export const roles: Check = {
  name: "roles",
  async run(doctor) {
    const names = [...doctor.context.settings.accounts.keys()];
    return (await Promise.all(names.map((name) => checkAccount(doctor, name)))).flat();
  },
};
