/**
 * Reads XML that a server sent (SAML assertions, STS answers) into a small immutable tree.
 *
 * fast-xml-parser does the reading, with everything that guesses switched off; what it lets pass is
 * refused here: document types (so there are no entities to expand), declarations it takes for
 * CDATA or tags, more than one root, and entity references that XML itself does not define.
 *
 * @module
 */

import { XMLParser, XMLValidator } from "fast-xml-parser";

/** Why a document was refused. */
export type XmlErrorCode = "doctype" | "malformed" | "too_deep";

/** The document is refused. The message never holds a part of it, for it may be an assertion. */
export class XmlError extends Error {
  /** Why. */
  readonly code: XmlErrorCode;

  /**
   * An error of this kind.
   *
   * @param code Why.
   * @param message What is wrong, without any text of the document.
   */
  constructor(code: XmlErrorCode, message: string) {
    super(message);
    this.name = "XmlError";
    this.code = code;
  }
}

/** One element. */
export interface XmlElement {
  /** The name without its namespace prefix. */
  readonly name: string;
  /** The attributes by their names as written, prefix included, entities decoded. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The child elements in document order; text between them is only in `text`. */
  readonly children: readonly XmlElement[];
  /**
   * All text in the element and its descendants in document order, CDATA included, comments left
   * out without a gap, entities decoded, not trimmed.
   */
  readonly text: string;
}

/** How to read. */
export interface XmlOptions {
  /** The most elements that may stand in each other; 100 where it is left out. */
  maxDepth?: number;
}

/** What fast-xml-parser gives with `preserveOrder`: one key names it, `:@` holds the attributes. */
type OrderedNode = { [name: string]: OrderedNode[] | string | Record<string, string> };

const TEXT = "#text";
const CDATA = "#cdata";
const ATTRIBUTES = ":@";
const MAX_DEPTH = 100;

/**
 * Parses one XML document.
 *
 * @param text The document; a byte order mark and white space before it are dropped.
 * @param options See {@linkcode XmlOptions}.
 * @returns Its root element.
 * @throws {XmlError} `doctype` where it has a document type, `too_deep` where elements are nested
 * too deeply, `malformed` where it is not one well-formed element.
 */
export function parseXml(text: string, options: XmlOptions = {}): XmlElement {
  const document = text.replace(/^[\ufeff\s]+/, "");
  refuseDeclarations(document);
  if (XMLValidator.validate(document) !== true) throw malformed();
  const roots = elementsOf(read(document, options.maxDepth ?? MAX_DEPTH));
  if (roots.length !== 1) throw malformed();
  return convert(roots[0]!);
}

/**
 * The first child element of that name.
 *
 * @param element Where to look; nowhere gives nothing, so that calls can be chained.
 * @param name The name without prefix.
 * @returns The child, or `undefined`.
 */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((candidate) => candidate.name === name);
}

/**
 * All elements of that name below an element, at any depth, in document order.
 *
 * @param element Where to look; it is not part of the answer itself.
 * @param name The name without prefix.
 * @returns The elements found.
 */
export function descendants(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((candidate) => {
    const below = descendants(candidate, name);
    return candidate.name === name ? [candidate, ...below] : below;
  });
}

function malformed(): XmlError {
  return new XmlError("malformed", "the text is not well-formed XML");
}

/** fast-xml-parser takes `<![ANYTHING[` for CDATA and `<!ANYTHING` for a tag, so neither gets there. */
function refuseDeclarations(document: string): void {
  if (/<!doctype/i.test(document)) {
    throw new XmlError("doctype", "the XML has a document type, which is never accepted");
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
    // Its decoder leaves numeric references alone unless HTML's names are on too; we decode.
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    textNodeName: TEXT,
    cdataPropName: CDATA,
    // It counts the elements around, not the element itself.
    maxNestedTags: maxDepth - 1,
  });
  try {
    return parser.parse(document) as OrderedNode[];
  } catch (error) {
    // Its messages quote the document, hence no cause.
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

/** Recursive: `read` has bounded the depth. */
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

/** XML 1.0, section 2.2: not every number is a character. */
function decodeCharacter(name: string): string {
  const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
  if (digits === null) throw malformed();
  const code = digits[1] === undefined ? parseInt(digits[2]!, 10) : parseInt(digits[1], 16);
  const allowed = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
  if (!allowed) throw malformed();
  return String.fromCodePoint(code);
}
