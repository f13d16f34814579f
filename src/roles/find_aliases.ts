/**
 * The aliases of AWS accounts, from AWS's own sign-in page: best effort, one request, never fatal.
 *
 * @module
 */

import { aliasesRequest, processAliasPage } from "../aws/account_aliases.ts";
import { parseRoleArn } from "../aws/arn.ts";
import type { RoleList } from "./role_list.ts";
import type { AppAssertion } from "../okta/sign_in/obtain_assertion.ts";
import type { OktaAccount } from "../okta/sign_in/okta_account.ts";
import type { AppContext } from "../app/context.ts";

const TIMEOUT_MILLISECONDS = 5000;

/** When to ask again about an account without an alias: it may have got one. */
const ASK_AGAIN_MILLISECONDS = 7 * 24 * 3600 * 1000;

export interface FoundAliases {
  /** By AWS account id. */
  aliases: Record<string, string>;
  /** When accounts were asked about, milliseconds since the Unix epoch, by id. */
  asked: Record<string, number>;
}

const NOTHING: FoundAliases = { aliases: {}, asked: {} };

/** Whether AWS has to be asked. With a single role it would not show a list but sign in. */
export function needsAliases(
  context: AppContext,
  roles: readonly { roleArn: string }[],
  list: RoleList,
): boolean {
  return roles.length > 1 && unknownAccounts(context, roles, list).length > 0;
}

/** Looks up the aliases of accounts that the list does not know. */
export async function findAliases(
  context: AppContext,
  account: Pick<OktaAccount, "session">,
  { form, assertion: { roles }, list }: AppAssertion & { list: RoleList },
): Promise<FoundAliases> {
  if (!needsAliases(context, roles, list)) return NOTHING;
  const { clock, environment: { get } } = context.ports;
  const { action, samlResponse, relayState = "" } = form;
  const request = aliasesRequest({ action, samlResponse, relayState, get });
  if (request === undefined) return NOTHING;
  try {
    const timed = { ...request, timeoutMilliseconds: TIMEOUT_MILLISECONDS };
    const response = await account.session.http.send(timed);
    const unknown = response.status === 200 ? unknownAccounts(context, roles, list) : [];
    return {
      aliases: Object.fromEntries(processAliasPage(response)),
      asked: Object.fromEntries(unknown.map((id) => [id, clock.now()])),
    };
  } catch {
    return NOTHING;
  }
}

function unknownAccounts(
  { settings, ports: { clock } }: AppContext,
  roles: readonly { roleArn: string }[],
  { aliases, asked = {} }: RoleList,
): string[] {
  const ids = new Set(roles.map(({ roleArn }) => parseRoleArn(roleArn)?.accountId));
  return [...ids].filter((id) => id !== undefined).filter((id) =>
    settings.awsAccounts.get(id)?.alias === undefined && aliases[id] === undefined &&
    clock.now() - (asked[id] ?? -Infinity) > ASK_AGAIN_MILLISECONDS
  );
}
