/** Session policies, as far as STS checks them: their number, size and form. */

import { stsError } from "./answers.ts";
import type { AwsContext } from "./context.ts";
import { constraintError, validationError } from "./durations.ts";

const ARN = /^arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/[\w+=,.@/-]+$/;

export function refuseSessionPolicy(context: AwsContext): Response | undefined {
  const { form } = context.request;
  const policy = form.get("Policy");
  if (policy !== null && policy.length > 2048) {
    return constraintError(context, "policy", "have length less than or equal to 2048");
  }
  const arns = [...form].filter(([name]) => name.startsWith("PolicyArns.member."));
  if (arns.length > 10) {
    return validationError(context, "The number of managed policy ARNs exceeds the limit of 10.");
  }
  const wrong = arns.find(([name, arn]) => !name.endsWith(".arn") || !ARN.test(arn));
  if (wrong) return validationError(context, `ARN ${wrong[1]} is not valid.`);
  const partition = form.get("RoleArn")?.split(":")[1];
  const foreign = arns.find(([, arn]) => arn.split(":")[1] !== partition);
  if (foreign) return validationError(context, `Partition of ${foreign[1]} is not valid.`);
  if (policy !== null && !isObject(policy)) {
    const message = "This policy contains invalid Json";
    return stsError(context, 400, "MalformedPolicyDocument", message);
  }
  return undefined;
}

function isObject(text: string): boolean {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
