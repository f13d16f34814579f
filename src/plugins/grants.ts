/**
 * What the person has granted to which plugin: `grants.json` beside the settings (0600). No settings
 * of a team's, no import and no plugin can write there.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import type { Files } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { type Declaration, readDeclaration } from "./declaration.ts";

/** Where a plugin's bytes come from. */
export type PluginSource = { bundled: string } | { file: string };

/** A plugin that may run, and what it may touch. */
export interface Grant extends Declaration {
  /** Where it is. */
  source: PluginSource;
  /** SHA-256 of the bytes that were granted this, hexadecimal. */
  sha256: string;
}

/** Writable for others: what stands there may not be the person's own word. */
const OTHERS_WRITE = 0o022;

function damaged(path: string, why: string): SettingsError {
  return new SettingsError(`${showUntrusted(path)} can't be used: ${why}`, {
    code: "bad_grants",
    hint: "delete it and add the plugins again: okta-aws plugin add",
  });
}

/** The grants. */
export interface GrantFile {
  /** Absolute path. */
  readonly path: string;
  /**
   * Reads them.
   *
   * @returns The grants, by the names of the plugins.
   * @throws {SettingsError} `bad_grants`
   */
  read(): Promise<Grant[]>;
  /** Replaces them. */
  write(grants: readonly Grant[]): Promise<void>;
}

/**
 * The file with the grants.
 *
 * @param files Reads and writes.
 * @param folder The settings' folder.
 * @param home The home folder.
 * @returns Its reader and writer.
 */
export function grantFile(files: Files, folder: string, home: string): GrantFile {
  const path = `${folder}/grants.json`;
  return {
    path,
    async read() {
      const bytes = await files.read(path);
      if (bytes === undefined) return [];
      const { mode = 0 } = await files.facts(path) ?? {};
      if ((mode & OTHERS_WRITE) !== 0) throw damaged(path, "others may write it (chmod 600)");
      try {
        return parseGrants(new TextDecoder().decode(bytes), home);
      } catch (error) {
        throw damaged(
          path,
          error instanceof Error ? showUntrusted(error.message) : "it is damaged",
        );
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
  if (version !== 1) throw new Error("it was written by another version");
  return Object.entries(plugins as Record<string, Grant>).map(([name, grant]) => {
    const { source, sha256 } = grant;
    const place = "bundled" in source ? source.bundled : source.file;
    if (typeof place !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) {
      throw new Error("it is damaged");
    }
    return { ...readDeclaration({ ...grant, name, apiVersion: 1 }, home), source, sha256 };
  });
}

/**
 * The SHA-256 of a plugin's bytes.
 *
 * @param code The bytes.
 * @returns 64 hexadecimal digits.
 */
export async function hashOf(code: Uint8Array): Promise<string> {
  const copy = new Uint8Array(code);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", copy)).toHex();
}
