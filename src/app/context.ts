import { resolvePaths } from "../settings/paths.ts";
import type { Paths } from "../settings/paths.ts";
import { parseSettings, type Settings } from "../settings/settings.ts";
import { decodeLossless } from "../ini/lossless_text.ts";
import type { BackendName, Ports } from "../ports.ts";
import type { Interaction } from "./interaction.ts";

/** The global flags. */
export interface CommonFlags {
  account?: string;
  config?: string;
  backend?: BackendName;
  debug?: boolean;
  json?: boolean;
  quiet?: boolean;
  noInput?: boolean;
  noBrowser?: boolean;
  noColor?: boolean;
  mfaProvider?: string;
  mfaFactorType?: string;
  mfaDuoDevice?: string;
}

/** What needs neither network nor terminal. */
export interface LocalContext<P = Pick<Ports, "environment" | "files">> {
  ports: P;
  flags: CommonFlags;
  paths: Paths;
  /** Empty if there is no settings file yet. */
  settings: Settings;
}

/** What every command starts from. */
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
