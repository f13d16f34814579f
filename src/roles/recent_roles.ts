/**
 * When each role was last used, and for which word: the menu shows the recent ones first.
 *
 * @module
 */

import type { LocalContext } from "../app/context.ts";
import type { Ports } from "../ports.ts";
import { hasVersion, isRecordOf, isString, type JsonFile, jsonFile } from "../store/json_file.ts";

/** How many roles are remembered. */
const REMEMBERED = 50;

interface RecentRoles {
  version: 1;
  /** Milliseconds since the Unix epoch by role ARN. */
  used: Record<string, number>;
  /** What PROFILE was resolved to last: `-` means it again. */
  last?: string;
  /** The role last chosen for a part of a name, by that word in lower case. */
  words?: Record<string, string>;
}

function isRecentRoles(document: unknown): document is RecentRoles {
  if (!hasVersion(document, 1)) return false;
  const { used, last, words } = document as RecentRoles;
  return isRecordOf(used, (value) => typeof value === "number") &&
    (last === undefined || isString(last)) && (words === undefined || isRecordOf(words, isString));
}

/** What this needs of the context. */
interface RecentContext<P extends "files" | "clock" = "files"> {
  ports: Pick<Ports, P>;
  paths: Pick<LocalContext["paths"], "cache">;
}

function recentRolesFile({ ports: { files }, paths }: RecentContext): JsonFile<RecentRoles> {
  return jsonFile(files, `${paths.cache}/roles/recent.json`, isRecentRoles);
}

/** What is known of the roles that were used lately. */
export interface RecentUse {
  /** Milliseconds since the Unix epoch by role ARN. */
  used: ReadonlyMap<string, number>;
  /** The PROFILE that was used last. */
  last: string | undefined;
  /** The role ARN last chosen for a word in lower case. */
  words: ReadonlyMap<string, string>;
}

/** Which roles were used when. */
export async function readRecentRoles(context: RecentContext): Promise<RecentUse> {
  const recent = await recentRolesFile(context).read();
  return {
    used: new Map(Object.entries(recent?.used ?? {})),
    last: recent?.last,
    words: new Map(Object.entries(recent?.words ?? {})),
  };
}

/** One use of a role. */
export interface RoleUse {
  roleArn: string;
  /** What PROFILE was resolved to. */
  profile: string;
  /** What was typed; omitted if a menu asked. */
  typed: string | undefined;
}

/** Notes that a role is used now, unless it is the last one used anyway. */
export async function noteRecentRole(
  context: RecentContext<"files" | "clock">,
  { roleArn, profile, typed }: RoleUse,
): Promise<void> {
  const file = recentRolesFile(context);
  // Two concurrent writes lose one entry of a menu's order: not worth a lock.
  const before = await file.read();
  const word = typed?.toLowerCase();
  const isPart = word !== undefined && word !== "-" && word !== profile.toLowerCase();
  const known = Object.entries(before?.words ?? {});
  const latestFirst = Object.entries(before?.used ?? {}).sort(([, a], [, b]) => b - a);
  const isSame = latestFirst[0]?.[0] === roleArn && before?.last === profile &&
    (!isPart || (known[0]?.[0] === word && known[0]?.[1] === roleArn));
  // Only the order counts, so a repeated command need not wait for the disk.
  if (isSame) return;
  const used = { ...before?.used, [roleArn]: context.ports.clock.now() };
  const latest = Object.entries(used).sort(([, a], [, b]) => b - a).slice(0, REMEMBERED);
  const words = known.filter(([other]) => other !== word);
  if (isPart) words.unshift([word, roleArn]);
  await file.write({
    version: 1,
    used: Object.fromEntries(latest),
    last: profile,
    words: Object.fromEntries(words.slice(0, REMEMBERED)),
  });
}
