/**
 * What every command starts from: the machine, the settings, the global flags, the person.
 *
 * @module
 */

import { resolvePaths } from "../settings/paths.ts";
import type { Paths } from "../settings/paths.ts";
import { parseSettings, type Settings } from "../settings/settings.ts";
import { decodeLossless } from "../ini/lossless_text.ts";
import type { BackendName, Ports } from "../ports.ts";
import type { Interaction } from "./interaction.ts";

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

/** What is known before anything is asked of the network or a person. */
export interface LocalContext<P = Pick<Ports, "environment" | "files">> {
  ports: P;
  flags: CommonFlags;
  paths: Paths;
  /** Empty where there is no settings file yet. */
  settings: Settings;
}

/** What a command works with. */
export interface AppContext extends LocalContext<Ports> {
  interaction: Interaction;
}

/** @throws {SettingsError} `bad_settings` */
export async function openLocalContext<P extends Pick<Ports, "environment" | "files">>(
  ports: P,
  flags: CommonFlags,
): Promise<LocalContext<P>> {
  const paths = resolvePaths(ports.environment, flags.config);
  const bytes = await ports.files.read(paths.settings);
  const settings = parseSettings(bytes === undefined ? "" : decodeLossless(bytes), paths.settings);
  return { ports, flags, paths, settings };
}
