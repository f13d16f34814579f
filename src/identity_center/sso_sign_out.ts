/**
 * Ending a session of IAM Identity Center.
 *
 * @module
 */

import { logoutRequest } from "./sso_portal.ts";
import { OktaAwsError } from "../errors.ts";
import type { AppContext } from "../app/context.ts";
import { openSsoAccess } from "./sso_access.ts";
import { ssoSessionOf } from "./sso_account.ts";

/**
 * Ends the session at AWS and drops its token here, for the AWS CLI as well. That AWS can't be told
 * does not keep it.
 *
 * @param name The account's name.
 * @returns Whether there was a session.
 */
export async function signOutOfPortal(
  context: AppContext,
  name: string,
): Promise<boolean> {
  const session = await ssoSessionOf(context, name);
  const { tokens, endpoints, send } = await openSsoAccess(context, name, session);
  const token = await tokens.read();
  if (token !== undefined) {
    try {
      const request = logoutRequest(endpoints.portal.url, token.accessToken);
      await send(request, { idempotent: true });
    } catch (error) {
      if (!(error instanceof OktaAwsError)) throw error;
      await context.interaction.say(`AWS was not told: ${error.message}`);
    }
  }
  return await tokens.remove();
}
