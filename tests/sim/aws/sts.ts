/** The Security Token Service: `POST /` (and presigned `GET /`). */

import { stsError, stsResult } from "./answers.ts";
import { assumeRole } from "./assume_role.ts";
import { assumeRoleWithSaml } from "./assume_role_with_saml.ts";
import type { AwsContext } from "./context.ts";
import { identifyCaller } from "./credentials.ts";

/** From the form or the query. */
export function parameters({ request }: AwsContext): URLSearchParams {
  return request.method === "POST" ? request.form : request.query;
}

async function getCallerIdentity(context: AwsContext): Promise<Response> {
  const caller = await identifyCaller(context);
  if ("refusal" in caller) return caller.refusal;
  const { arn, userId, account } = caller.credentials;
  return stsResult(context, "GetCallerIdentity", { Arn: arn, UserId: userId, Account: account });
}

export async function answerSts(context: AwsContext): Promise<Response> {
  const { world, request } = context;
  const action = parameters(context).get("Action");
  const version = parameters(context).get("Version");
  if (request.path !== "/") return stsError(context, 404, "UnknownOperationException", "");
  if (world.aws.throttledRequests > 0) {
    world.aws.throttledRequests -= 1;
    return stsError(context, world.aws.throttlingStatus, "Throttling", "Rate exceeded");
  }
  if (world.aws.regionDisabled) {
    const message = "STS is not activated in this region for account:123456789012. " +
      "Your account administrator can activate STS in this region using the IAM Console.";
    return stsError(context, 403, "RegionDisabledException", message);
  }
  if (version === "2011-06-15") {
    if (action === "AssumeRoleWithSAML") return await assumeRoleWithSaml(context);
    if (action === "AssumeRole") return await assumeRole(context);
    if (action === "GetCallerIdentity") return await getCallerIdentity(context);
  }
  const message = `Could not find operation ${action} for version ${
    version ?? "NO_VERSION_SPECIFIED"
  }`;
  return stsError(context, 400, "InvalidAction", message);
}
