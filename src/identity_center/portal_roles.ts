/**
 * Lists every account and role that the portal of IAM Identity Center grants.
 *
 * @module
 */

import {
  accountsRequest,
  type PortalAccount,
  type PortalPage,
  processAccounts,
  processRoles,
  rolesRequest,
} from "./sso_portal.ts";
import { isAccountAlias, isAccountId, parseRoleArn } from "../aws/arn.ts";
import { ssoRoleArn } from "../aws/sso_session.ts";
import { AwsError } from "../errors.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import type { Secret } from "../secret.ts";
import type { GrantedRole } from "../roles/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { mapBounded } from "../app/map_bounded.ts";
import type { SsoAccess } from "./sso_access.ts";

/** The portal answers more requests at the same time with 429. */
const AT_ONCE = 8;

/** Stops at a portal that pages forever. */
const MOST_PAGES = 1000;

/** What the portal has. */
export interface PortalRoles {
  /** The roles; none of them has a SAML provider. */
  roles: GrantedRole[];
  /** The organization's account names, as aliases, by account id. */
  aliases: Record<string, string>;
  /** Accounts and roles that were skipped, each with the reason. */
  skipped: string[];
}

/** What listing needs. */
export interface PortalContext {
  access: SsoAccess;
  /** Runs work with a valid token. */
  withToken<T>(work: (token: Secret) => Promise<T>): Promise<T>;
  /** Called after each account. */
  onAccount?: ((done: number, total: number) => void) | undefined;
}

/** "Acme Production" as a profile's name has it. */
function aliasOf(name: string): string | undefined {
  const alias = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return isAccountAlias(alias) ? alias : undefined;
}

async function allPages<T>(
  { access, withToken }: PortalContext,
  request: (token: Secret, next: string | undefined) => HttpRequest,
  process: (response: HttpResponse) => PortalPage<T>,
): Promise<T[]> {
  const items: T[] = [];
  let next: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await withToken(async (token) =>
      process(await access.send(request(token, next), { idempotent: true }))
    );
    items.push(...page.items);
    if (page.nextToken === undefined || page.nextToken === next) return items;
    next = page.nextToken;
  }
  return items;
}

/**
 * Lists the roles of all accounts, several accounts at a time.
 *
 * @throws {SignInError} If the session has ended.
 */
export async function listPortalRoles(context: PortalContext): Promise<PortalRoles> {
  const { access: { session, endpoints: { portal } }, onAccount } = context;
  const accounts = await allPages<PortalAccount>(
    context,
    (token, next) => accountsRequest(portal.url, token, next),
    processAccounts,
  );
  const found: PortalRoles = { roles: [], aliases: {}, skipped: [] };
  const known = accounts.filter(({ accountId }) => isAccountId(accountId));
  for (const { accountId } of accounts.filter((one) => !known.includes(one))) {
    found.skipped.push(`not an account id: ${showUntrusted(accountId)}`);
  }
  let done = 0;
  const rolesOf = await mapBounded(known, AT_ONCE, async ({ accountId }) => {
    try {
      return await allPages(
        context,
        (token, next) => rolesRequest(portal.url, token, { accountId, nextToken: next }),
        processRoles,
      );
    } catch (error) {
      // An account that has been removed does not stop the others.
      if (!(error instanceof AwsError)) throw error;
      return error;
    } finally {
      onAccount?.(++done, known.length);
    }
  });
  known.forEach(({ accountId, accountName }, index) => {
    const roles = rolesOf[index]!;
    const alias = aliasOf(accountName);
    if (alias !== undefined) found.aliases[accountId] = alias;
    const label = showUntrusted(`${accountName || accountId} (${accountId})`);
    if (roles instanceof AwsError) found.skipped.push(`${label}: ${roles.message}`);
    else if (roles.length === 0) found.skipped.push(`${label} has no role for you`);
    else {
      for (const role of roles) {
        const roleArn = ssoRoleArn(accountId, role, session.region);
        // A name with a slash would become the path of another role.
        if (parseRoleArn(roleArn)?.roleName === role) {
          found.roles.push({ roleArn, principalArn: "" });
        } else found.skipped.push(`${label}: not a role: ${showUntrusted(role)}`);
      }
    }
  });
  return found;
}
