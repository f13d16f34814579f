/**
 * Ending a session of IAM Identity Center.
 *
 * @module
 */

import { logoutRequest } from "./sso_portal.ts";
import { OktaAwsError } from "../errors.ts";
import type { Conversation } from "../app/interaction.ts";
import type { Program } from "../app/context.ts";
import { openSsoAccess } from "./sso_access.ts";
import { ssoSessionOf } from "./sso_account.ts";

/**
 * Ends the session at AWS and drops its token here, for the AWS CLI as well. That AWS can't be told
 * does not keep it.
 *
 * @param program The run.
 * @param name The account's name.
 * @param conversation Who is told.
 * @returns Whether there was a session.
 */
export async function signOutOfPortal(
  program: Program,
  name: string,
  conversation: Conversation,
): Promise<boolean> {
  const session = await ssoSessionOf(program, name);
  const { tokens, endpoints, send } = await openSsoAccess(program, name, session, conversation);
  const token = await tokens.read();
  if (token !== undefined) {
    try {
      const request = logoutRequest(endpoints.portal.url, token.accessToken);
      await send(request, { idempotent: true });
    } catch (error) {
      if (!(error instanceof OktaAwsError)) throw error;
      await conversation.say(`AWS was not told: ${error.message}`);
    }
  }
  return await tokens.remove();
}
