/**
 * What every command starts from: the machine, the settings, and the flags that all commands take.
 *
 * @module
 */

import { resolvePaths } from "../settings/paths.ts";
import type { Paths } from "../settings/paths.ts";
import { parseSettings, type Settings } from "../settings/settings.ts";
import { decodeLossless } from "../ini/lossless_text.ts";
import type { BackendName, Ports } from "../ports.ts";

/** The flags that every command takes, as they were given. */
export interface CommonFlags {
  /** `--account` */
  account?: string;
  /** `--config` */
  config?: string;
  /** `-b, --backend` */
  backend?: BackendName;
  /** `-d, --debug` */
  debug?: boolean;
  /** `--json` */
  json?: boolean;
  /** `-q, --quiet` */
  quiet?: boolean;
  /** `--no-input` */
  noInput?: boolean;
  /** `--no-browser` */
  noBrowser?: boolean;
  /** `--no-color` */
  noColor?: boolean;
  /** `--mfa-provider` */
  mfaProvider?: string;
  /** `--mfa-factor-type` */
  mfaFactorType?: string;
  /** `--mfa-duo-device` */
  mfaDuoDevice?: string;
}

/** One run of the program, with as much of the machine as its command needs. */
export interface Program<P = Ports> {
  /** The machine. */
  ports: P;
  /** The flags. */
  flags: CommonFlags;
  /** Where the files are. */
  paths: Paths;
  /** The settings; empty ones where there is no file yet. */
  settings: Settings;
}

/** What is known before anything is asked of the network or a person. */
export type LocalProgram = Program<Pick<Ports, "environment" | "files">>;

/**
 * Reads the settings.
 *
 * @param ports The machine.
 * @param flags The flags that every command takes.
 * @returns The run.
 * @throws {SettingsError} `bad_settings`
 */
export async function openProgram<P extends Pick<Ports, "environment" | "files">>(
  ports: P,
  flags: CommonFlags,
): Promise<Program<P>> {
  const paths = resolvePaths(ports.environment, flags.config);
  const bytes = await ports.files.read(paths.settings);
  const settings = parseSettings(bytes === undefined ? "" : decodeLossless(bytes), paths.settings);
  return { ports, flags, paths, settings };
}
