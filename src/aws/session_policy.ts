/**
 * Session policies: they narrow one role session to what the role and the policies both allow.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 * @module
 */

import { isObject } from "../is_object.ts";

/** What STS gets with the last call of a chain. All policies of one call add up. */
export interface SessionPolicy {
  /** Managed policies, in the order given, each once. */
  arns: readonly string[];
  /** An IAM policy in JSON, as it was written. */
  document?: string | undefined;
}

/** The most managed policies of one session. */
export const MOST_POLICY_ARNS = 10;
/** The longest policy document that STS takes. */
export const MOST_POLICY_CHARACTERS = 2048;

const POLICY = /^arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/[\w+=,.@/-]{1,640}$/;
/** What STS takes in a policy document. */
const DOCUMENT = /^[\t\n\r\x20-\xff]+$/;

/** Whether a text is the ARN of a managed policy. */
export function isPolicyArn(text: string): boolean {
  return POLICY.test(text) && !text.endsWith("/");
}

/** The policy that AWS manages in every partition for looking without changing. */
export function readOnlyPolicy(partition: string): SessionPolicy {
  return { arns: [`arn:${partition}:iam::aws:policy/ReadOnlyAccess`] };
}

/**
 * What is wrong with a policy document, to follow its name: "is not JSON".
 *
 * @returns `undefined` if STS may take it; only STS knows whether it is a policy.
 */
export function policyDocumentProblem(text: string): string | undefined {
  if (!isJsonObject(text)) return "is not a policy in JSON";
  const { length } = text;
  if (length > MOST_POLICY_CHARACTERS) {
    return `has ${length} characters, but a session policy can have ${MOST_POLICY_CHARACTERS}`;
  }
  return DOCUMENT.test(text) ? undefined : "has characters that AWS does not accept in a policy";
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

/** For programs. */
export interface SessionPolicyJson {
  arns: readonly string[];
  document: string | null;
}

/** The JSON of `status`, `roles` and of plugins' events. */
export function sessionPolicyToJson(policy: SessionPolicy | undefined): SessionPolicyJson | null {
  return policy === undefined ? null : { arns: policy.arns, document: policy.document ?? null };
}

/** For people: `ReadOnlyAccess`, `ReadOnlyAccess + a policy document`. */
export function describeSessionPolicy(
  { arns, document }: SessionPolicy | SessionPolicyJson,
): string {
  const names = arns.map((arn) => arn.slice(arn.lastIndexOf("/") + 1));
  return [...names, ...document ? ["a policy document"] : []].join(" + ");
}

/** Whether two policies mean the same. */
export function isSamePolicy(one: SessionPolicy, other: SessionPolicy): boolean {
  return sessionPolicyKey(one) === sessionPolicyKey(other);
}

/** The same text for the same policies, in whichever order they were named. */
export function sessionPolicyKey({ arns, document }: SessionPolicy): string {
  return JSON.stringify([[...arns].sort(), document ?? null]);
}
