/** What the command table says of a command. @module */

import type { FlagName } from "./flags.ts";
import type { CommandFunction } from "./invocation.ts";

/** Where the short help lists a command. */
export type CommandGroup = "start" | "daily" | "kubernetes" | "manage" | "other";

/** A command. */
export interface CommandSpec {
  /** A command of a group has two words: `kube token`. */
  name: string;
  /** One word each; some are aws-okta's names. */
  aliases?: readonly string[];
  /** For the help: verb first, under 60 characters. */
  brief: string;
  /** Where the short help lists it (default: `manage`); `other` is only in `help all`. */
  group?: CommandGroup;
  args?: { placeholder: string; brief: string; minimum: number; maximum?: number };
  /** In addition to those of every command. */
  flags: readonly FlagName[];
  /** For flags that mean something else in this command. */
  briefs?: Partial<Record<FlagName, string>>;
  /** Its file in `commands/` (default: as its name, with underscores). */
  module?: string;
  /** Loads a plugin's command; ours load by name (`command_code.ts`). */
  load?: () => Promise<CommandFunction>;
}
