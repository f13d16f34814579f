/**
 * Opens the connections to AWS that a refresh will need: to the sign-in page, of which names are read,
 * while Okta works, and to STS while that page is read.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { defaultRegion } from "../app/default_region.ts";
import { CONCURRENCY } from "../app/map_bounded.ts";
import { signInOrigin } from "../aws/endpoints.ts";
import { partitionOfRegion } from "../aws/partitions.ts";
import { OktaAwsError } from "../errors.ts";
import type { OktaAccount } from "../okta/sign_in/okta_account.ts";
import { buildRequest, plainStep } from "./credential_request.ts";
import type { SharedAssertion } from "./shared_assertion.ts";

/** To the sign-in page of the partition where the account most likely has its roles. */
export async function connectForNames(
  context: AppContext,
  { name, session }: Pick<OktaAccount, "name" | "session">,
): Promise<void> {
  try {
    const region = context.settings.accounts.get(name)?.region ?? await defaultRegion(context);
    const { get } = context.ports.environment;
    const { name: partition } = partitionOfRegion(region);
    session.http.connectEarly?.(signInOrigin({ partition, get }));
  } catch (error) {
    // The refresh reports what is wrong with the settings.
    if (!(error instanceof OktaAwsError)) throw error;
  }
}

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
