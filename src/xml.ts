/**
 * Parses XML from a server (SAML assertions, STS responses) into a small immutable tree.
 *
 * parse-xml does it, strictly. Document types, which it skips, are rejected here, and so is deep
 * nesting, as it is recursive.
 *
 * @module
 */

import * as strict from "@rgrove/parse-xml";

export type XmlErrorCode = "doctype" | "malformed" | "too_deep";

/** The message never contains a part of the document, which may be an assertion. */
export class XmlError extends Error {
  readonly code: XmlErrorCode;

  constructor(code: XmlErrorCode, message: string) {
    super(message);
    this.name = "XmlError";
    this.code = code;
  }
}

export interface XmlElement {
  /** Without namespace prefix. */
  readonly name: string;
  /** By name, prefix included; entities decoded. */
  readonly attributes: ReadonlyMap<string, string>;
  /** In document order; text between them is only in `text`. */
  readonly children: readonly XmlElement[];
  /** All text of the element and its descendants, CDATA included, entities decoded, not trimmed. */
  readonly text: string;
}

export interface XmlOptions {
  /** How deep elements may be nested (default: 100). */
  maxDepth?: number;
}

const MAX_DEPTH = 100;

/** XML has no such characters. One in a name or a label must not spoil the rest. */
// deno-lint-ignore no-control-regex
const NO_CHARACTER = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

/**
 * Returns the root element. A byte order mark and white space before the document are dropped;
 * characters that XML does not have are replaced.
 *
 * @throws {XmlError} `doctype` if there is a document type, `too_deep`, or `malformed` unless it is one
 * well-formed element.
 */
export function parseXml(text: string, options: XmlOptions = {}): XmlElement {
  // Line ends as in XML 1.0, section 2.11; parse-xml takes quadratic time for them.
  const document = text.replace(/^[\ufeff\s]+/, "").replace(/\r\n?/g, "\n")
    .replace(NO_CHARACTER, "\ufffd");
  if (/<!doctype/i.test(document)) {
    throw new XmlError("doctype", "the XML has a document type, which is not accepted");
  }
  refuseDepth(document, options.maxDepth ?? MAX_DEPTH);
  return convert(readRoot(document));
}

/** The first child with that name (without prefix). Accepts `undefined`, so that calls can be chained. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((candidate) => candidate.name === name);
}

/** All descendants with that name (without prefix), in document order. */
export function descendants(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((candidate) => {
    const below = descendants(candidate, name);
    return candidate.name === name ? [candidate, ...below] : below;
  });
}

/**
 * What starts with `<`. Each alternative takes the rest of the text if its end is missing, so that
 * the time is linear.
 */
const MARKUP =
  /<!--[^]*?(?:-->|$)|<!\[CDATA\[[^]*?(?:\]\]>|$)|<\?[^]*?(?:\?>|$)|<(?:[^"'>]+|"[^"]*"?|'[^']*'?)*>?/g;

/** Counts the open elements of a well-formed document; of another one no less than parse-xml sees. */
function refuseDepth(document: string, maxDepth: number): void {
  let depth = 0;
  for (const [markup] of document.matchAll(MARKUP)) {
    if (markup.startsWith("</")) depth--;
    else if (!/^<[!?]/.test(markup) && !markup.endsWith("/>")) depth++;
    if (depth > maxDepth) {
      throw new XmlError("too_deep", `the XML nests elements more than ${maxDepth} deep`);
    }
  }
}

function readRoot(document: string): strict.XmlElement {
  try {
    const { root } = strict.parseXml(document);
    if (root !== null) return root;
  } catch (error) {
    // Not as the cause, as its message quotes the document.
    if (!(error instanceof strict.XmlError)) throw error;
  }
  throw new XmlError("malformed", "the text is not well-formed XML");
}

/** Recursive; `refuseDepth` has limited the depth. */
function convert({ name, attributes, children: nodes }: strict.XmlElement): XmlElement {
  const children: XmlElement[] = [];
  let text = "";
  for (const node of nodes) {
    if (node instanceof strict.XmlElement) {
      const element = convert(node);
      children.push(element);
      text += element.text;
    } else if (node instanceof strict.XmlText) {
      text += node.text;
    }
  }
  return {
    name: name.slice(name.lastIndexOf(":") + 1),
    attributes: new Map(Object.entries(attributes)),
    children,
    text,
  };
}
