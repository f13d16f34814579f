/** What an import would write: accounts, profiles, names; and what it would not. */

import type { IniSetting } from "../ini/values.ts";
import type { LeftOut, PasswordPlace, ToolName } from "./found.ts";

/** An account of ours that comes of one or more entries of other tools. */
export interface PlannedAccount {
  name: string;
  isNew: boolean;
  kind: "saml" | "identity-center";
  /** The org, or the portal. */
  address: string;
  username: string | undefined;
  apps: string[];
  /** `tool [label]` of each entry. */
  from: string[];
  /** The keys to set in `[account NAME]`. */
  set: IniSetting[];
  /** Where the other tools keep the password. */
  passwords: PasswordPlace[];
}

/** A profile of the AWS config file. */
export interface PlannedProfile {
  name: string;
  account: string;
  roleArn: string | undefined;
  /** Header in the AWS config file. */
  section: string;
  set: IniSetting[];
  unset: string[];
  /** The foreign `credential_process` that ours replaces. */
  replaces: string | undefined;
  /** Whether the credentials file has keys of that name, which would be used instead. */
  dropsKeys: boolean;
  /** Keys that leave the credentials file. */
  unsetCredentials: string[];
}

/** A profile that exists and gets its credentials in another way. */
export interface Clash {
  profile: string;
  tool: ToolName;
  /** What it has: `role_arn`, `sso_account_id`. */
  has: string;
}

export type ClashAnswer = "keep" | "replace" | "rename";

export interface Plan {
  tools: { tool: ToolName; files: string[] }[];
  accounts: PlannedAccount[];
  /** Keys of `[okta-aws]`. */
  program: IniSetting[];
  awsAccounts: { id: string; alias: string }[];
  profiles: PlannedProfile[];
  clashes: Clash[];
  leftOut: LeftOut[];
}

export interface PlanOptions {
  /** For accounts whose old settings have no user name. */
  username?: string | undefined;
  /** Whether to write profiles. */
  profiles: boolean;
  /** Answers to the clashes of an earlier plan; others keep what is there. */
  answers?: ReadonlyMap<string, ClashAnswer>;
}
