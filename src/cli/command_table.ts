/**
 * The commands as data. Parser and help are made of this table; a command's code is
 * loaded when it is run, so that none slows another's start.
 *
 * @module
 */

import type { Ports } from "../ports.ts";
import { COMMON_FLAGS, CREDENTIAL_FLAGS, type FlagName, type Flags } from "./flags.ts";

/** What a command is run with. */
export interface Invocation {
  /** The machine. */
  ports: Ports;
  /** The flags. */
  flags: Flags;
  /** The arguments. */
  args: string[];
  /** What stands behind `--`. */
  tail: string[];
}

/** A command's code. @returns The exit code; nothing is 0. */
export type CommandFunction = (invocation: Invocation) => Promise<number | void>;

/** A command. */
export interface CommandSpec {
  /** Its name. */
  name: string;
  /** Other names, aws-okta's among them. */
  aliases?: readonly string[];
  /** What it does, in one line. */
  brief: string;
  /** Its arguments. */
  args?: { placeholder: string; brief: string; minimum: number; maximum?: number };
  /** Its flags besides those that all commands take. */
  flags: readonly FlagName[];
  /** Loads its code. */
  load: () => Promise<CommandFunction>;
}

const PROFILE = {
  placeholder: "PROFILE",
  brief: "profile, role ARN or role",
  minimum: 0,
  maximum: 1,
};

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "init",
    aliases: ["add"],
    brief: "set up an Okta account: where to sign in, user, password, TOTP secret",
    flags: [
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
    name: "totp",
    brief: "print the current one-time code",
    flags: [],
    load: async () => (await import("./commands/totp.ts")).runTotp,
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
