/**
 * What AWS takes in a chain of roles, checked before anything is sent.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * @module
 */

import { SettingsError, UsageError } from "../errors.ts";
import type { RoleStep } from "../roles/role_step.ts";
import { showUntrusted } from "../untrusted_text.ts";

/** Seconds: also AWS's limits for a role of the assertion. */
const SESSION_SECONDS = { shortest: 900, longest: 43_200 };

/**
 * Checks the steps after the first, whose session Okta names.
 *
 * @throws {SettingsError} `bad_session_name`, `bad_external_id`
 * @throws {UsageError} `bad_duration`
 */
export function checkChain(steps: readonly RoleStep[], seconds: number | undefined): void {
  if (steps.length === 0) return;
  for (const { roleSessionName, externalId } of steps) {
    checkText("role_session_name", roleSessionName, {
      pattern: /^[\w+=,.@-]{2,64}$/,
      code: "bad_session_name",
      hint: "use 2 to 64 letters, digits and + = , . @ - _",
    });
    checkText("external_id", externalId, {
      pattern: /^[\w+=,.@:/-]{2,1224}$/,
      code: "bad_external_id",
      hint: "use 2 to 1224 letters, digits and + = , . @ : / - _",
    });
  }
  const { shortest, longest } = SESSION_SECONDS;
  if (seconds === undefined || (seconds >= shortest && seconds <= longest)) return;
  throw new UsageError(
    `a session of ${seconds} seconds is out of range: AWS allows 15 minutes to 12 hours`,
    {
      code: "bad_duration",
      hint: "fix --assume-role-ttl, AWS_ASSUME_ROLE_TTL, assume_role_ttl or duration_seconds",
    },
  );
}

function checkText(
  key: string,
  value: string | undefined,
  { pattern, code, hint }: { pattern: RegExp; code: string; hint: string },
): void {
  if (value === undefined || pattern.test(value)) return;
  const message = `${key} in the AWS config file can't be ${showUntrusted(value)}`;
  throw new SettingsError(message, { code, hint });
}
