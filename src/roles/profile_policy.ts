/** The session policy of a profile in the AWS config file. @module */

/** As written; not read or checked yet. */
export interface PolicyKeys {
  /** `okta_session_policy_arns`: separated by commas or spaces. */
  arns?: string | undefined;
  /** `okta_session_policy`: a file, or the policy itself if it begins with a brace. */
  document?: string | undefined;
}

const [ARNS, DOCUMENT] = ["okta_session_policy_arns", "okta_session_policy"];

/**
 * The first section that has either key decides on both: policies add up, so that one section's
 * document together with another's ARNs would allow more than each.
 *
 * @param sections The profile, those along `source_profile`, then `[okta]`.
 */
export function policyKeys(
  sections: readonly ReadonlyMap<string, string>[],
): PolicyKeys | undefined {
  const section = sections.find((keys) => keys.has(ARNS!) || keys.has(DOCUMENT!));
  return section && { arns: section.get(ARNS!), document: section.get(DOCUMENT!) };
}
