/**
 * The commands as data. Parser and help are made of this table; a command's code is
 * loaded when it is run, so that none slows another's start.
 *
 * @module
 */

import { COMMON_FLAGS, CREDENTIAL_FLAGS, type FlagName } from "./flags.ts";
import type { CommandFunction } from "./invocation.ts";

/** A command. */
export interface CommandSpec {
  /** Its name; one of a group's is called by two words, as `kube token`. */
  name: string;
  /** Other names, aws-okta's among them; one word each. */
  aliases?: readonly string[];
  /** What it does, in one line. */
  brief: string;
  /** Its arguments. */
  args?: { placeholder: string; brief: string; minimum: number; maximum?: number };
  /** Its flags besides those that all commands take. */
  flags: readonly FlagName[];
  /** What flags do here that do something else elsewhere. */
  briefs?: Partial<Record<FlagName, string>>;
  /** Loads its code. */
  load: () => Promise<CommandFunction>;
}

const PROFILE = {
  placeholder: "PROFILE",
  brief: "profile, role ARN or role",
  minimum: 0,
  maximum: 1,
};

const PLUGIN = { placeholder: "NAME", brief: "the plugin's name", minimum: 1, maximum: 1 };

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "init",
    aliases: ["add"],
    brief: "set up an Okta account: where to sign in, user, password, TOTP secret",
    flags: [
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
      "noBrowser",
      "profiles",
    ],
    load: async () => (await import("./commands/init.ts")).runInit,
  },
  {
    name: "refresh",
    brief: "sign in, assume every role, write the okta-… profiles",
    args: { placeholder: "ROLE", brief: "only these roles", minimum: 0 },
    flags: [...CREDENTIAL_FLAGS, "dryRun", "watch", "pick", "as"],
    load: async () => (await import("./commands/refresh.ts")).runRefresh,
  },
  {
    name: "cred-process",
    aliases: ["credential-process"],
    brief: "print credentials as AWS SDKs take them (credential_process)",
    args: PROFILE,
    flags: [...CREDENTIAL_FLAGS, "pretty"],
    load: async () => (await import("./commands/cred_process.ts")).runCredProcess,
  },
  {
    name: "exec",
    brief: "run a command with credentials in its environment",
    args: { ...PROFILE, placeholder: "PROFILE -- CMD" },
    flags: CREDENTIAL_FLAGS,
    load: async () => (await import("./commands/exec.ts")).runExec,
  },
  {
    name: "env",
    brief: "print shell code that sets credentials",
    args: PROFILE,
    flags: [...CREDENTIAL_FLAGS, "shell"],
    load: async () => (await import("./commands/env.ts")).runEnv,
  },
  {
    name: "console",
    aliases: ["login"],
    brief: "open the AWS console, signed in",
    args: PROFILE,
    flags: [...CREDENTIAL_FLAGS, "print", "stdout", "service", "destination", "browser"],
    load: async () => (await import("./commands/console.ts")).runConsole,
  },
  {
    name: "roles",
    aliases: ["list"],
    brief: "list the roles that Okta grants",
    flags: ["refresh", "noBrowser"],
    load: async () => (await import("./commands/roles.ts")).runRoles,
  },
  {
    name: "status",
    brief: "show what is cached and stored, and until when",
    flags: [],
    load: async () => (await import("./commands/status.ts")).runStatus,
  },
  {
    name: "signin",
    brief: "make an Okta session for the commands that come",
    flags: ["noBrowser"],
    load: async () => (await import("./commands/signin.ts")).runSignin,
  },
  {
    name: "signout",
    brief: "end the Okta session",
    flags: ["all", "forget"],
    load: async () => (await import("./commands/signout.ts")).runSignout,
  },
  {
    name: "secrets",
    brief: "the stored secrets: list, set password or totp, move to another store, forget",
    args: {
      placeholder: "list|set|move|forget [password|totp]",
      brief: "what to do, and with which",
      minimum: 1,
      maximum: 2,
    },
    flags: ["to"],
    load: async () => (await import("./commands/secrets.ts")).runSecrets,
  },
  {
    name: "setup-profiles",
    brief: "let AWS tools fetch credentials by themselves (credential_process)",
    flags: ["kind", "dryRun", "noBrowser"],
    load: async () => (await import("./commands/setup_profiles.ts")).runSetupProfiles,
  },
  {
    name: "write-to-credentials",
    brief: "write one profile's credentials into a credentials file (aws-okta's word)",
    args: {
      placeholder: "PROFILE FILE",
      brief: "the profile, and the file to write its section into",
      minimum: 2,
      maximum: 2,
    },
    flags: CREDENTIAL_FLAGS,
    load: async () => (await import("./commands/write_to_credentials.ts")).runWriteToCredentials,
  },
  {
    name: "plugin list",
    brief: "list the plugins and what each may touch",
    flags: [],
    load: async () => (await import("./commands/plugin_list.ts")).runPluginList,
  },
  {
    name: "plugin add",
    brief: "let a plugin run, with what it asks for",
    args: { ...PLUGIN, placeholder: "FILE", brief: "a .ts or .js file, or a bundled one's name" },
    flags: ["yes"],
    load: async () => (await import("./commands/plugin_add.ts")).pluginAdd(ownWords()),
  },
  {
    name: "plugin trust",
    brief: "let a plugin run again after its file has changed",
    args: PLUGIN,
    flags: ["yes"],
    load: async () => (await import("./commands/plugin_add.ts")).pluginTrust(ownWords()),
  },
  {
    name: "plugin remove",
    brief: "let a plugin run no more",
    args: PLUGIN,
    flags: [],
    load: async () => (await import("./commands/plugin_list.ts")).runPluginRemove,
  },
  {
    name: "doctor",
    brief: "find what is wrong and say how to mend it",
    flags: [],
    load: async () => (await import("./commands/doctor.ts")).runDoctor,
  },
  {
    name: "totp",
    brief: "print the current one-time code",
    flags: [],
    load: async () => (await import("./commands/totp.ts")).runTotp,
  },
  {
    name: "kube token",
    brief: "print a token for an EKS cluster, as kubectl takes it (ExecCredential)",
    flags: ["cluster", "profile", "region", "roleArn"],
    briefs: { region: "region of the STS that the cluster asks; the profile's where left out" },
    load: async () => (await import("./commands/kube_token.ts")).runKubeToken,
  },
  {
    name: "kube setup",
    brief: "write EKS clusters to the kubeconfig, so that kubectl asks okta-aws",
    flags: ["cluster", "all", "profile", "region", "roleArn", "alias", "kubeconfig", "dryRun"],
    briefs: {
      all: "every cluster that the roles can see, in every region",
      profile: "profile, role ARN or role; with --all every role where left out",
      region: "the cluster's region; with --all the only one to look in",
      roleArn: "role for kube token to assume from the profile's",
    },
    load: async () => (await import("./commands/kube_setup.ts")).runKubeSetup,
  },
  {
    name: "completions",
    aliases: ["completion"],
    brief: "print a shell's completion script (bash, zsh, fish, powershell)",
    args: { placeholder: "SHELL", brief: "which shell", minimum: 1, maximum: 1 },
    flags: [],
    load: async () => (await import("./commands/completions.ts")).runCompletions,
  },
];

/**
 * Every flag of a command.
 *
 * @param command The command.
 * @returns The names, its own first.
 */
export function flagsOf(command: CommandSpec): FlagName[] {
  return [...command.flags, ...COMMON_FLAGS];
}

/** The words that are, or will be, commands of the program's own: no plugin's command may be one. */
function ownWords(): string[] {
  const later = ["import", "serve"];
  const names = COMMANDS.flatMap(({ name, aliases = [] }) => [name.split(" ")[0]!, ...aliases]);
  return ["help", "version", ...later, ...names];
}
