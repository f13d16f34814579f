import { SettingsError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import type { Paths } from "../settings/paths.ts";
import { refuseUnsafe } from "../store/private_folders.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { type Declaration, readDeclaration } from "./declaration.ts";

/** Where a plugin's bytes come from. */
export type PluginSource = { bundled: string } | { file: string };

/** A plugin that may run, and what it may do. */
export interface Grant extends Declaration {
  source: PluginSource;
  /** SHA-256 of the bytes that this was granted to, hexadecimal. */
  sha256: string;
  /** For TypeScript: SHA-256 of the code without types (`withoutTypes`). */
  javascript?: string | undefined;
}

export interface BundledGrant extends Grant {
  source: { bundled: string };
}

export function isBundled(grant: Grant): grant is BundledGrant {
  return "bundled" in grant.source;
}

/** The part of the app's context that grants need. */
export interface GrantContext {
  ports: Pick<Ports, "files" | "environment">;
  paths: Pick<Paths, "settingsDirectory">;
}

export interface GrantFile {
  readonly path: string;
  /** @throws {SettingsError} `bad_grants`, `unsafe_folder` */
  read(): Promise<Grant[]>;
  write(grants: readonly Grant[]): Promise<void>;
}

function damaged(path: string, why: string): SettingsError {
  return new SettingsError(`could not read ${showUntrusted(path)}: ${why}`, {
    code: "bad_grants",
    hint: "delete it and add the plugins again: okta-aws plugin add",
  });
}

/**
 * `grants.json` beside the settings (mode 0600): what the user granted to each plugin. No team
 * settings, import or plugin can write there.
 */
export function grantFile({ ports: { files, environment }, paths }: GrantContext): GrantFile {
  const path = `${paths.settingsDirectory}/grants.json`;
  return {
    path,
    async read() {
      const bytes = await files.read(path);
      if (bytes === undefined) return [];
      // Else it may not hold the user's own decisions.
      await refuseUnsafe(files, path);
      try {
        return parseGrants(new TextDecoder().decode(bytes), environment.home);
      } catch (error) {
        throw damaged(path, error instanceof Error ? showUntrusted(error.message) : "damaged");
      }
    },
    async write(grants) {
      const plugins = Object.fromEntries(grants.map(({ name, ...grant }) => [name, grant]));
      const text = `${JSON.stringify({ version: 1, plugins }, undefined, 2)}\n`;
      await files.writeAtomic(path, new TextEncoder().encode(text), 0o600);
    },
  };
}

function parseGrants(text: string, home: string): Grant[] {
  const { version, plugins } = JSON.parse(text);
  if (version !== 1) throw new Error("written by another version of okta-aws");
  return Object.entries(plugins as Record<string, Grant>).map(([name, grant]) => {
    const { source, sha256, javascript } = grant;
    const place = "bundled" in source ? source.bundled : source.file;
    const hashes = javascript === undefined ? [sha256] : [sha256, javascript];
    if (typeof place !== "string" || !hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash))) {
      throw new Error("damaged");
    }
    const declaration = readDeclaration({ ...grant, name, apiVersion: 1 }, home);
    return { ...declaration, source, sha256, ...(javascript !== undefined && { javascript }) };
  });
}

/** Whether anything was ever granted. Most users have no plugins; this check is cheap for them. */
export async function hasPlugins({ ports, paths }: GrantContext): Promise<boolean> {
  return await ports.files.facts(`${paths.settingsDirectory}/grants.json`) !== undefined;
}

/**
 * The grants of all plugins that were added.
 *
 * @throws {SettingsError} `bad_grants`
 */
export function readGrants(context: GrantContext): Promise<Grant[]> {
  return grantFile(context).read();
}

/**
 * Finds a plugin's grant by its name.
 *
 * @throws {SettingsError} `no_plugin`
 */
export function grantOf(grants: readonly Grant[], name: string): Grant {
  const grant = grants.find((one) => one.name === name);
  if (grant !== undefined) return grant;
  throw new SettingsError(`plugin not found: ${showUntrusted(name)}`, {
    code: "no_plugin",
    hint: "list the plugins: okta-aws plugin list",
  });
}

/** SHA-256 in hexadecimal. */
export async function hashOf(code: Uint8Array): Promise<string> {
  const copy = new Uint8Array(code);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", copy)).toHex();
}
