/**
 * What a profile passes on about a session of a chained role: its source identity and tags. For the
 * assertion's role Okta's app sends them.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * @module
 */

import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { RoleStep } from "./role_step.ts";

/** STS's limits. */
const IDENTITY = /^[\w+=,.@-]{2,64}$/;
const TAG_KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;
const MOST_TAGS = 50;

/**
 * Reads `source_identity`, and `session_tags` and `transitive_session_tags` as aws-vault has them.
 *
 * @param keys The profile's own; tags are not inherited, as STS passes on those that are transitive.
 * @throws {SettingsError} `bad_source_identity`, `bad_session_tags`
 */
export function sessionMarks(
  keys: ReadonlyMap<string, string>,
  sourceIdentity: string | undefined,
): Pick<RoleStep, "sourceIdentity" | "tags" | "transitiveTagKeys"> {
  if (sourceIdentity !== undefined && !IDENTITY.test(sourceIdentity)) {
    throw new SettingsError(
      `source_identity in the AWS config file is not one: ${showUntrusted(sourceIdentity)}`,
      { code: "bad_source_identity", hint: "use 2 to 64 letters, digits and _+=,.@-" },
    );
  }
  const tags = readTags(keys.get("session_tags"));
  const transitiveTagKeys = listOf(keys.get("transitive_session_tags"));
  const unknown = transitiveTagKeys.find((key) => !Object.hasOwn(tags, key));
  if (unknown !== undefined) throw badTags(`${unknown} of transitive_session_tags has no value`);
  return {
    ...(sourceIdentity && { sourceIdentity }),
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(transitiveTagKeys.length > 0 && { transitiveTagKeys }),
  };
}

function listOf(text = ""): string[] {
  return text.split(/[,\n]/).map((part) => part.trim()).filter((part) => part !== "");
}

function readTags(text: string | undefined): Record<string, string> {
  const pairs = listOf(text).map((pair) => {
    const cut = pair.indexOf("=");
    const [key, value] = [pair.slice(0, cut).trim(), pair.slice(cut + 1).trim()];
    if (cut > 0 && TAG_KEY.test(key) && TAG_VALUE.test(value)) return [key, value] as const;
    throw badTags(`${pair} is not KEY=VALUE`);
  });
  if (pairs.length > MOST_TAGS) throw badTags(`there are ${pairs.length}, more than ${MOST_TAGS}`);
  return Object.fromEntries(pairs);
}

function badTags(what: string): SettingsError {
  return new SettingsError(`session_tags in the AWS config file: ${showUntrusted(what)}`, {
    code: "bad_session_tags",
    hint: "write session_tags = team=web, cost=42, and their keys in transitive_session_tags",
  });
}
