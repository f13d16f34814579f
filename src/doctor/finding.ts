/** What the checks of `doctor` take and return. @module */

import type { OktaAwsError } from "../errors.ts";
import type { HttpResponse, NetworkProbe } from "../ports.ts";
import type { AppContext } from "../app/context.ts";

/** `ok` and `note` need no action. */
export type Level = "ok" | "note" | "warning" | "error";

/** Holds no secret, and of the user's files only paths below `~`: people paste it into issues. */
export interface Finding {
  level: Level;
  /** Stable, for scripts. */
  code: string;
  /** One line. */
  message: string;
  /** What to do, one line; `--json` calls it `mend`. */
  fix?: string;
}

/** The outcome of one request to a server. */
export interface Reached {
  url: string;
  response?: HttpResponse;
  /** Why there is no response. */
  error?: OktaAwsError;
  /** Our clock in the middle of the exchange, milliseconds since the Unix epoch. */
  at: number;
  /** Milliseconds. */
  took: number;
}

/** A server that signing in needs. */
export interface Server {
  /** `Okta`, `AWS STS`. */
  name: string;
  /** Answers without credentials. */
  url: string;
}

/** What all checks of one run share. */
export interface DoctorContext {
  /** Its settings are empty if the file can't be read. */
  context: AppContext;
  /** Why the settings file can't be read. */
  settingsError: OktaAwsError | undefined;
  /** The servers that the settings name. */
  servers: readonly Server[];
  /** Sends one request per URL and run. */
  reach(url: string): Promise<Reached>;
  probe(): Promise<NetworkProbe>;
  /** Shortens the home folder to `~`. */
  show(path: string): string;
}

/** A check; it never changes anything. */
export interface Check {
  name: string;
  run(doctor: DoctorContext): Promise<Finding[]>;
}

/** Code, message and hint of an error as a finding. */
export function findingFromError(error: OktaAwsError, level: Level = "error"): Finding {
  const { code, message, hint } = error;
  return { level, code, message, fix: hint ?? "run it again with --debug" };
}
