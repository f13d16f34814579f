/**
 * The aliases of AWS accounts, off AWS's own sign-in page: best effort, one request, never fatal.
 *
 * @module
 */

import { aliasesRequest, processAliasPage } from "../aws/account_aliases.ts";
import { parseRoleArn } from "../aws/arn.ts";
import type { RoleList } from "../store/role_list.ts";
import type { AppAssertion } from "./obtain_assertion.ts";
import type { OktaAccount } from "./okta_account.ts";
import type { Program } from "./program.ts";

/** How long the sign-in page may take, milliseconds: names are not worth more. */
const PATIENCE_MILLISECONDS = 5000;

/**
 * Looks the aliases of unknown accounts up.
 *
 * @param program The run.
 * @param account The Okta account.
 * @param fetched An assertion. With a single role AWS would not show a list but sign in.
 * @param list What is known already.
 * @returns Aliases by account id; none where nothing had to be asked or AWS did not tell.
 */
export async function findAliases(
  { settings, ports: { environment: { get } } }: Program,
  account: OktaAccount,
  { form, assertion }: AppAssertion,
  list: RoleList,
): Promise<Map<string, string>> {
  const ids = new Set(assertion.roles.map(({ roleArn }) => parseRoleArn(roleArn)?.accountId));
  const known = (id: string) => settings.awsAccounts.get(id)?.alias ?? list.aliases[id];
  const nameless = [...ids].some((id) => id !== undefined && known(id) === undefined);
  if (!nameless || assertion.roles.length < 2) return new Map();
  const { action, samlResponse, relayState = "" } = form;
  const request = aliasesRequest({ action, samlResponse, relayState, get });
  if (request === undefined) return new Map();
  try {
    const timed = { ...request, timeoutMilliseconds: PATIENCE_MILLISECONDS };
    return processAliasPage(await account.http.send(timed));
  } catch {
    return new Map();
  }
}
