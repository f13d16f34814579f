/**
 * Copies of the AWS files without the credentials of `[default]`: SDKs ask that section before the
 * container's endpoint.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import {
  mergeSharedConfig,
  parseSharedConfig,
  propertyOf,
  type SharedFileKind,
} from "../aws/files/shared_config.ts";
import { parseIni } from "../ini/document.ts";
import { editIni } from "../ini/edit.ts";
import { encodeLossless } from "../ini/lossless_text.ts";
import type { Variables } from "../credentials/child_variables.ts";
import { randomToken } from "./secret_text.ts";

/** The keys by which a profile gives credentials. */
const GIVING = [
  "aws_access_key_id",
  "aws_secret_access_key",
  "aws_session_token",
  "aws_security_token",
  "credential_process",
  "credential_source",
  "login_session",
  "role_arn",
  "source_profile",
  "sso_session",
  "sso_start_url",
  "sso_account_id",
  "sso_role_name",
  "web_identity_token_file",
] as const;

/** Copies of a run that was killed are removed after this time. */
const LEFT_MILLISECONDS = 24 * 3600 * 1000;

export interface CopiedFiles {
  /** Empty if `[default]` gives no credentials. */
  variables: Variables;
  remove(): Promise<void>;
}

/** Whether `[default]` would win over the container's endpoint. */
export async function defaultGivesCredentials(context: AppContext): Promise<boolean> {
  const { ports: { files }, paths } = context;
  const { profiles } = mergeSharedConfig(
    parseSharedConfig(await readLossless(files, paths.awsConfig), "config"),
    parseSharedConfig(await readLossless(files, paths.awsCredentials), "credentials"),
  );
  const section = profiles.get("default");
  return GIVING.some((key) => propertyOf(section, key) !== undefined);
}

/** Makes the copies that are needed. */
export async function copyWithoutDefault(context: AppContext): Promise<CopiedFiles> {
  const { ports: { files }, paths } = context;
  const folder = `${paths.cache}/server/files`;
  await removeLeftovers(context, folder);
  const run = randomToken();
  const copies: string[] = [];
  const copyOf = async (
    path: string,
    kind: SharedFileKind,
    variable: string,
  ): Promise<Variables> => {
    const text = await readLossless(files, path);
    const section = parseSharedConfig(text, kind).profiles.get("default");
    if (!GIVING.some((key) => propertyOf(section, key) !== undefined)) return [];
    const unset = { kind: "set", set: [], unset: GIVING } as const;
    const names = kind === "config" ? ["default", "profile default"] : ["default"];
    const edited = names.reduce(
      (before, section) => editIni(parseIni(before), [{ ...unset, section }]),
      text,
    );
    const copy = `${folder}/${run}-${kind}`;
    copies.push(copy);
    await files.writeAtomic(copy, encodeLossless(edited), 0o600);
    return [[variable, copy]];
  };
  const remove = async () => {
    for (const copy of copies) await files.remove(copy);
  };
  try {
    return {
      variables: [
        ...await copyOf(paths.awsConfig, "config", "AWS_CONFIG_FILE"),
        ...await copyOf(paths.awsCredentials, "credentials", "AWS_SHARED_CREDENTIALS_FILE"),
      ],
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function removeLeftovers({ ports: { files, clock } }: AppContext, folder: string) {
  for (const name of await files.list(folder)) {
    const facts = await files.facts(`${folder}/${name}`);
    const isOld = facts !== undefined && facts.modified + LEFT_MILLISECONDS < clock.now();
    if (isOld) await files.remove(`${folder}/${name}`);
  }
}
