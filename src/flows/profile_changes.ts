/**
 * What changed from one `refresh` to the next under `--watch`, for whoever shows or uses profiles.
 *
 * @module
 */

/** A profile and until when its credentials live. */
export interface LivingProfile {
  /** Its name. */
  profile: string;
  /** When its credentials end. */
  expiration: Date;
}

/** What changed. */
export interface ProfileChanges {
  /** Profiles with new credentials. */
  renewed: string[];
  /** Profiles that were not there before. */
  added: string[];
  /** Profiles that are there no more. */
  gone: string[];
}

/**
 * Compares two refreshes.
 *
 * @param before What the last one gave.
 * @param after What this one gave.
 * @returns The changes.
 */
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

/** How many names a line has. */
const LISTED = 5;

function listed(word: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return [`${word} ${names.slice(0, LISTED).join(", ")}${more}`];
}

/**
 * Says what changed.
 *
 * @param changes The changes.
 * @returns One line; empty where nothing changed.
 */
export function describeChanges({ renewed, added, gone }: ProfileChanges): string {
  return [...listed("renewed", renewed), ...listed("new", added), ...listed("gone", gone)]
    .join("; ");
}
