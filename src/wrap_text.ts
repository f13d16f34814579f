/** Breaks text at spaces, for a terminal that would break it inside words. @module */

/** Colours take no room. */
// deno-lint-ignore no-control-regex -- escape sequences are what this looks for
const SGR = /\x1b\[[\d;]*m/g;

function widthOf(text: string): number {
  return [...text.replaceAll(SGR, "")].length;
}

/** Breaks one line at spaces; a word longer than `columns` gets a line of its own. */
export function wrapText(text: string, columns: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && widthOf(longer) > columns) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** Breaks each line that is too long; what follows keeps its indentation. */
export function wrapLines(text: string, columns: number): string {
  return text.split("\n").flatMap((line) => {
    if (widthOf(line) <= columns) return [line];
    const indent = /^ */.exec(line)![0];
    return wrapText(line.slice(indent.length), columns - indent.length)
      .map((part) => indent + part);
  }).join("\n");
}
