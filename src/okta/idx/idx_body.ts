import { SignInError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { IdxField, IdxForm } from "./idx_transaction.ts";

/** Values by field name; nested fields are nested objects. */
export interface IdxAnswers {
  [name: string]: string | boolean | Secret | IdxAnswers | undefined;
}

function answersOf(given: IdxAnswers[string]): IdxAnswers | undefined {
  return typeof given === "object" && !(given instanceof Secret) ? given : undefined;
}

/** `undefined` if the field has no value, or a required inner field has none. */
function valueOf(field: IdxField, given: IdxAnswers[string]): unknown {
  const inner = answersOf(given);
  if (given !== undefined && inner === undefined) return given;
  if (field.fields === undefined) return inner ?? field.value;
  const values = field.fields.map((one) => ({ one, value: valueOf(one, inner?.[one.name]) }));
  if (inner === undefined && values.some(({ one, value }) => one.required && value === undefined)) {
    return undefined;
  }
  const known = values.filter(({ value }) => value !== undefined);
  if (known.length === 0 && inner === undefined) return undefined;
  for (const { one, value } of values) {
    if (one.required && value === undefined) throw cannotFill(one);
  }
  return Object.fromEntries(known.map(({ one, value }) => [one.name, value]));
}

function cannotFill({ name, label }: IdxField): SignInError {
  return new SignInError(
    `Okta asks for unknown input: ${showUntrusted(label ?? name)}`,
    {
      code: "idx_field",
      hint: "finish the sign-in in a browser once, then try again",
    },
  );
}

/**
 * The body of a form: its preset values and our answers. Optional objects with a missing value are
 * omitted.
 *
 * @throws {SignInError} `idx_field` if a required field has no value.
 */
export function idxBody({ fields }: Pick<IdxForm, "fields">, answers: IdxAnswers): IdxAnswers {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const value = valueOf(field, answers[field.name]);
    if (value !== undefined) body[field.name] = value;
    else if (field.required && field.name !== "stateHandle") throw cannotFill(field);
  }
  return body as IdxAnswers;
}

const ANSWER_NAMES = ["passcode", "totp", "otp", "answer"];

/**
 * The field inside `credentials` that takes the answer: `passcode`, `totp`, …, or the only visible
 * field without a value.
 */
export function answerField({ fields }: Pick<IdxForm, "fields">): string | undefined {
  const inner = fields.find(({ name }) => name === "credentials")?.fields ?? [];
  const open = inner.filter(({ value, visible }) => value === undefined && visible);
  const known = ANSWER_NAMES.find((word) => open.some(({ name }) => name === word));
  return known ?? (open.length === 1 ? open[0]!.name : undefined);
}
