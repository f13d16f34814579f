/**
 * Holds a request's body against the form that it answers: all that is required, nothing unknown,
 * nothing changed that must not be.
 *
 * @module
 */

import type { IonField, IonOption } from "./ion.ts";

type Body = Record<string, unknown>;

function isObject(value: unknown): value is Body {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function sorted(value: unknown): unknown {
  return isObject(value) ? Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1) : value;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function fits({ value }: IonOption, given: unknown): boolean {
  if (typeof value === "string") return given === value;
  return isObject(given) && wrongField(value.form.value, given) === undefined;
}

/** The form below a field, which may stand in its value. */
function innerForm({ form, value }: IonField): { value: IonField[] } | undefined {
  if (form) return form;
  return isObject(value) ? value.form as { value: IonField[] } | undefined : undefined;
}

function isWrong(field: IonField, given: unknown): boolean {
  const inner = innerForm(field);
  if (given === undefined) return field.required === true || inner !== undefined;
  if (inner) return !isObject(given) || wrongField(inner.value, given) !== undefined;
  if (field.options) return !field.options.some((option) => fits(option, given));
  if (field.mutable === false && field.value !== undefined) return !isSame(field.value, given);
  return field.type === "boolean" ? typeof given !== "boolean" : false;
}

/** @returns The first field that is lacking, unknown or wrong. */
export function wrongField(fields: IonField[], body: Body): string | undefined {
  const stranger = Object.keys(body).find((name) => !fields.some((field) => field.name === name));
  return stranger ?? fields.find((field) => isWrong(field, body[field.name]))?.name;
}
