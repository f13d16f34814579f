/**
 * Reads an HTML page without running it: forms with fields, scripts, texts. Builds no
 * tree: time and memory are linear, and deep nesting cannot overflow the stack.
 *
 * @module
 */

import type { Token } from "parse5";
import { readHtml } from "../html_tokens.ts";

/** A named `<input>`. */
export interface HtmlField {
  /** Never empty. */
  readonly name: string;
  /** Entities decoded; empty if there is none. */
  readonly value: string;
  /** In lower case; default: `text`. */
  readonly type: string;
}

/** A form, or the fields outside all forms. */
export interface HtmlForm {
  /** As written, so may be relative; empty if missing. */
  readonly action: string;
  readonly method: "GET" | "POST";
  /** In document order. */
  readonly fields: readonly HtmlField[];
}

export interface HtmlPage {
  /** White space collapsed. */
  readonly title: string;
  /** In document order; fields outside all forms come last, as one form. */
  readonly forms: readonly HtmlForm[];
  /** Text of all scripts, those that hold data included. */
  readonly scripts: readonly string[];
  /** Values of attributes that contain `stateToken`. */
  readonly stateTokenAttributes: readonly string[];
  /** Visible text, white space collapsed. */
  readonly text: string;
  /** Text of the first element with an error class, else empty. */
  readonly errorText: string;
  /** Text of the first heading (`h1`, `h2`), else empty. */
  readonly heading: string;
  readonly ids: ReadonlySet<string>;
  /** Whether a script, or the page's `onload`, submits a form. */
  readonly submitsItself: boolean;
}

const ERROR_CLASS = /(?:^|\s)(?:error-content|okta-form-infobox-error|infobox-error)(?:\s|$)/;

/** The text between a start tag and the end tag that matches it. */
interface Excerpt {
  tagName: string;
  open: number;
  text: string[];
}

interface OpenForm {
  action: string;
  method: "GET" | "POST";
  fields: HtmlField[];
}

interface Scan {
  title: string[];
  scripts: string[];
  text: string[];
  stateTokenAttributes: string[];
  forms: OpenForm[];
  formsById: Map<string, OpenForm>;
  currentForm: OpenForm | undefined;
  /** Fields whose `form` attribute names a form that may come later. */
  fieldsByFormId: [string, HtmlField][];
  orphans: OpenForm;
  ids: Set<string>;
  /** The open element whose content is not markup. */
  rawElement: string;
  error: Excerpt | undefined;
  heading: Excerpt | undefined;
  submitsItself: boolean;
}

/** Accepts any text: like a browser, it never fails. */
export function scanHtml(html: string): HtmlPage {
  const scan = newScan();
  readHtml(html, {
    onStartTag(token, isRaw) {
      startTag(scan, token);
      if (!isRaw) return;
      scan.rawElement = token.tagName;
      if (token.tagName === "script") scan.scripts.push("");
    },
    onEndTag: (name) => endTag(scan, name),
    onText: (text) => addText(scan, text),
  });
  return finish(scan);
}

function newScan(): Scan {
  return {
    title: [],
    scripts: [],
    text: [],
    stateTokenAttributes: [],
    forms: [],
    formsById: new Map(),
    currentForm: undefined,
    fieldsByFormId: [],
    orphans: { action: "", method: "GET", fields: [] },
    ids: new Set(),
    rawElement: "",
    error: undefined,
    heading: undefined,
    submitsItself: false,
  };
}

function startTag(scan: Scan, token: Token.TagToken): void {
  const attributes = new Map(token.attrs.map(({ name, value }) => [name, value]));
  noteAttributes(scan, attributes);
  // Separates the words of neighbouring elements.
  addText(scan, " ");
  const name = token.tagName;
  if (name === "form") openForm(scan, attributes);
  if (name === "input") addField(scan, attributes);
  if (scan.error?.tagName === name && scan.error.open > 0) scan.error.open++;
  if (scan.error === undefined && ERROR_CLASS.test(attributes.get("class") ?? "")) {
    scan.error = { tagName: name, open: 1, text: [] };
  }
  if (scan.heading === undefined && (name === "h1" || name === "h2")) {
    scan.heading = { tagName: name, open: 1, text: [] };
  }
}

function noteAttributes(scan: Scan, attributes: ReadonlyMap<string, string>): void {
  for (const [name, value] of attributes) {
    if (name === "id") scan.ids.add(value);
    if (value.includes("stateToken")) scan.stateTokenAttributes.push(value);
    if (name === "onload" && value.includes("submit")) scan.submitsItself = true;
  }
}

/** The HTML standard ignores a form inside a form. */
function openForm(scan: Scan, attributes: ReadonlyMap<string, string>): void {
  if (scan.currentForm !== undefined) return;
  const method = attributes.get("method")?.trim().toUpperCase() === "POST" ? "POST" : "GET";
  const form: OpenForm = { action: attributes.get("action")?.trim() ?? "", method, fields: [] };
  scan.forms.push(form);
  scan.currentForm = form;
  const id = attributes.get("id");
  if (id !== undefined && !scan.formsById.has(id)) scan.formsById.set(id, form);
}

function addField(scan: Scan, attributes: ReadonlyMap<string, string>): void {
  const name = attributes.get("name");
  if (!name) return;
  const type = attributes.get("type")?.trim().toLowerCase() || "text";
  const field = { name, value: attributes.get("value") ?? "", type };
  const formId = attributes.get("form");
  if (formId) scan.fieldsByFormId.push([formId, field]);
  else (scan.currentForm ?? scan.orphans).fields.push(field);
}

function endTag(scan: Scan, name: string): void {
  if (name === scan.rawElement) scan.rawElement = "";
  if (name === "form") scan.currentForm = undefined;
  for (const excerpt of [scan.error, scan.heading]) {
    if (excerpt?.tagName === name && excerpt.open > 0) excerpt.open--;
  }
  addText(scan, " ");
}

function addText(scan: Scan, text: string): void {
  if (scan.rawElement === "script") scan.scripts[scan.scripts.length - 1] += text;
  else if (scan.rawElement === "title") scan.title.push(text);
  else if (scan.rawElement === "") {
    scan.text.push(text);
    if (scan.error !== undefined && scan.error.open > 0) scan.error.text.push(text);
    if (scan.heading !== undefined && scan.heading.open > 0) scan.heading.text.push(text);
  }
}

function finish(scan: Scan): HtmlPage {
  for (const [formId, field] of scan.fieldsByFormId) {
    (scan.formsById.get(formId) ?? scan.orphans).fields.push(field);
  }
  return {
    title: collapse(scan.title),
    forms: scan.orphans.fields.length === 0 ? scan.forms : [...scan.forms, scan.orphans],
    scripts: scan.scripts,
    stateTokenAttributes: scan.stateTokenAttributes,
    text: collapse(scan.text),
    errorText: collapse(scan.error?.text ?? []),
    heading: collapse(scan.heading?.text ?? []),
    ids: scan.ids,
    submitsItself: scan.submitsItself ||
      scan.scripts.some((script) => /\.submit\s{0,9}\(/.test(script)),
  };
}

function collapse(parts: string[]): string {
  return parts.join("").replace(/\s+/g, " ").trim();
}
