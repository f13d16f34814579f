import { showUntrusted } from "../untrusted_text.ts";

/** A role that the assertion grants. */
export interface AssertionRole {
  /** `arn:aws:iam::123456789012:role/path/Name`. */
  readonly roleArn: string;
  /** `arn:aws:iam::123456789012:saml-provider/Name`, not necessarily of the role's account. */
  readonly principalArn: string;
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;
const PRINCIPAL_ARN = /^arn:aws[a-z-]*:iam::\d{12}:saml-provider\/[\w+=.@/-]{1,576}$/;

/**
 * Sorts the values of the Role attribute.
 *
 * @param values Each a role ARN and a provider ARN in either order, with a comma between them.
 * @returns The roles, each pair once in the order given, and the values that are none, each once
 * and through `showUntrusted`.
 */
export function readRoles(
  values: readonly string[],
): { roles: AssertionRole[]; skippedRoles: string[] } {
  const roles = new Map<string, AssertionRole>();
  const skipped = new Set<string>();
  for (const value of values) {
    const role = readRole(value);
    if (role === undefined) skipped.add(showUntrusted(value));
    else roles.set(`${role.roleArn},${role.principalArn}`, role);
  }
  return { roles: [...roles.values()], skippedRoles: [...skipped] };
}

/**
 * Exactly two components: IAM allows commas in role names too, but then a value can't be told from
 * one with a component too many, and guessing would name a role that nobody meant.
 */
function readRole(value: string): AssertionRole | undefined {
  const [first, second, ...more] = value.split(",").map((component) => component.trim());
  if (first === undefined || second === undefined || more.length > 0) return undefined;
  if (ROLE_ARN.test(first) && PRINCIPAL_ARN.test(second)) {
    return { roleArn: first, principalArn: second };
  }
  if (PRINCIPAL_ARN.test(first) && ROLE_ARN.test(second)) {
    return { roleArn: second, principalArn: first };
  }
  return undefined;
}
