/** All commands; parser, help and completion read this. Their code: `command_code.ts`. @module */

import type { CommandSpec } from "./command_spec.ts";
import { COMMON_FLAGS, CREDENTIAL_FLAGS, type FlagName, INIT_FLAGS } from "./flags.ts";

export type { CommandGroup, CommandSpec } from "./command_spec.ts";

const PROFILE = {
  placeholder: "PROFILE",
  brief: "profile, role ARN or role",
  minimum: 0,
  maximum: 1,
};

const PLUGIN = { placeholder: "NAME", brief: "plugin name", minimum: 1, maximum: 1 };

/** In the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "init",
    aliases: ["add"],
    brief: "set up an Okta account",
    group: "start",
    flags: INIT_FLAGS,
  },
  {
    name: "import",
    brief: "import the settings of other tools",
    group: "start",
    args: {
      placeholder: "TOOL",
      brief: "saml2aws, gimme-aws-creds, … (default: all)",
      minimum: 0,
    },
    flags: ["dryRun", "yes", "undo", "noProfiles", "username", "secretsStdin"],
    briefs: { username: "Okta user name, if the old settings have none" },
  },
  {
    name: "refresh",
    brief: "sign in and write a profile for every role",
    group: "daily",
    args: { placeholder: "ROLE", brief: "roles to refresh (default: all)", minimum: 0 },
    flags: [...CREDENTIAL_FLAGS, "dryRun", "watch", "pick", "as"],
  },
  {
    name: "cred-process",
    aliases: ["credential-process"],
    brief: "print credentials for AWS SDKs (credential_process)",
    args: PROFILE,
    flags: [...CREDENTIAL_FLAGS, "pretty"],
  },
  {
    name: "exec",
    brief: "run a command with credentials in its environment",
    group: "daily",
    args: {
      ...PROFILE,
      placeholder: "PROFILE -- CMD",
      brief: "profile, role ARN or role; command to run (default: a shell)",
    },
    flags: [...CREDENTIAL_FLAGS, "region", "server"],
    briefs: { region: "AWS region for the command" },
  },
  {
    name: "env",
    brief: "print shell code that sets credentials",
    group: "daily",
    args: PROFILE,
    flags: [...CREDENTIAL_FLAGS, "shell", "region", "unset"],
    briefs: { region: "AWS region to set" },
  },
  {
    name: "console",
    aliases: ["login"],
    brief: "open the AWS console, signed in",
    group: "daily",
    args: { placeholder: "PROFILE", brief: "profiles, role ARNs or roles", minimum: 0 },
    flags: [
      ...CREDENTIAL_FLAGS,
      "print",
      "stdout",
      "service",
      "destination",
      "region",
      "browser",
      "container",
      "chromeProfile",
    ],
    briefs: { region: "AWS region to open" },
  },
  {
    name: "serve",
    brief: "serve renewing credentials and a page of all roles",
    group: "daily",
    flags: ["port", "socket", "open", "env", "shell", "browser", "sessionTtl", "assumeRoleTtl"],
  },
  {
    name: "roles",
    aliases: ["list"],
    brief: "list your AWS roles",
    group: "daily",
    flags: ["refresh", "noBrowser", "showBrowser"],
  },
  {
    name: "status",
    brief: "show sessions, stored secrets and cached credentials",
    group: "daily",
    flags: ["all"],
    briefs: { all: "list expired credentials too" },
  },
  {
    name: "signin",
    brief: "sign in to Okta and keep the session",
    group: "daily",
    flags: ["noBrowser", "showBrowser"],
  },
  {
    name: "signout",
    brief: "end the Okta session",
    group: "daily",
    flags: ["all", "forget", "yes"],
  },
  {
    name: "secrets",
    brief: "manage stored secrets: list, set, move or forget",
    args: {
      placeholder: "list|set|move|forget [password|totp]",
      brief: "action; set needs password or totp",
      minimum: 1,
      maximum: 2,
    },
    flags: ["to", "yes"],
  },
  {
    name: "setup-profiles",
    brief: "write profiles that get credentials automatically",
    group: "start",
    flags: ["kind", "dryRun", "noBrowser", "showBrowser"],
  },
  {
    name: "write-to-credentials",
    brief: "write credentials to a file (aws-okta compatibility)",
    group: "other",
    args: {
      placeholder: "PROFILE FILE",
      brief: "profile, and credentials file to write",
      minimum: 2,
      maximum: 2,
    },
    flags: CREDENTIAL_FLAGS,
  },
  {
    name: "plugin list",
    module: "plugin",
    brief: "list plugins and their permissions",
    flags: [],
  },
  {
    name: "plugin add",
    module: "plugin",
    brief: "enable a plugin and grant its permissions",
    args: {
      ...PLUGIN,
      placeholder: "FILE",
      brief: ".ts or .js file, or the name of a bundled plugin",
    },
    flags: ["yes"],
  },
  {
    name: "plugin trust",
    module: "plugin",
    brief: "enable a plugin again after its file changed",
    args: PLUGIN,
    flags: ["yes"],
  },
  {
    name: "plugin remove",
    module: "plugin",
    brief: "remove a plugin",
    args: PLUGIN,
    flags: [],
  },
  {
    name: "doctor",
    brief: "diagnose problems and suggest fixes",
    group: "start",
    flags: ["all"],
    briefs: { all: "show passed checks too" },
  },
  {
    name: "totp",
    brief: "print the current one-time code",
    group: "other",
    flags: [],
  },
  {
    name: "kube token",
    brief: "print an EKS token for kubectl (ExecCredential)",
    group: "kubernetes",
    flags: ["cluster", "profile", "region", "roleArn", "showBrowser"],
    briefs: { region: "STS region (default: the profile's)" },
  },
  {
    name: "kube setup",
    brief: "add EKS clusters to the kubeconfig",
    group: "kubernetes",
    flags: [
      "cluster",
      "all",
      "profile",
      "region",
      "roleArn",
      "alias",
      "kubeconfig",
      "dryRun",
      "yes",
      "showBrowser",
    ],
    briefs: {
      yes: "with --all: add every cluster without a menu",
      all: "every cluster of your roles, in every region",
      profile: "profile, role ARN or role (with --all: every role)",
      region: "region of the cluster, or with --all to search",
      roleArn: "role for kube token to assume from the profile's role",
    },
  },
  {
    name: "config",
    brief: "show or change settings",
    args: {
      placeholder: "list|get|set|unset [KEY] [VALUE]",
      brief: "action; KEY as region, cache or alias.dev.role",
      minimum: 1,
      maximum: 3,
    },
    flags: [],
  },
  {
    name: "shell-init",
    brief: "print a shell function that sets credentials: assume",
    args: { placeholder: "SHELL", brief: "bash, zsh, fish or powershell", minimum: 0, maximum: 1 },
    flags: [],
  },
  {
    name: "completions",
    aliases: ["completion"],
    brief: "print a completion script for your shell",
    args: { placeholder: "SHELL", brief: "bash, zsh, fish or powershell", minimum: 1, maximum: 1 },
    flags: [],
  },
];

/** All flags of a command, its own first. */
export function flagsOf(command: CommandSpec): FlagName[] {
  return [...command.flags, ...COMMON_FLAGS];
}

/** Names of our commands, which a plugin's command can't have. */
export function reservedNames(): string[] {
  const names = COMMANDS.flatMap(({ name, aliases = [] }) => [name.split(" ")[0]!, ...aliases]);
  return ["help", "version", ...names];
}
