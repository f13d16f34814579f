/**
 * When each role was last used: the menu shows the recent ones first.
 *
 * @module
 */

import type { AppContext, LocalContext } from "../app/context.ts";
import { hashName, hasVersion, isRecordOf, type JsonFile, jsonFile } from "../store/json_file.ts";

/** How many roles are remembered. */
const REMEMBERED = 50;

interface RecentRoles {
  version: 1;
  /** Milliseconds since the Unix epoch by role ARN. */
  used: Record<string, number>;
}

function isRecentRoles(document: unknown): document is RecentRoles {
  return hasVersion(document, 1) &&
    isRecordOf((document as RecentRoles).used, (value) => typeof value === "number");
}

async function recentRolesFile(
  { ports: { files }, paths }: LocalContext,
): Promise<JsonFile<RecentRoles>> {
  const name = await hashName(["recent roles"]);
  return jsonFile(files, `${paths.cache}/roles/recent-${name}.json`, isRecentRoles);
}

/** When roles were last used, milliseconds since the Unix epoch by role ARN. */
export async function readRecentRoles(
  context: LocalContext,
): Promise<ReadonlyMap<string, number>> {
  const recent = await (await recentRolesFile(context)).read();
  return new Map(Object.entries(recent?.used ?? {}));
}

/** Notes that a role is used now. */
export async function noteRecentRole(context: AppContext, roleArn: string): Promise<void> {
  const file = await recentRolesFile(context);
  // Two concurrent writes lose one entry of a menu's order: not worth a lock.
  const used = { ...(await file.read())?.used, [roleArn]: context.ports.clock.now() };
  const latest = Object.entries(used).sort(([, a], [, b]) => b - a).slice(0, REMEMBERED);
  await file.write({ version: 1, used: Object.fromEntries(latest) });
}
