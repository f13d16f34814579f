/**
 * Opens the connections to STS that a refresh of many roles will need, while names are looked up.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { CONCURRENCY } from "../app/map_bounded.ts";
import { OktaAwsError } from "../errors.ts";
import type { OktaAccount } from "../okta/sign_in/okta_account.ts";
import { buildRequest, plainStep } from "./credential_request.ts";
import type { SharedAssertion } from "./shared_assertion.ts";

/** As many as will be used at the same time, to the endpoint of the first role. */
export async function connectForRoles(
  context: AppContext,
  account: Pick<OktaAccount, "name" | "session">,
  fetched: readonly SharedAssertion[],
): Promise<void> {
  const roles = fetched.flatMap(({ app, assertion }) =>
    assertion.roles.map(({ roleArn }) => ({ app, roleArn }))
  );
  const [first] = roles;
  if (first === undefined) return;
  try {
    const { app, roleArn } = first;
    const role = { profile: roleArn, chain: [plainStep(roleArn)], oktaAccount: account.name, app };
    const request = await buildRequest(context, { ...role, flags: {} });
    const most = context.settings.program.concurrency ?? CONCURRENCY;
    account.session.http.connectEarly?.(request.endpoint.url, Math.min(roles.length, most));
  } catch (error) {
    // The refresh reports what is wrong with the role.
    if (!(error instanceof OktaAwsError)) throw error;
  }
}
