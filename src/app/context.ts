import { resolvePaths } from "../settings/paths.ts";
import type { Paths } from "../settings/paths.ts";
import { parseSettings, type Settings } from "../settings/settings.ts";
import { decodeLossless } from "../ini/lossless_text.ts";
import type { BackendName, Ports, SecretStore } from "../ports.ts";
import type { Secret } from "../secret.ts";
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
  showBrowser?: boolean;
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

/** A factor that a plugin may answer; all of it is safe to show. */
export interface PluginQuestion {
  /** Okta's name, lower case: `token:software:totp`. */
  factorType: string;
  /** Okta's name, upper case: `GOOGLE`. */
  provider: string;
  name: string;
  /** A security question's text. */
  question: string | undefined;
}

/** What plugins do for the rooms that may not import `src/plugins`, which implements this. */
export interface PluginHooks {
  /**
   * The store of `backend = plugin:NAME`.
   *
   * @throws {SecretStoreError} `unavailable`
   */
  openSecretStore(context: AppContext, plugin: string, mayAsk: boolean): Promise<SecretStore>;
  /** The answer to a factor, or `undefined` if no plugin has one. */
  answerFactor(
    context: AppContext,
    account: string,
    factor: PluginQuestion,
  ): Promise<Secret | undefined>;
}

/** What a command works with. */
export interface AppContext extends LocalContext<Ports> {
  interaction: Interaction;
  plugins: PluginHooks;
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
