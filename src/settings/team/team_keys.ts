/** What a team's settings may set, and what they never may. */

import { expectedSetting } from "../settings.ts";
import { parseSignInAddress } from "../sign_in_address.ts";

/** A section of a team's settings, with keys and values as in the settings file. */
export interface TeamSection {
  /** The header without brackets: `account default`. */
  section: string;
  keys: [key: string, value: string][];
}

/** Something that a document must not contain. */
export interface TeamProblem {
  /** `aws-account.123456789012.alias`, or `line 7`. */
  path: string;
  what: string;
}

/**
 * The keys that a team may set. Keys that run programs, trust authorities, or decide where secrets
 * and credentials are kept stay with each user.
 */
const TEAM_KEYS: Record<string, readonly string[]> = {
  "okta-aws": [
    "default_account",
    "default_profile",
    "profile_name",
    "profile_prefix",
    "concurrency",
    "interactive",
    "legacy_security_token",
  ],
  "account": [
    "org",
    "app",
    "auth",
    "kind",
    "oidc_client_id",
    "sso_start_url",
    "sso_region",
    "sso_session",
    "mfa_provider",
    "mfa_factor_type",
    "mfa_duo_device",
    "remember_device",
    "session_ttl",
    "region",
    "backend",
    "roles",
    "exclude_roles",
    "session_policy_arns",
    "session_policy",
  ],
  "aws-account": ["alias", "region", "output", "app"],
  "cluster": ["profile", "region", "role_arn", "alias"],
};

/** The problem with a key of a known section. */
export function teamKeyProblem(kind: string, key: string, value: string): string | undefined {
  if (!TEAM_KEYS[kind]!.includes(key)) return "team settings can't set this";
  if (kind === "account" && key === "backend" && /^(?:command$|plugin:)/i.test(value)) {
    return "team settings can't choose a program to run";
  }
  if (kind === "account" && key === "auth" && /^browser$/i.test(value)) {
    return "team settings can't make a browser sign in (auth = browser): each user chooses that";
  }
  const expected = expectedSetting(kind, key, value);
  if (expected !== undefined) return `is ${JSON.stringify(value)}, not ${expected}`;
  const links = key === "app" ? value.split(/[\s,]+/).filter((link) => link !== "") : [];
  const wrong = links.find((link) => parseAppLink(link) === undefined);
  return wrong && notAppLink(wrong);
}

/** @returns `undefined` if the text is not the http(s) link of an app. */
export function parseAppLink(link: string): string | undefined {
  if (!/^https?:/i.test(link)) return undefined;
  try {
    return parseSignInAddress(link).app;
  } catch {
    return undefined;
  }
}

export function notAppLink(value: unknown): string {
  return `is ${JSON.stringify(value)}, not the https link of an AWS app`;
}
