/**
 * `POST /api/v1/authn/credentials/change_password` for a password that has expired or soon
 * will, checked against the password policy.
 */

import { oktaNow } from "../../clock.ts";
import type { Transaction } from "../../state.ts";
import type { Complexity, SimUser, World } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { oktaError } from "../errors.ts";
import { ILLEGAL } from "./factor_verdict.ts";
import { advance } from "./transaction.ts";
import { showTransaction } from "./transaction_body.ts";

/** Character classes: policy member, pattern, Okta's name. */
const COUNTED: [keyof Complexity, RegExp, string][] = [
  ["minLowerCase", /[a-z]/g, "a lowercase letter"],
  ["minUpperCase", /[A-Z]/g, "an uppercase letter"],
  ["minNumber", /[0-9]/g, "a number"],
  ["minSymbol", /[^A-Za-z0-9]/g, "a symbol"],
];

function nameParts({ login }: SimUser): string[] {
  return login.toLowerCase().split("@")[0]!.split(/[._-]/).filter((part) => part.length >= 4);
}

function meets(password: string, user: SimUser, policy: Complexity): boolean {
  const count = (pattern: RegExp) => password.match(pattern)?.length ?? 0;
  const named = nameParts(user).some((part) => password.toLowerCase().includes(part));
  return password.length >= policy.minLength && !(policy.excludeUsername && named) &&
    COUNTED.every(([member, pattern]) => count(pattern) >= Number(policy[member]));
}

function requirements(policy: Complexity): string {
  const list = [
    `at least ${policy.minLength} characters`,
    ...COUNTED.filter(([member]) => Number(policy[member]) > 0).map(([, , word]) => word),
    ...(policy.excludeUsername ? ["no parts of your username"] : []),
  ];
  return `Password requirements were not met. Password requirements: ${list.join(", ")}.`;
}

/** Why the new password is rejected, in Okta's words; `undefined` if it is accepted. */
export function passwordRefusal(
  { policy }: World,
  user: SimUser,
  password: unknown,
): string | undefined {
  const { complexity } = policy;
  const { oldPasswords = [] } = user;
  if (typeof password !== "string" || !meets(password, user, complexity)) {
    return requirements(complexity);
  }
  if (password !== user.password && !oldPasswords.includes(password)) return undefined;
  const count = oldPasswords.length + 1;
  const used = `Your password cannot be any of your last ${count} passwords.`;
  return `${requirements(complexity)} ${used}`;
}

/** Changes the password, or rejects it; the transaction continues either way. */
export function changePassword(context: OktaContext, transaction: Transaction): Response {
  const { world, request } = context;
  const user = transaction.user;
  if (!user || !transaction.status.startsWith("PASSWORD_")) {
    return oktaError(world, "E0000079", [ILLEGAL]);
  }
  const { oldPassword, newPassword } = request.json!;
  if (oldPassword !== user.password) {
    return oktaError(world, "E0000014", ["oldPassword: The credentials provided were incorrect."]);
  }
  const refused = passwordRefusal(world, user, newPassword);
  if (refused !== undefined) return oktaError(world, world.policy.complexityError, [refused]);
  Object.assign(user, { password: newPassword, passwordState: "active" });
  user.passwordChanged = oktaNow(world.clock);
  transaction.done.add("password").add("warn");
  advance(transaction);
  return showTransaction(context, transaction);
}
