/**
 * AssumeRoleWithSAML. The assertion's signature is not verified: instead the assertion must be one
 * that the simulated Okta issued, byte for byte.
 */

import { awsTime } from "../clock.ts";
import { issuerOf } from "../saml/response.ts";
import type { IssuedAssertion } from "../state.ts";
import { providerArn, roleArn, type SimAccount, type SimApp, type SimRole } from "../world.ts";
import { stsError, stsResult } from "./answers.ts";
import type { AwsContext } from "./context.ts";
import { issueCredentials } from "./credentials.ts";
import { refuseSessionPolicy } from "./session_policy.ts";
import {
  constraintError,
  isIamArn,
  isSessionName,
  readDuration,
  validationError,
} from "./durations.ts";

/** How long after issue an assertion is accepted. */
export const ASSERTION_LIFETIME_MS = 5 * 60_000;

const AUDIENCES =
  /^urn:amazon:webservices(:govcloud|:cn-north-1)?$|^https:\/\/([a-z0-9-]+\.)?signin\.(aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn)\/(static\/)?saml$/;

export function findRole(
  accounts: SimAccount[],
  arn: string,
): { account: SimAccount; role: SimRole } | undefined {
  for (const account of accounts) {
    const role = account.roles.find((one) => roleArn(account, one) === arn);
    if (role) return { account, role };
  }
  return undefined;
}

/** Whether the assertion has the pair, in a grant or an extra role value. */
function grants(app: SimApp, role: string, principal: string): boolean {
  const verbatim = app.response.extraRoleValues.map((value) =>
    value.split(",").map((s) => s.trim())
  );
  return app.grants.some((grant) => grant.roleArn === role && grant.principalArn === principal) ||
    verbatim.some((pair) => pair.length === 2 && pair.includes(role) && pair.includes(principal));
}

function refuseParameters(context: AwsContext): Response | undefined {
  const { form } = context.request;
  const assertion = form.get("SAMLAssertion") ?? "";
  if (assertion.length < 4) {
    return constraintError(context, "sAMLAssertion", "have length greater than or equal to 4");
  }
  if (assertion.length > 100_000) {
    return constraintError(context, "sAMLAssertion", "have length less than or equal to 100000");
  }
  if (!isIamArn(form.get("RoleArn") ?? "", "role")) {
    return validationError(context, `${form.get("RoleArn")} is invalid`);
  }
  if (!isIamArn(form.get("PrincipalArn") ?? "", "saml-provider")) {
    return validationError(context, `${form.get("PrincipalArn")} is invalid`);
  }
  return refuseSessionPolicy(context);
}

/** Error code and message for an assertion. */
function refuseAssertion(
  { world }: AwsContext,
  issued: IssuedAssertion | undefined,
  principal: string,
): [number, string, string] | undefined {
  const provider = world.accounts.some((account) =>
    account.samlProviders.some((name) => providerArn(account, name) === principal)
  );
  if (!issued) return [400, "InvalidIdentityToken", "Response signature invalid"];
  if (!provider) return [400, "InvalidIdentityToken", "Specified provider doesn't exist"];
  if (world.clock.now() - issued.issuedAt > ASSERTION_LIFETIME_MS) {
    const message = "Token must be redeemed within 5 minutes of issuance";
    return [400, "ExpiredTokenException", message];
  }
  if (!AUDIENCES.test(issued.app.audience)) {
    const message = "Response does not contain the required audience";
    return [400, "InvalidIdentityToken", message];
  }
  const name = sessionNameOf(issued);
  if (name === null || !isSessionName(name)) {
    return [400, "InvalidIdentityToken", "RoleSessionName is required in AuthnResponse"];
  }
  return undefined;
}

function sessionNameOf({ app, user }: IssuedAssertion): string | null {
  return app.roleSessionName === undefined ? user.login : app.roleSessionName;
}

async function nameQualifier(issuer: string, principal: string): Promise<string> {
  const [, account, name] = /::(\d{12}):saml-provider\/(.+)$/.exec(principal)!;
  const text = new TextEncoder().encode(`${issuer}${account}/${name}`);
  return new Uint8Array(await crypto.subtle.digest("SHA-1", text)).toBase64();
}

export async function assumeRoleWithSaml(context: AwsContext): Promise<Response> {
  const { world, state, request } = context;
  if (request.method !== "POST") return stsError(context, 400, "InvalidAction", "use POST");
  const invalid = refuseParameters(context);
  if (invalid) return invalid;
  const principal = request.form.get("PrincipalArn")!;
  const arn = request.form.get("RoleArn")!;
  const issued = state.assertions.get(request.form.get("SAMLAssertion")!.replace(/\s/g, ""));
  const refused = refuseAssertion(context, issued, principal);
  if (refused) return stsError(context, ...refused);
  const found = findRole(world.accounts, arn);
  if (!found || found.role.denied || !grants(issued!.app, arn, principal)) {
    const message = "Not authorized to perform sts:AssumeRoleWithSAML";
    return stsError(context, 403, "AccessDenied", message);
  }
  const maximum = found.role.maxSessionDurationSeconds;
  const duration = readDuration(context, request.form.get("DurationSeconds"), maximum, false);
  if ("refusal" in duration) return duration.refusal;
  const credentials = issueCredentials(context, {
    ...found,
    sessionName: sessionNameOf(issued!)!,
    durationSeconds: duration.seconds,
    chained: false,
  });
  return stsResult(context, "AssumeRoleWithSAML", {
    Issuer: issuerOf(issued!.app),
    AssumedRoleUser: { Arn: credentials.arn, AssumedRoleId: credentials.userId },
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: awsTime(credentials.expiration),
    },
    Audience: issued!.app.action,
    SubjectType: "unspecified",
    PackedPolicySize: request.form.has("Policy") ? 6 : undefined,
    NameQualifier: await nameQualifier(issuerOf(issued!.app), principal),
    Subject: issued!.user.login,
  });
}
