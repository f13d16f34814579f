/**
 * Parses XML from a server (SAML assertions, STS responses) into a small immutable tree.
 *
 * fast-xml-parser does it, with all guessing switched off. What it accepts is rejected here: document
 * types (so there are no entities to expand), declarations it takes for CDATA or tags, more than one
 * root, and entity references that XML does not define.
 *
 * @module
 */

import { XMLParser, XMLValidator } from "fast-xml-parser";

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

/** A node from fast-xml-parser with `preserveOrder`: its name is a key, `:@` has the attributes. */
type OrderedNode = { [name: string]: OrderedNode[] | string | Record<string, string> };

const TEXT = "#text";
const CDATA = "#cdata";
const ATTRIBUTES = ":@";
const MAX_DEPTH = 100;

/**
 * Returns the root element. A byte order mark and white space before the document are dropped.
 *
 * @throws {XmlError} `doctype` if there is a document type, `too_deep`, or `malformed` unless it is one
 * well-formed element.
 */
export function parseXml(text: string, options: XmlOptions = {}): XmlElement {
  const document = text.replace(/^[\ufeff\s]+/, "");
  refuseDeclarations(document);
  if (XMLValidator.validate(document) !== true) throw malformed();
  const roots = elementsOf(read(document, options.maxDepth ?? MAX_DEPTH));
  if (roots.length !== 1) throw malformed();
  return convert(roots[0]!);
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

function malformed(): XmlError {
  return new XmlError("malformed", "the text is not well-formed XML");
}

/** fast-xml-parser takes `<![ANYTHING[` for CDATA and `<!ANYTHING` for a tag. */
function refuseDeclarations(document: string): void {
  if (/<!doctype/i.test(document)) {
    throw new XmlError("doctype", "the XML has a document type, which is not accepted");
  }
  if (/<!(?!--|\[CDATA\[)/.test(document)) throw malformed();
}

function read(document: string, maxDepth: number): OrderedNode[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    // Without HTML's names its decoder ignores numeric references, so we decode.
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    textNodeName: TEXT,
    cdataPropName: CDATA,
    // It does not count the element itself.
    maxNestedTags: maxDepth - 1,
  });
  try {
    return parser.parse(document) as OrderedNode[];
  } catch (error) {
    // No cause, as its messages quote the document.
    if (error instanceof Error && error.message.startsWith("Maximum nested tags")) {
      throw new XmlError("too_deep", `the XML nests elements more than ${maxDepth} deep`);
    }
    throw malformed();
  }
}

function nameOf(node: OrderedNode): string {
  return Object.keys(node).find((key) => key !== ATTRIBUTES) ?? "";
}

function elementsOf(nodes: OrderedNode[]): OrderedNode[] {
  return nodes.filter((node) => !nameOf(node).startsWith("#"));
}

/** Recursive; `read` has limited the depth. */
function convert(node: OrderedNode): XmlElement {
  const name = nameOf(node);
  const children: XmlElement[] = [];
  let text = "";
  for (const part of node[name] as OrderedNode[]) {
    const partName = nameOf(part);
    if (partName === TEXT) {
      text += decodeEntities(part[TEXT] as string);
    } else if (partName === CDATA) {
      text += (part[CDATA] as OrderedNode[])[0]?.[TEXT] as string;
    } else {
      const element = convert(part);
      children.push(element);
      text += element.text;
    }
  }
  return {
    name: name.slice(name.lastIndexOf(":") + 1),
    attributes: attributesOf(node),
    children,
    text,
  };
}

function attributesOf(node: OrderedNode): ReadonlyMap<string, string> {
  const written = Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, string>);
  return new Map(
    written.map(([name, value]) => [name, decodeEntities(value.replace(/[\t\n]/g, " "))]),
  );
}

const PREDEFINED = new Map([["lt", "<"], ["gt", ">"], ["amp", "&"], ["quot", '"'], ["apos", "'"]]);

function decodeEntities(text: string): string {
  return text.replace(/&([^;&]*);?/g, (reference, name: string) => {
    if (!reference.endsWith(";")) throw malformed();
    return PREDEFINED.get(name) ?? decodeCharacter(name);
  });
}

/** Not every number is a character (XML 1.0, section 2.2). */
function decodeCharacter(name: string): string {
  const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
  if (digits === null) throw malformed();
  const code = digits[1] === undefined ? parseInt(digits[2]!, 10) : parseInt(digits[1], 16);
  const allowed = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
  if (!allowed) throw malformed();
  return String.fromCodePoint(code);
}
