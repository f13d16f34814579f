/**
 * `AssumeRoleWithSAML`: a form without a signature, so that a sign-in need not load AWS's client.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
 * @module
 */

import type { Secret } from "../../secret.ts";
import { child } from "../../xml.ts";
import { sendToSts, STS_ACCEPT } from "./send_to_sts.ts";
import type { AssumeRoleWithSamlInput, StsTransport } from "./sts_calls.ts";
import { refusal } from "./sts_errors.ts";
import { type AssumedRole, toAssumedRole } from "./sts_response.ts";

const ACTION = "AssumeRoleWithSAML";
const API_VERSION = "2011-06-15";

/** An assertion of many roles is long, and all of them send the same one. */
const encodedAssertions = new WeakMap<Secret, string>();

function encodeAssertion(samlResponse: Secret): string {
  const encoded = encodedAssertions.get(samlResponse) ??
    new URLSearchParams({ SAMLAssertion: samlResponse.reveal() }).toString();
  encodedAssertions.set(samlResponse, encoded);
  return encoded;
}

/** Lists are numbered from 1. */
function formOf(input: AssumeRoleWithSamlInput): string {
  const { arns = [], document } = input.sessionPolicy ?? {};
  const form = new URLSearchParams({
    Action: ACTION,
    Version: API_VERSION,
    RoleArn: input.roleArn,
    PrincipalArn: input.principalArn,
  });
  for (const [at, arn] of arns.entries()) form.set(`PolicyArns.member.${at + 1}.arn`, arn);
  if (document !== undefined) form.set("Policy", document);
  if (input.durationSeconds !== undefined) {
    form.set("DurationSeconds", String(input.durationSeconds));
  }
  return `${form}&${encodeAssertion(input.samlResponse)}`;
}

/** @throws As `assumeRoleWithSaml` in `sts.ts`. */
export async function redeemAssertion(
  transport: StsTransport,
  input: AssumeRoleWithSamlInput,
): Promise<AssumedRole> {
  const { endpoint } = input;
  const { response, root } = await sendToSts(transport, {
    action: ACTION,
    endpoint,
    request: {
      method: "POST",
      url: endpoint.url.replace(/\/?$/, "/"),
      headers: { "content-type": "application/x-www-form-urlencoded", accept: STS_ACCEPT },
      body: formOf(input),
      repeatable: true,
    },
  });
  if (root.name === "ErrorResponse") throw refusal(ACTION, response.status, root);
  const result = child(root, `${ACTION}Result`);
  const textOf = (parent: string, name: string) => child(child(result, parent), name)?.text;
  const credentials = {
    AccessKeyId: textOf("Credentials", "AccessKeyId"),
    SecretAccessKey: textOf("Credentials", "SecretAccessKey"),
    SessionToken: textOf("Credentials", "SessionToken"),
  };
  const user = { Arn: textOf("AssumedRoleUser", "Arn") };
  const output = { Credentials: credentials, AssumedRoleUser: user };
  return toAssumedRole(ACTION, output, { response, root });
}
