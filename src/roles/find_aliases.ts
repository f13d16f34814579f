/**
 * The aliases of AWS accounts, off AWS's own sign-in page: best effort, one request, never fatal.
 *
 * @module
 */

import { aliasesRequest, processAliasPage } from "../aws/console/account_aliases.ts";
import { parseRoleArn } from "../aws/arn.ts";
import type { RoleList } from "./role_list.ts";
import type { AppAssertion } from "../okta/sign_in/obtain_assertion.ts";
import type { OktaAccount } from "../okta/sign_in/okta_account.ts";
import type { AppContext } from "../app/context.ts";

/** How long the sign-in page may take, milliseconds: names are not worth more. */
const PATIENCE_MILLISECONDS = 5000;

/** An account without an alias is asked about again after this long: it may have got one. */
const ASK_AGAIN_MILLISECONDS = 7 * 24 * 3600 * 1000;

/** What AWS told. */
export interface FoundAliases {
  /** Aliases by account id. */
  aliases: Record<string, string>;
  /** When accounts were asked about, milliseconds since the Unix epoch, by id. */
  asked: Record<string, number>;
}

const NOTHING: FoundAliases = { aliases: {}, asked: {} };

/**
 * Looks the aliases of unknown accounts up.
 *
 * @param account The Okta account.
 * @param fetched An assertion. With a single role AWS would not show a list but sign in.
 * @param list What is known already.
 * @returns What AWS told; nothing where nothing had to be asked or AWS did not answer.
 */
export async function findAliases(
  context: AppContext,
  account: OktaAccount,
  { form, assertion }: AppAssertion,
  list: RoleList,
): Promise<FoundAliases> {
  const { clock, environment: { get } } = context.ports;
  const unknown = unknownAccounts(context, assertion.roles, list);
  if (unknown.length === 0 || assertion.roles.length < 2) return NOTHING;
  const { action, samlResponse, relayState = "" } = form;
  const request = aliasesRequest({ action, samlResponse, relayState, get });
  if (request === undefined) return NOTHING;
  try {
    const timed = { ...request, timeoutMilliseconds: PATIENCE_MILLISECONDS };
    const response = await account.session.http.send(timed);
    const asked = response.status === 200 ? unknown.map((id) => [id, clock.now()]) : [];
    return {
      aliases: Object.fromEntries(processAliasPage(response)),
      asked: Object.fromEntries(asked),
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
