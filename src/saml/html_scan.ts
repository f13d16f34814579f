/**
 * What can be read off an HTML page without running it: forms with their fields, scripts, texts.
 *
 * It works on the tokens of parse5's tokenizer (the HTML standard's, so entities, quoting and case
 * are a browser's) and builds no tree: time and memory stay linear in the page, and no nesting,
 * however deep, can exhaust the stack.
 *
 * @module
 */

import { type Token, Tokenizer, TokenizerMode } from "parse5";

/** A named `<input>`. */
export interface HtmlField {
  /** Its name, never empty. */
  readonly name: string;
  /** Its value, entities decoded; empty where there is none. */
  readonly value: string;
  /** Its type in lower case; `text` where there is none. */
  readonly type: string;
}

/** A form, or the fields that stand outside all forms. */
export interface HtmlForm {
  /** Where it is sent: as written (so perhaps relative), empty where nothing is. */
  readonly action: string;
  readonly method: "GET" | "POST";
  /** Its fields in document order. */
  readonly fields: readonly HtmlField[];
}

export interface HtmlPage {
  /** The title, white space collapsed. */
  readonly title: string;
  /** The forms in document order; fields outside all forms are the last one. */
  readonly forms: readonly HtmlForm[];
  /** The scripts' sources, also of scripts that hold data. */
  readonly scripts: readonly string[];
  /** The values of all attributes that mention `stateToken`. */
  readonly stateTokenAttributes: readonly string[];
  /** The text that a person could see, white space collapsed. */
  readonly text: string;
  /** The text of the first element whose class says that it is the error, else empty. */
  readonly errorText: string;
  /** The text of the first heading (`h1`, `h2`), else empty. */
  readonly heading: string;
  readonly ids: ReadonlySet<string>;
  /** Whether a script, or the page's `onload`, submits a form. */
  readonly submitsItself: boolean;
}

/** Elements whose content is not markup, and how the tokenizer must read it. */
const CONTENT_MODES: ReadonlyMap<string, number> = new Map([
  ["script", TokenizerMode.SCRIPT_DATA],
  ["style", TokenizerMode.RAWTEXT],
  ["xmp", TokenizerMode.RAWTEXT],
  ["iframe", TokenizerMode.RAWTEXT],
  ["noembed", TokenizerMode.RAWTEXT],
  ["noframes", TokenizerMode.RAWTEXT],
  ["title", TokenizerMode.RCDATA],
  ["textarea", TokenizerMode.RCDATA],
]);

const ERROR_CLASS = /(?:^|\s)(?:error-content|okta-form-infobox-error|infobox-error)(?:\s|$)/;

/** The text between a start tag and the end tag that matches it. */
interface Excerpt {
  tagName: string;
  open: number;
  text: string[];
}

/** A form while it is being read. */
interface OpenForm {
  action: string;
  method: "GET" | "POST";
  fields: HtmlField[];
}

/** Everything that is known so far. */
interface Scan {
  title: string[];
  scripts: string[];
  text: string[];
  stateTokenAttributes: string[];
  forms: OpenForm[];
  formsById: Map<string, OpenForm>;
  currentForm: OpenForm | undefined;
  /** Fields whose `form` attribute names a form that may still come. */
  fieldsByFormId: [string, HtmlField][];
  orphans: OpenForm;
  ids: Set<string>;
  /** The element whose content is not markup, while inside one. */
  rawElement: string;
  error: Excerpt | undefined;
  heading: Excerpt | undefined;
  submitsItself: boolean;
}

/**
 * Takes an HTML page apart.
 *
 * @returns What was found. Nothing is ever refused, as in a browser.
 */
export function scanHtml(html: string): HtmlPage {
  const scan = newScan();
  const onCharacters = (token: Token.CharacterToken): void => addText(scan, token.chars);
  const tokenizer: Tokenizer = new Tokenizer({ sourceCodeLocationInfo: false }, {
    onStartTag(token) {
      startTag(scan, token);
      const mode = CONTENT_MODES.get(token.tagName);
      if (mode === undefined) return;
      tokenizer.state = mode as typeof tokenizer.state;
      scan.rawElement = token.tagName;
      if (token.tagName === "script") scan.scripts.push("");
    },
    onEndTag: (token) => endTag(scan, token.tagName),
    onCharacter: onCharacters,
    onWhitespaceCharacter: onCharacters,
    onNullCharacter: () => {},
    onComment: () => {},
    onDoctype: () => {},
    onEof: () => {},
  });
  tokenizer.write(html, true);
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
  // Words of neighbouring elements don't touch.
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

/** As the standard has it, a form inside a form is not one. */
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
