/** All flags. Commands pick from this table; parser, help and completion read it. @module */

import { parseDuration } from "../settings/duration.ts";
import { BACKENDS, parseBackend } from "../settings/backend_names.ts";
import type { BackendName } from "../ports.ts";

/** A flag. Its name on the command line is the kebab-case of its key. */
export interface FlagSpec {
  /** For the help: under 60 characters. */
  brief: string;
  /** Its one-letter form. */
  letter?: string;
  /** Names its value in the help; a flag without one is a switch. */
  placeholder?: string;
  /** The only values that it takes. */
  values?: readonly string[];
  /** May be given several times; its value is a list. */
  repeatable?: boolean;
  /** Accepted, but in no help and no completion. */
  hidden?: boolean;
  /** Throws an `Error` whose message says what was expected. */
  parse?: (value: string) => unknown;
}

function duration(value: string): number {
  const seconds = parseDuration(value);
  if (seconds === undefined) throw new Error("expected a duration such as 1h, 90m, 1h0m0s or 3600");
  return seconds;
}

function sessionDuration(value: string): number | "max" {
  return value.toLowerCase() === "max" ? "max" : duration(value);
}

function port(value: string): number {
  const number = Number(value);
  if (/^\d{1,5}$/.test(value) && number <= 65_535) return number;
  throw new Error("expected a number from 0 to 65535");
}

function backend(value: string): BackendName {
  const name = parseBackend(value);
  if (name !== undefined) return name;
  throw new Error(`expected one of ${BACKENDS.join(", ")}`);
}

const table = {
  account: { brief: "Okta account from the settings", placeholder: "NAME" },
  config: { brief: "settings file", placeholder: "FILE" },
  backend: { brief: "secret store", letter: "b", placeholder: "NAME", parse: backend },
  debug: { brief: "verbose output with stack traces; secrets are redacted", letter: "d" },
  json: { brief: "print results and errors as JSON" },
  quiet: { brief: "print only results and errors", letter: "q" },
  sessionCacheSingleItem: { brief: "ignored (aws-okta compatibility)", hidden: true },
  noInput: { brief: "never prompt or send a push, SMS, call or email" },
  noColor: { brief: "don't use colours" },
  mfaProvider: { brief: "factor provider: GOOGLE, OKTA, …", placeholder: "NAME" },
  mfaFactorType: { brief: "factor type: token:software:totp, …", placeholder: "TYPE" },
  mfaDuoDevice: { brief: "Duo device", placeholder: "NAME" },
  sessionTtl: {
    brief: "credential lifetime: 1h, 90m, seconds or max",
    letter: "t",
    placeholder: "DURATION",
    parse: sessionDuration,
  },
  assumeRoleTtl: {
    brief: "chained-role lifetime",
    letter: "a",
    placeholder: "DURATION",
    parse: duration,
  },
  assumeRoleArn: { brief: "role instead of the profile's", letter: "r", placeholder: "ARN" },
  pretty: { brief: "indent the JSON", letter: "p" },
  policy: {
    brief: "limit the session: policy ARN or JSON file",
    placeholder: "ARN|FILE",
    repeatable: true,
  },
  readOnly: { brief: "limit the session to ReadOnlyAccess" },
  force: { brief: "ignore cached credentials" },
  print: { brief: "print the URL instead of opening it" },
  stdout: { brief: "same as --print", letter: "s" },
  service: { brief: "console page: s3, ec2, …", placeholder: "NAME" },
  destination: { brief: "console URL to open", placeholder: "URL" },
  noBrowser: { brief: "don't open a browser; print the URL" },
  showBrowser: { brief: "show the sign-in's browser and each step" },
  browserSignIn: { brief: "sign in through your browser (auth = browser)" },
  browser: { brief: "browser command (%s: URL, %c: Firefox container link)", placeholder: "CMD" },
  shell: {
    brief: "shell syntax (default: your shell's)",
    placeholder: "NAME",
    values: ["bash", "zsh", "fish", "powershell", "cmd", "nu"],
  },
  port: { brief: "port to listen on (default: 1999)", placeholder: "N", parse: port },
  socket: { brief: "also listen on a Unix socket", placeholder: "PATH" },
  open: { brief: "open the page in the browser" },
  env: { brief: "print variables for a server that is running", placeholder: "PROFILE" },
  server: { brief: "serve renewing credentials while the command runs" },
  unset: { brief: "print code that removes the variables" },
  container: { brief: "open in a Firefox container named after the profile" },
  chromeProfile: {
    brief: "open in this profile of Chrome, Chromium, Edge or Brave",
    placeholder: "NAME",
  },
  dryRun: { brief: "show what would change without changing it" },
  watch: { brief: "keep running and renew before expiry" },
  pick: { brief: "choose the roles from a menu" },
  as: { brief: "profile name to write; needs exactly one role", placeholder: "NAME" },
  refresh: { brief: "fetch roles from Okta" },
  all: { brief: "also remove credentials, profiles and backups" },
  to: { brief: "secret store to move to", placeholder: "NAME", parse: backend },
  forget: { brief: "also delete the stored secrets" },
  yes: { brief: "don't ask for confirmation" },
  undo: { brief: "put back what the last import replaced" },
  noProfiles: { brief: "import settings only" },
  ssoUrl: { brief: "AWS app link or Okta org", placeholder: "URL" },
  ssoStartUrl: { brief: "IAM Identity Center start URL", placeholder: "URL" },
  ssoRegion: { brief: "IAM Identity Center region", placeholder: "R" },
  kind: {
    brief: "credential_process (default) or the SDKs' own sso_ settings",
    placeholder: "KIND",
    values: ["process", "sso"],
  },
  username: { brief: "Okta user name", placeholder: "U" },
  domain: { brief: "Okta org (aws-okta compatibility)", placeholder: "D" },
  secretsStdin: { brief: 'read {"password": …, "totp": …} from standard input' },
  qr: { brief: "image (PNG, JPEG) of the TOTP secret's QR code", placeholder: "FILE" },
  enrollTotp: { brief: "enrol a TOTP factor if Okta asks; store its secret" },
  from: { brief: "team settings: file or https URL (JSON or INI)", placeholder: "WHERE" },
  key: { brief: "public key that verifies team settings", placeholder: "KEY" },
  region: { brief: "default AWS region", placeholder: "R" },
  cluster: { brief: "EKS cluster", placeholder: "NAME" },
  profile: { brief: "profile, role ARN or role", placeholder: "P" },
  alias: {
    brief: "context name; {cluster} {region} {account} {role} {profile}",
    placeholder: "A",
  },
  kubeconfig: { brief: "kubeconfig file (default: kubectl's)", placeholder: "FILE" },
  roleArn: { brief: "role to assume with the profile's credentials", placeholder: "ARN" },
  noVerify: { brief: "store without signing in" },
  profiles: {
    brief: "profiles to set up at the end",
    placeholder: "KIND",
    values: ["process", "static", "none"],
  },
} as const satisfies Record<string, FlagSpec>;

export type FlagName = keyof typeof table;

/** By camelCase name. */
export const FLAGS: Record<FlagName, FlagSpec> = table;

/** Flags of every command. */
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

/** Flags of `init`. */
export const INIT_FLAGS = [
  "from",
  "key",
  "ssoUrl",
  "username",
  "domain",
  "secretsStdin",
  "qr",
  "enrollTotp",
  "region",
  "noVerify",
  "ssoStartUrl",
  "ssoRegion",
  "browserSignIn",
  "noBrowser",
  "showBrowser",
  "profiles",
] as const satisfies readonly FlagName[];

/** Flags of every command that returns credentials. */
export const CREDENTIAL_FLAGS = [
  "sessionTtl",
  "assumeRoleTtl",
  "assumeRoleArn",
  "policy",
  "readOnly",
  "force",
  "noBrowser",
  "showBrowser",
] as const satisfies readonly FlagName[];

type Parsed<F> = F extends { repeatable: true } ? string[]
  : F extends { parse: (value: string) => infer T } ? T
  : F extends { values: readonly (infer V)[] } ? V
  : F extends { placeholder: string } ? string
  : boolean;

/** Parsed flags; those that were not given are missing. */
export type Flags = { -readonly [N in FlagName]?: Parsed<typeof table[N]> };

/** `init` has a switch of the name that takes a value in `console`. */
export const SAME_WORD: Readonly<Record<string, FlagName>> = { browserSignIn: "browser" };

/** `sessionTtl` → `session-ttl` */
export function kebabCase(name: string): string {
  return (SAME_WORD[name] ?? name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
