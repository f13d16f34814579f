/**
 * What `doctor` finds, and what its checks work with.
 *
 * @module
 */

import type { OktaAwsError } from "../errors.ts";
import type { HttpResponse, NetworkProbe } from "../ports.ts";
import type { AppContext } from "../app/context.ts";

/** How bad a finding is: `ok` and `note` need nothing to be done. */
export type Level = "ok" | "note" | "warning" | "error";

/** One finding. It holds no secret and nothing of the person's but file names below `~`. */
export interface Finding {
  /** How bad it is. */
  level: Level;
  /** Stable word for programs. */
  code: string;
  /** What was found, one line. */
  message: string;
  /** What to do about it; findings that need nothing have none. */
  mend?: string;
}

/** What came of asking a server. */
export interface Reached {
  /** The address. */
  url: string;
  /** Its answer. */
  response?: HttpResponse;
  /** Why there is none. */
  error?: OktaAwsError;
  /** Our clock in the middle of the exchange, milliseconds since the Unix epoch. */
  at: number;
  /** How long it took, milliseconds. */
  took: number;
}

/** A server that sign-ins need. */
export interface Server {
  /** What it is: `Okta`, `AWS STS`. */
  name: string;
  /** An address of it that can be asked without credentials. */
  url: string;
}

/** What a check works with. */
export interface DoctorContext {
  /** The run; its settings are empty where the file can't be read. */
  context: AppContext;
  /** Why the settings file can't be read. */
  settingsError: OktaAwsError | undefined;
  /** The servers that the settings lead to. */
  servers: readonly Server[];
  /** Asks a server, once for all checks. */
  reach(url: string): Promise<Reached>;
  /** The way to a server. */
  probe(): Promise<NetworkProbe>;
  /** A path as it is shown: `~` for the home folder. */
  show(path: string): string;
}

/** A check: what it is called, and what it finds. */
export interface Check {
  /** Its name, a few words. */
  name: string;
  /** Looks; never changes anything. */
  run(context: DoctorContext): Promise<Finding[]>;
}

/**
 * The finding of a failure.
 *
 * @param error The failure.
 * @param level How bad it is.
 * @returns Code, message and hint of the failure.
 */
export function findingOf(error: OktaAwsError, level: Level = "error"): Finding {
  const { code, message, hint } = error;
  return { level, code, message, mend: hint ?? "run it again with --debug" };
}
