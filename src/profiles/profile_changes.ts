/**
 * What changed from one `refresh` to the next with `--watch`.
 *
 * @module
 */

import type { FailedRole } from "./refresh.ts";

/** A profile with valid credentials. */
export interface LivingProfile {
  profile: string;
  roleArn: string;
  /** When its credentials expire. */
  expiration: Date;
}

/** What changed. */
export interface ProfileChanges {
  /** Profiles with new credentials. */
  renewed: string[];
  /** Profiles that were not there before. */
  added: string[];
  /** Profiles that no longer exist. */
  gone: string[];
}

/** Compares two refreshes. */
export function profileChanges(
  before: readonly LivingProfile[],
  after: readonly LivingProfile[],
): ProfileChanges {
  const times = (list: readonly LivingProfile[]) =>
    new Map(list.map(({ profile, expiration }) => [profile, expiration.getTime()]));
  const [old, now] = [times(before), times(after)];
  const names = [...now.keys()];
  return {
    renewed: names.filter((name) => old.has(name) && old.get(name) !== now.get(name)),
    added: names.filter((name) => !old.has(name)),
    gone: [...old.keys()].filter((name) => !now.has(name)),
  };
}

/**
 * The profiles after a refresh. A role that failed this time is not gone: its
 * old credentials may still be valid.
 */
export function livingProfiles(
  { profiles, failed }: {
    profiles: readonly LivingProfile[];
    failed: readonly Pick<FailedRole, "roleArn">[];
  },
  before: readonly LivingProfile[] = [],
): LivingProfile[] {
  const missing = new Set(failed.map(({ roleArn }) => roleArn));
  return [...profiles, ...before.filter(({ roleArn }) => missing.has(roleArn))];
}

/** How many names a line has. */
const LISTED = 5;

function listed(word: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return [`${word} ${names.slice(0, LISTED).join(", ")}${more}`];
}

/**
 * Describes what changed.
 *
 * @returns One line; empty where nothing changed.
 */
export function describeChanges({ renewed, added, gone }: ProfileChanges): string {
  return [...listed("renewed", renewed), ...listed("new", added), ...listed("gone", gone)]
    .join("; ");
}
