/**
 * The keys of a profile that has some of its own: where a chain of roles starts that does not come
 * through Okta.
 *
 * @module
 */

import { mergeSharedConfig, parseSharedConfig, propertyOf } from "../aws/files/shared_config.ts";
import type { SigningCredentials } from "../aws/sts/sts.ts";
import { Secret } from "../secret.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import type { LocalContext } from "../app/context.ts";

/** A profile with keys of its own. */
export interface StaticKeys {
  /** The profile's name. */
  profile: string;
  /** The keys. */
  credentials: SigningCredentials;
}

/**
 * Reads the keys of a profile, out of both AWS files as the SDKs do.
 *
 * @param profile The profile's name.
 * @returns The keys, or `undefined` where it has none.
 */
export async function staticKeysOf(
  { ports: { files }, paths }: LocalContext,
  profile: string,
): Promise<StaticKeys | undefined> {
  const { profiles } = mergeSharedConfig(
    parseSharedConfig(await readLossless(files, paths.awsConfig), "config"),
    parseSharedConfig(await readLossless(files, paths.awsCredentials), "credentials"),
  );
  const section = profiles.get(profile);
  const accessKeyId = propertyOf(section, "aws_access_key_id");
  const secretAccessKey = propertyOf(section, "aws_secret_access_key");
  const sessionToken = propertyOf(section, "aws_session_token");
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return {
    profile,
    credentials: {
      accessKeyId,
      secretAccessKey: new Secret(secretAccessKey),
      ...(sessionToken && { sessionToken: new Secret(sessionToken) }),
    },
  };
}
