/**
 * Ending an Okta session, and forgetting what came of it.
 *
 * @module
 */

import { hasOnlyOurKeys } from "../aws/files/profile_section.ts";
import { OktaAwsError } from "../errors.ts";
import { parseIni } from "../ini/document.ts";
import { editIni } from "../ini/edit.ts";
import { endSession } from "../okta/client/sessions.ts";
import { openRoleList } from "../roles/role_list.ts";
import { hashName } from "../store/json_file.ts";
import { openTokenCache } from "../kube/token_cache.ts";
import type { Conversation } from "../app/interaction.ts";
import { editFile } from "../app/edit_file.ts";
import { cacheOptions, openCache } from "../credentials/obtain_credentials.ts";
import { dropSession, restoreSession } from "../okta/sign_in/kept_session.ts";
import { accountSettings } from "../settings/account_settings.ts";
import { type OktaAccount, openStore } from "../okta/sign_in/okta_account.ts";
import { outputFor } from "../roles/known_roles.ts";
import type { Program } from "../app/context.ts";
import { removeProcessSections } from "../profiles/setup_profiles.ts";

/**
 * Ends the session at Okta and drops it here. That Okta can't be told does not keep it.
 *
 * @param account The Okta account.
 * @param conversation Who is told.
 * @returns Whether there was a session.
 */
export async function signOut(account: OktaAccount, conversation: Conversation): Promise<boolean> {
  try {
    if (await restoreSession(account)) await endSession(account.client);
  } catch (error) {
    if (!(error instanceof OktaAwsError)) throw error;
    await conversation.say(`Okta was not told: ${error.message}`);
  }
  await account.assertions.remove();
  const hadTokens = await account.device?.tokens.remove() ?? false;
  return await dropSession(account) || hadTokens;
}

/** What was forgotten. */
export interface Forgotten {
  /** How many cached credentials. */
  credentials: number;
  /** Profiles that were taken out of the AWS files. */
  profiles: string[];
}

/**
 * Forgets cached credentials, the sections that we wrote, and the backups.
 *
 * @param program The run.
 * @param account The Okta account.
 * @param conversation Who is told.
 * @returns What was forgotten; a section that holds something of the person's stays.
 */
export async function forgetAll(
  program: Program,
  account: Pick<OktaAccount, "name"> & Partial<OktaAccount>,
  conversation: Conversation,
): Promise<Forgotten> {
  const { ports: { files }, paths } = program;
  const credentials = await openCache(program, conversation).clear(account.name);
  await openTokenCache(cacheOptions(program, conversation)).clear(account.name);
  const list = await openRoleList(files, paths.cache, account.name);
  const { written, names } = await list.read();
  let profiles: string[] = [];
  await editFile(program, {
    path: paths.awsCredentials,
    change(text) {
      const document = parseIni(text);
      profiles = Object.entries(written).filter(([profile, { roleArn }]) =>
        hasOnlyOurKeys(document, profile, outputFor(program, roleArn))
      ).map(([profile]) => profile);
      return editIni(document, profiles.map((section) => ({ kind: "remove", section })));
    },
  });
  await list.remove();
  await account.sessions?.remove();
  const named = Object.values(names).map(({ profile }) => profile);
  const processes = await removeProcessSections(program, named);
  for (const path of [paths.awsCredentials, paths.awsConfig]) {
    await files.remove(`${paths.cache}/backup/${await hashName([path])}`);
  }
  const answers = `${paths.cache}/answers`;
  for (const name of await files.list(answers)) await files.remove(`${answers}/${name}`);
  return { credentials, profiles: [...new Set([...profiles, ...processes])] };
}

/**
 * Forgets the stored secrets.
 *
 * @param program The run.
 * @param account The Okta account.
 * @param conversation Who is asked, where the store lies under a passphrase.
 * @returns Whether there were any.
 */
export async function forgetSecrets(
  program: Program,
  account: Pick<OktaAccount, "name"> & Partial<OktaAccount>,
  conversation: Conversation,
): Promise<boolean> {
  const mayAsk = await conversation.canAsk();
  const store = await openStore(program, accountSettings(program, account.name), mayAsk);
  await account.state?.remove();
  return await store.remove(account.name);
}
