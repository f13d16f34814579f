/** Frames of a terminal as one animated SVG without script, so that it plays in an `<img>`. */

import type { Frame } from "./terminal.ts";

const CELL = { width: 8.4, height: 18 };
const MARGIN = 16;

/** The eight ANSI colours, then the bright ones. */
const COLOURS = [
  ..."#484f58 #ff7b72 #3fb950 #d29922 #58a6ff #bc8cff #39c5cf #c9d1d9".split(" "),
  ..."#6e7681 #ffa198 #56d364 #e3b341 #79c0ff #d2a8ff #56d4dd #ffffff".split(" "),
];

interface Style {
  colour: string | undefined;
  bold: boolean;
  dim: boolean;
  underline: boolean;
}

const PLAIN: Style = { colour: undefined, bold: false, dim: false, underline: false };

/** ECMA-48, 8.3.117. Codes that are not supported here change nothing. */
function applySgr(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 39) return { ...style, colour: undefined };
  const index = code >= 90 && code <= 97 ? code - 82 : code - 30;
  const isColour = (code >= 30 && code <= 37) || (code >= 90 && code <= 97);
  return isColour ? { ...style, colour: COLOURS[index] } : style;
}

/** Uses no-break spaces, because renderers collapse normal ones. */
function escape(text: string): string {
  return text.replaceAll(" ", "\u00a0").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(
    ">",
    "&gt;",
  );
}

function span(text: string, { colour, bold, dim, underline }: Style): string {
  const attributes = [
    ...(colour === undefined ? [] : [`fill="${colour}"`]),
    ...(bold ? [`font-weight="bold"`] : []),
    ...(dim ? [`opacity="0.6"`] : []),
    ...(underline ? [`text-decoration="underline"`] : []),
  ];
  if (text === "") return "";
  return attributes.length === 0
    ? escape(text)
    : `<tspan ${attributes.join(" ")}>${escape(text)}</tspan>`;
}

/** @param from The style at the end of the previous line, which continues. */
function drawLine(text: string, from: Style): { spans: string; style: Style } {
  let style = from;
  let spans = "";
  let at = 0;
  // deno-lint-ignore no-control-regex
  for (const match of text.matchAll(/\x1b\[([\d;]*)m/g)) {
    spans += span(text.slice(at, match.index), style);
    for (const code of match[1]!.split(";")) style = applySgr(style, Number(code));
    at = match.index + match[0].length;
  }
  return { spans: spans + span(text.slice(at), style), style };
}

/** Every distinct line, drawn once; frames refer to it. */
class Lines {
  readonly #ids = new Map<string, string>();

  /** Draws a screen as references to its lines. */
  draw(screen: string): string {
    let style = PLAIN;
    return screen.split("\n").map((text, row) => {
      const line = drawLine(text.trimEnd(), style);
      style = line.style;
      const y = MARGIN + (row + 0.8) * CELL.height;
      return line.spans === "" ? "" : `<use href="#${this.#id(line.spans)}" y="${y.toFixed(1)}"/>`;
    }).join("");
  }

  definitions(): string {
    const texts = [...this.#ids].map(([spans, id]) =>
      `<text id="${id}" x="${MARGIN}">${spans}</text>`
    );
    return `<defs>${texts.join("\n")}</defs>`;
  }

  #id(spans: string): string {
    const known = this.#ids.get(spans) ?? `l${this.#ids.size}`;
    this.#ids.set(spans, known);
    return known;
  }
}

/** The SVG shows each frame for its time, then starts again. */
export function formatSvg(frames: readonly Frame[], columns: number, rows: number): string {
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = rows * CELL.height + 2 * MARGIN;
  const total = frames.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  let began = 0;
  const lines = new Lines();
  const groups = frames.map(({ screen, milliseconds }, index) => {
    const [from, to] = [began, began + milliseconds].map((time) => (100 * time / total).toFixed(3));
    began += milliseconds;
    const hidden = index === 0 ? "" : `0%{visibility:hidden}`;
    const after = index === frames.length - 1 ? "" : `${to}%{visibility:hidden}`;
    const rule = `@keyframes f${index}{${hidden}${from}%{visibility:visible}${after}}`;
    return `<style>${rule}#f${index}{animation:f${index} ${total}ms steps(1) infinite}</style>` +
      `<g id="f${index}" visibility="hidden">${lines.draw(screen)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}">`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace,Menlo,Consolas,monospace" font-size="14" fill="#c9d1d9">`,
    lines.definitions(),
    ...groups,
    `</g></svg>\n`,
  ].join("\n");
}
