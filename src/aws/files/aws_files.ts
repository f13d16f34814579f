/**
 * Reading the AWS config file: its profiles as {@linkcode AwsProfiles}.
 *
 * @module
 */

import { parseSharedConfig, propertyOf, type SharedSection } from "./shared_config.ts";
import type { SsoSections } from "./sso_sections.ts";
import { decodeLossless } from "../../ini/lossless_text.ts";
import type { Files } from "../../ports.ts";

/** The profiles of the AWS config file. */
export interface AwsProfiles {
  /** The profiles' names. */
  names(): readonly string[];
  /** A profile's values by key in lower case. */
  profile(name: string): ReadonlyMap<string, string> | undefined;
  /** The `[okta]` section of aws-okta. */
  okta: ReadonlyMap<string, string>;
  /** `[sso-session NAME]` by name. */
  ssoSections?: SsoSections;
  /** Whether the credentials file has static keys for a profile, not written by us. */
  hasKeys?(name: string): boolean;
}

function values(section: SharedSection | undefined): ReadonlyMap<string, string> {
  const entries = [...section?.properties ?? []].map(([key, { value }]) => [key, value] as const);
  return new Map(entries.filter(([, value]) => value !== ""));
}

/** Reads a file as text that can be written back byte by byte. */
export async function readLossless(files: Files, path: string): Promise<string> {
  const bytes = await files.read(path);
  return bytes === undefined ? "" : decodeLossless(bytes);
}

/** Reads the AWS config file. */
export async function readAwsProfiles(
  files: Files,
  path: string,
  credentialsPath?: string,
): Promise<AwsProfiles> {
  const config = parseSharedConfig(await readLossless(files, path), "config");
  const credentials = parseSharedConfig(
    credentialsPath === undefined ? "" : await readLossless(files, credentialsPath),
    "credentials",
  );
  return {
    names: () => [...config.profiles.keys()],
    hasKeys(name) {
      const section = credentials.profiles.get(name);
      // Those that we wrote ourselves are renewed instead.
      return propertyOf(section, "aws_access_key_id") !== undefined &&
        propertyOf(section, "x_security_token_expires") === undefined;
    },
    profile(name) {
      const section = config.profiles.get(name);
      return section === undefined ? undefined : values(section);
    },
    okta: values(config.okta),
    ssoSections: new Map([...config.ssoSessions].map(([name, section]) => [name, values(section)])),
  };
}
