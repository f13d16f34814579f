import { Secret } from "../../secret.ts";
import { followRelatesTo, type Members, membersOf, numberOf, textOf } from "./idx_json.ts";
import type { IdxField, IdxForm, IdxMessage, IdxOption } from "./idx_transaction.ts";
import { toIdxAuthenticator } from "./parse_idx_authenticator.ts";

/** Deeper than any form goes; a document made to go deeper is cut off. */
const DEPTH = 6;

/**
 * Reads a form.
 *
 * @param document The whole document, for `relatesTo`.
 */
export function parseIdxForm(given: unknown, document: Members): IdxForm | undefined {
  const form = membersOf(given);
  const name = textOf(form?.name);
  const href = textOf(form?.href);
  if (form === undefined || name === undefined || href === undefined) return undefined;
  return {
    name,
    href,
    method: textOf(form.method)?.toUpperCase() ?? "POST",
    produces: textOf(form.produces),
    refresh: numberOf(form.refresh),
    fields: parseFields(form.value, document, 0),
    providerName: textOf(membersOf(form.idp)?.name) ?? textOf(form.type),
  };
}

function parseFields(given: unknown, document: Members, depth: number): IdxField[] {
  if (!Array.isArray(given) || depth > DEPTH) return [];
  return given.map((field) => parseField(field, document, depth))
    .filter((field) => field !== undefined);
}

function parseField(given: unknown, document: Members, depth: number): IdxField | undefined {
  const field = membersOf(given);
  const name = textOf(field?.name);
  if (field === undefined || name === undefined) return undefined;
  // `form: {value: […]}`, or, in older answers, `value: {form: {value: […]}}`.
  const inner = membersOf(field.form) ?? membersOf(membersOf(field.value)?.form);
  return {
    name,
    label: textOf(field.label),
    // In some answers the text "false" stands there.
    required: field.required === true || field.required === "true",
    visible: field.visible !== false,
    value: inner === undefined ? valueOf(name, field.value) : undefined,
    fields: inner === undefined ? undefined : parseFields(inner.value, document, depth + 1),
    options: parseOptions(field.options, document, depth),
  };
}

function valueOf(name: string, value: unknown): IdxField["value"] {
  if (name === "stateHandle" && typeof value === "string") return new Secret(value);
  const isPlain = ["string", "number", "boolean"].includes(typeof value);
  return isPlain || membersOf(value) !== undefined ? value as IdxField["value"] : undefined;
}

function parseOptions(given: unknown, document: Members, depth: number): IdxOption[] {
  if (!Array.isArray(given)) return [];
  return given.map(membersOf).filter((option) => option !== undefined).map((option) => {
    const related = followRelatesTo(document, option.relatesTo);
    const form = membersOf(membersOf(option.value)?.form) ?? membersOf(option.form);
    return {
      label: textOf(option.label) ?? "",
      value: textOf(option.value),
      fields: parseFields(form?.value, document, depth + 1),
      relatesTo: related && toIdxAuthenticator(related),
    };
  });
}

export function parseIdxMessages(given: unknown): IdxMessage[] {
  const { value } = membersOf(given) ?? {};
  if (!Array.isArray(value)) return [];
  return value.map(membersOf).filter((message) => message !== undefined).map((message) => ({
    key: textOf(membersOf(message.i18n)?.key) ?? "",
    text: textOf(message.message) ?? "",
    level: textOf(message.class)?.toUpperCase() ?? "",
    links: Array.isArray(message.links)
      ? message.links.map((link) => textOf(membersOf(link)?.url)).filter((url) => url !== undefined)
      : [],
  }));
}

/** The messages that stand at the fields of a form, however deep. */
export function fieldMessages(given: unknown): IdxMessage[] {
  return messagesWithin(given, 0);
}

function messagesWithin(given: unknown, depth: number): IdxMessage[] {
  if (depth > 4 * DEPTH) return [];
  if (Array.isArray(given)) return given.flatMap((one) => messagesWithin(one, depth + 1));
  const members = membersOf(given);
  if (members === undefined) return [];
  const { messages, value, form, options } = members;
  return [
    ...parseIdxMessages(messages),
    ...[value, form, options].flatMap((inner) => messagesWithin(inner, depth + 1)),
  ];
}
