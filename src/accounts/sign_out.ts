/**
 * Ending an Okta session, and forgetting what came of it.
 *
 * @module
 */

import { hasOnlyOurKeys } from "../aws/files/profile_section.ts";
import { OktaAwsError } from "../errors.ts";
import { parseIni } from "../ini/document.ts";
import { editIni } from "../ini/edit.ts";
import { deleteSession } from "../okta/client/sessions.ts";
import { openRoleList } from "../roles/role_list.ts";
import { hashName } from "../store/json_file.ts";
import { openTokenCache } from "../kube/token_cache.ts";
import type { AppContext } from "../app/context.ts";
import { editFile } from "../app/edit_file.ts";
import { cacheOptions, openCache } from "../credentials/obtain_credentials.ts";
import { dropSession, restoreSession } from "../okta/sign_in/kept_session.ts";
import { accountSettings } from "../settings/account_settings.ts";
import type { OktaAccount } from "../okta/sign_in/okta_account.ts";
import { openStore } from "../secrets/open_secrets.ts";
import { outputFor } from "../roles/known_roles.ts";
import { removeProcessSections } from "../profiles/setup_profiles.ts";

/**
 * Ends the session at Okta and drops it here. That Okta can't be told does not keep it.
 *
 * @param account The Okta account.
 * @returns Whether there was a session.
 */
export async function signOut(account: OktaAccount): Promise<boolean> {
  const { client, assertions, device } = account.session;
  try {
    if (await restoreSession(account)) await deleteSession(client);
  } catch (error) {
    if (!(error instanceof OktaAwsError)) throw error;
    await account.interaction.say(`Okta was not told: ${error.message}`);
  }
  await assertions.remove();
  const hadTokens = await device?.tokens.remove() ?? false;
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
 * @param account The Okta account.
 * @returns What was forgotten; a section that holds something of the person's stays.
 */
export async function forgetAll(
  context: AppContext,
  account: { name: string; session?: Pick<OktaAccount["session"], "kept"> },
): Promise<Forgotten> {
  const { ports: { files }, paths } = context;
  const credentials = await openCache(context).clear(account.name);
  await openTokenCache(cacheOptions(context)).clear(account.name);
  const list = await openRoleList(files, paths.cache, account.name);
  const { written, names } = await list.read();
  let profiles: string[] = [];
  await editFile(context, {
    path: paths.awsCredentials,
    change(text) {
      const document = parseIni(text);
      profiles = Object.entries(written).filter(([profile, { roleArn }]) =>
        hasOnlyOurKeys(document, profile, outputFor(context, roleArn))
      ).map(([profile]) => profile);
      return editIni(document, profiles.map((section) => ({ kind: "remove", section })));
    },
  });
  await list.remove();
  await account.session?.kept.remove();
  const named = Object.values(names).map(({ profile }) => profile);
  const processes = await removeProcessSections(context, named);
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
 * @param account The Okta account.
 * @returns Whether there were any.
 */
export async function forgetSecrets(
  context: AppContext,
  account: { name: string; session?: Pick<OktaAccount["session"], "state"> },
): Promise<boolean> {
  const mayAsk = await context.interaction.canAsk();
  const store = await openStore(context, accountSettings(context, account.name), mayAsk);
  await account.session?.state.remove();
  return await store.remove(account.name);
}
