/** What a reader finds in the settings of another tool, in our terms. */

import type { Environment, Files, ForeignItem } from "../ports.ts";
import type { Secret } from "../secret.ts";
import type { Paths } from "../settings/paths.ts";
import type { Settings } from "../settings/settings.ts";
import type { AwsProcess } from "./aws_processes.ts";
import type { AwsProfiles } from "../aws/files/aws_files.ts";

/** The tools whose settings can be imported, in the order of the plan. */
export const TOOLS = [
  "saml2aws",
  "gimme-aws-creds",
  "okta-aws-cli",
  "okta-aws-cli-assume-role",
  "okta-awscli",
  "aws-okta-processor",
  "tokendito",
  "clisso",
  "granted",
  "aws-sso-cli",
  "aws-vault",
  "aws-okta",
] as const;

export type ToolName = typeof TOOLS[number];

/** What readers read. */
export interface Source {
  files: Files;
  environment: Environment;
  paths: Paths;
  /** The profiles of the AWS files that have a `credential_process`. */
  processes: readonly AwsProcess[];
  /** The AWS config file. */
  aws: AwsProfiles;
  /** Our accounts, with what `aws-okta`'s keys mean for them. */
  settings: Settings;
  /** The names of the profiles in the AWS config file. */
  profileNames: readonly string[];
}

/** An AWS profile that the other tool serves. */
export interface FoundProfile {
  name: string;
  /** Undefined if the tool asks for the role. */
  roleArn?: string | undefined;
  /** A role that is assumed from `roleArn`'s. */
  nextRoleArn?: string | undefined;
  region?: string | undefined;
  output?: string | undefined;
  /** Seconds. */
  sessionTtl?: number | undefined;
  /** The profile serves the credentials of this one, which okta-aws reads in place. */
  serves?: string | undefined;
}

/** Where another tool keeps the password. Nothing is read before the user agrees. */
export type PasswordPlace =
  | {
    kind: "keyring";
    /** For the user: "the keyring item of saml2aws". */
    shown: string;
    item: ForeignItem;
    /** How the password is wrapped. */
    format: "plain" | "99designs" | "go-keyring";
  }
  | {
    /** Read already: the old tool's item had the org and the user name too. */
    kind: "known";
    password: Secret;
  }
  | {
    kind: "file";
    /** An INI file with the password in plain text. */
    path: string;
    section: string;
    key: string;
  };

/** A place where the other tool signs in, with the profiles that it serves. */
export interface Entry {
  tool: ToolName;
  /** The section or profile of the other tool. */
  label: string;
  /** Okta's org; or Identity Center's portal. */
  org?: string;
  app?: string | undefined;
  username?: string | undefined;
  portal?: { startUrl: string; region: string } | undefined;
  mfaProvider?: string | undefined;
  mfaFactorType?: string | undefined;
  rememberDevice?: boolean | undefined;
  /** Seconds. */
  sessionTtl?: number | undefined;
  region?: string | undefined;
  /** The device grant's OIDC app. */
  oidcClientId?: string | undefined;
  /** Whether the tool signs in in a browser. */
  inBrowser?: boolean | undefined;
  passwordCommand?: string | undefined;
  /** Globs of `account/role`, if the tool is limited to some roles. */
  roles?: string[] | undefined;
  /** The template of profile names, if the tool names them by role. */
  profileName?: string | undefined;
  profiles: FoundProfile[];
  password?: PasswordPlace | undefined;
  /** The name that a new account has to have, because profiles refer to it. */
  accountName?: string | undefined;
}

/** An entry whose org and user name are in the old tool's keyring item. */
export interface KeyringEntry {
  /** For the user: "the keyring item okta-creds of aws-okta". */
  shown: string;
  item: ForeignItem;
  entry: Entry;
}

/** Something that is not imported. */
export interface LeftOut {
  tool: ToolName;
  what: string;
  why: string;
}

/** What one tool's settings say. */
export interface Found {
  tool: ToolName;
  /** The files that were read. */
  files: string[];
  entries: Entry[];
  /** Names of AWS accounts by id. */
  accountNames: Map<string, string>;
  leftOut: LeftOut[];
  /** To be read only after a yes. */
  keyring: KeyringEntry[];
}

export function nothingFound(tool: ToolName): Found {
  return { tool, files: [], entries: [], accountNames: new Map(), leftOut: [], keyring: [] };
}
