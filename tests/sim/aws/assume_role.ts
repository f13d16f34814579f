/** AssumeRole: with role credentials (at most an hour), or with a user's long-lived keys. */

import { awsTime } from "../clock.ts";
import { stsError, stsResult } from "./answers.ts";
import { findRole } from "./assume_role_with_saml.ts";
import type { AwsContext } from "./context.ts";
import { identifyCaller, issueCredentials } from "./credentials.ts";
import { refuseSessionPolicy } from "./session_policy.ts";
import {
  constraintError,
  isIamArn,
  isSessionName,
  readDuration,
  validationError,
} from "./durations.ts";

function refuseParameters(context: AwsContext): Response | undefined {
  const { form } = context.request;
  if (!isIamArn(form.get("RoleArn") ?? "", "role")) {
    return validationError(context, `${form.get("RoleArn")} is invalid`);
  }
  if (!isSessionName(form.get("RoleSessionName") ?? "")) {
    return constraintError(
      context,
      "roleSessionName",
      "satisfy regular expression pattern: [\\w+=,.@-]*",
    );
  }
  const external = form.get("ExternalId");
  if (external !== null && !/^[\w+=,.@:/\\-]{2,1224}$/.test(external)) {
    return constraintError(
      context,
      "externalId",
      "satisfy regular expression pattern: [\\w+=,.@:\\/\\\\-]*",
    );
  }
  return refuseSessionPolicy(context);
}

export async function assumeRole(context: AwsContext): Promise<Response> {
  const { world, request } = context;
  const caller = await identifyCaller(context);
  if ("refusal" in caller) return caller.refusal;
  const invalid = refuseParameters(context);
  if (invalid) return invalid;
  const arn = request.form.get("RoleArn")!;
  const found = findRole(world.accounts, arn);
  const { credentials } = caller;
  const trusted = found?.role.trusts?.some((one) =>
    one === credentials.roleArn || one === credentials.arn || one === "*"
  );
  const external = found?.role.externalId;
  const externalFits = external === undefined || external === request.form.get("ExternalId");
  if (!found || found.role.denied || !trusted || !externalFits) {
    const message =
      `User: ${credentials.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
    return stsError(context, 403, "AccessDenied", message);
  }
  const chained = credentials.roleArn !== undefined;
  const maximum = found.role.maxSessionDurationSeconds;
  const duration = readDuration(context, request.form.get("DurationSeconds"), maximum, chained);
  if ("refusal" in duration) return duration.refusal;
  const issued = issueCredentials(context, {
    ...found,
    sessionName: request.form.get("RoleSessionName")!,
    durationSeconds: duration.seconds,
    chained,
  });
  return stsResult(context, "AssumeRole", {
    AssumedRoleUser: { AssumedRoleId: issued.userId, Arn: issued.arn },
    Credentials: {
      AccessKeyId: issued.accessKeyId,
      SecretAccessKey: issued.secretAccessKey,
      SessionToken: issued.sessionToken,
      Expiration: awsTime(issued.expiration),
    },
  });
}
