/** The rules for DurationSeconds and role session names, with STS's messages. */

import { stsError } from "./answers.ts";
import type { AwsContext } from "./context.ts";

/** Seconds, or the error. */
export type Duration = { seconds: number } | { refusal: Response };

/** `ValidationError` 400. */
export function validationError(context: AwsContext, message: string): Response {
  return stsError(context, 400, "ValidationError", message);
}

/** `1 validation error detected: …`. */
export function constraintError(context: AwsContext, member: string, must: string): Response {
  const message =
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: ` +
    `Member must ${must}`;
  return validationError(context, message);
}

/**
 * @param text Default (`null`): 3600.
 * @param maximum The role's MaxSessionDuration.
 * @param chained Whether the caller uses role credentials.
 */
export function readDuration(
  context: AwsContext,
  text: string | null,
  maximum: number,
  chained: boolean,
): Duration {
  const seconds = Number(text ?? 3600);
  const refuse = (refusal: Response): Duration => ({ refusal });
  if (!Number.isInteger(seconds)) {
    return refuse(constraintError(context, "durationSeconds", "be an integer"));
  }
  if (seconds < 900) {
    const must = "have value greater than or equal to 900";
    return refuse(constraintError(context, "durationSeconds", must));
  }
  if (seconds > 43200) {
    const must = "have value less than or equal to 43200";
    return refuse(constraintError(context, "durationSeconds", must));
  }
  if (chained && seconds > 3600) {
    return refuse(validationError(
      context,
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    ));
  }
  if (seconds > maximum) {
    return refuse(validationError(
      context,
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    ));
  }
  return { seconds };
}

export function isSessionName(text: string): boolean {
  return /^[\w+=,.@-]{2,64}$/.test(text);
}

/** Whether a text looks like the ARN of a role or provider. */
export function isIamArn(text: string, kind: "role" | "saml-provider"): boolean {
  return text.length >= 20 && text.length <= 2048 &&
    new RegExp(`^arn:aws[a-z-]*:iam::\\d{12}:${kind}/[\\w+=,.@/-]+$`).test(text);
}
