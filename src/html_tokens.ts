/**
 * Reads the tags and texts of an HTML page, as the HTML standard has them, without building a tree:
 * time and memory are linear in the size of the page, whatever it contains.
 *
 * @module
 */

import { type Token, Tokenizer, TokenizerMode } from "parse5";

/** Elements whose content is not markup, with the tokenizer mode for it. */
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

/** Who gets the tags and texts, in the order of the page. */
export interface HtmlReader {
  /** `isRaw`: the content is not markup, but one text up to the end tag. */
  onStartTag(tag: Token.TagToken, isRaw: boolean): void;
  onEndTag(tagName: string): void;
  onText(text: string): void;
}

/** The tokenizer compares each attribute of a tag with all before it. No page of people has as many. */
const MOST_ATTRIBUTES = 1_000;

/** Between two looks at the number of attributes. */
const CHUNK_CHARACTERS = 16_384;

/**
 * Accepts any text: like a browser, it never fails. Stops at a tag with more than a thousand attributes.
 */
export function readHtml(html: string, reader: HtmlReader): void {
  const onCharacters = (token: Token.CharacterToken): void => reader.onText(token.chars);
  let attributes: readonly unknown[] = [];
  const tokenizer = new Tokenizer({ sourceCodeLocationInfo: false }, {
    onStartTag(token) {
      const mode = CONTENT_MODES.get(token.tagName);
      if (mode !== undefined) tokenizer.state = mode as typeof tokenizer.state;
      reader.onStartTag(token, mode !== undefined);
    },
    onEndTag: (token) => reader.onEndTag(token.tagName),
    onCharacter: onCharacters,
    onWhitespaceCharacter: onCharacters,
    onNullCharacter: () => {},
    onComment: () => {},
    onDoctype: () => {},
    onEof: () => {},
  });
  for (let at = 0; attributes.length <= MOST_ATTRIBUTES; at += CHUNK_CHARACTERS) {
    const isLast = at + CHUNK_CHARACTERS >= html.length;
    tokenizer.write(html.slice(at, at + CHUNK_CHARACTERS), isLast);
    if (isLast) return;
    const { currentToken } = tokenizer as unknown as {
      currentToken: Partial<Token.TagToken> | null;
    };
    attributes = currentToken?.attrs ?? [];
  }
}
