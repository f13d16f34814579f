/**
 * Every flag, once: what it is called, what it takes, what it does. Commands pick from this table;
 * the parser and the help are made of it.
 *
 * @module
 */

import { parseDuration } from "../settings/duration.ts";
import { BACKENDS, parseBackend } from "../settings/settings.ts";
import type { BackendName } from "../ports.ts";

/** A flag. Its name on the command line is the kebab-case of its key. */
export interface FlagSpec {
  /** What it does, in one line. */
  brief: string;
  /** One letter for it. */
  letter?: string;
  /** What its value is called; a flag without one is a switch. */
  placeholder?: string;
  /** The values that it takes, where they are few. */
  values?: readonly string[];
  /** Reads the value; throws an `Error` that says what was expected. */
  parse?: (value: string) => unknown;
}

function duration(value: string): number {
  const seconds = parseDuration(value);
  if (seconds === undefined) throw new Error("expected a duration: 1h, 90m, 1h0m0s or seconds");
  return seconds;
}

function sessionDuration(value: string): number | "max" {
  return value.toLowerCase() === "max" ? "max" : duration(value);
}

function backend(value: string): BackendName {
  const name = parseBackend(value);
  if (name !== undefined) return name;
  throw new Error(`expected one of ${BACKENDS.join(", ")}`);
}

const table = {
  account: { brief: "Okta account of the settings", placeholder: "NAME" },
  config: { brief: "settings file", placeholder: "FILE" },
  backend: { brief: "secret store", letter: "b", placeholder: "NAME", parse: backend },
  debug: { brief: "say more, with stacks; never secrets", letter: "d" },
  json: { brief: "answers and errors as JSON" },
  quiet: { brief: "say nothing but answers and errors", letter: "q" },
  sessionCacheSingleItem: { brief: "accepted for aws-okta's sake; does nothing" },
  noInput: { brief: "never ask and never send a push, SMS, call or e-mail" },
  noColor: { brief: "no colours" },
  mfaProvider: { brief: "provider of the factor: GOOGLE, OKTA, …", placeholder: "NAME" },
  mfaFactorType: { brief: "type of the factor: token:software:totp, …", placeholder: "TYPE" },
  mfaDuoDevice: { brief: "device for Duo", placeholder: "NAME" },
  sessionTtl: {
    brief: "how long the credentials live (1h, 90m, seconds, max)",
    letter: "t",
    placeholder: "DURATION",
    parse: sessionDuration,
  },
  assumeRoleTtl: {
    brief: "how long credentials of a chained role live",
    letter: "a",
    placeholder: "DURATION",
    parse: duration,
  },
  assumeRoleArn: { brief: "role in place of the profile's", letter: "r", placeholder: "ARN" },
  pretty: { brief: "indented JSON", letter: "p" },
  force: { brief: "new credentials even where cached ones are good" },
  print: { brief: "print the URL instead of opening it" },
  stdout: { brief: "the same as --print", letter: "s" },
  service: { brief: "page of the console: s3, ec2, …", placeholder: "NAME" },
  destination: { brief: "console page to land on", placeholder: "URL" },
  noBrowser: { brief: "open no browser to sign in: show the address alone" },
  browser: { brief: "browser to open (%s: URL, %c: Firefox container link)", placeholder: "CMD" },
  shell: {
    brief: "for which shell",
    placeholder: "NAME",
    values: ["bash", "zsh", "fish", "powershell", "cmd", "nu"],
  },
  dryRun: { brief: "show what would change, change nothing" },
  watch: { brief: "go on, renewing before the end" },
  pick: { brief: "choose the roles from a menu" },
  as: { brief: "write a profile of this name for the one role", placeholder: "NAME" },
  refresh: { brief: "ask Okta anew" },
  all: { brief: "everything of the account: credentials, profiles, backups" },
  to: { brief: "secret store to move to", placeholder: "NAME", parse: backend },
  forget: { brief: "the stored secrets as well" },
  yes: { brief: "agree without being asked" },
  ssoUrl: { brief: "AWS app's link, or the Okta org", placeholder: "URL" },
  ssoStartUrl: { brief: "start URL of IAM Identity Center's portal", placeholder: "URL" },
  ssoRegion: { brief: "IAM Identity Center's region", placeholder: "R" },
  kind: {
    brief: "how profiles get credentials: credential_process, or the SDKs' own sso_…",
    placeholder: "KIND",
    values: ["process", "sso"],
  },
  username: { brief: "user name at Okta", placeholder: "U" },
  domain: { brief: "the Okta org (aws-okta's word)", placeholder: "D" },
  secretsStdin: { brief: 'read {"password": …, "totp": …} from standard input' },
  qr: { brief: "picture (PNG, JPEG) of the QR code with the TOTP secret", placeholder: "FILE" },
  enrollTotp: {
    brief: "enrol a time-based code where Okta asks for a factor, and keep its secret",
  },
  from: {
    brief: "your team's settings (JSON or INI): a file or https address",
    placeholder: "WHERE",
  },
  key: {
    brief: "public key that has signed them; they are then kept up to date",
    placeholder: "KEY",
  },
  region: { brief: "default AWS region", placeholder: "R" },
  cluster: { brief: "name of the EKS cluster", placeholder: "NAME" },
  profile: { brief: "profile, role ARN or role", placeholder: "P" },
  alias: {
    brief: "name of the context; may hold {cluster}, {region}, {account}, {role}, {profile}",
    placeholder: "A",
  },
  kubeconfig: { brief: "the file to write; else as kubectl finds it", placeholder: "FILE" },
  roleArn: { brief: "role to assume from there", placeholder: "ARN" },
  noVerify: { brief: "store without signing in" },
  profiles: {
    brief: "what to set up at the end",
    placeholder: "KIND",
    values: ["process", "static", "none"],
  },
} as const satisfies Record<string, FlagSpec>;

/** The names of the flags. */
export type FlagName = keyof typeof table;

/** The flags, by their camelCase names. */
export const FLAGS: Record<FlagName, FlagSpec> = table;

/** What every command takes. */
export const COMMON_FLAGS = [
  "account",
  "config",
  "backend",
  "debug",
  "json",
  "quiet",
  "noInput",
  "noColor",
  "mfaProvider",
  "mfaFactorType",
  "mfaDuoDevice",
  "sessionCacheSingleItem",
] as const satisfies readonly FlagName[];

/** What the commands take that hand out credentials. */
export const CREDENTIAL_FLAGS = [
  "sessionTtl",
  "assumeRoleTtl",
  "assumeRoleArn",
  "force",
  "noBrowser",
] as const satisfies readonly FlagName[];

type Parsed<F> = F extends { parse: (value: string) => infer T } ? T
  : F extends { values: readonly (infer V)[] } ? V
  : F extends { placeholder: string } ? string
  : boolean;

/** The flags as commands get them. */
export type Flags = { -readonly [N in FlagName]?: Parsed<typeof table[N]> };

/**
 * A flag's name on the command line.
 *
 * @param name Its camelCase name.
 * @returns `session-ttl`
 */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
