/**
 * Text in lines that fit a terminal.
 *
 * @module
 */

/**
 * Breaks text at blanks.
 *
 * @param text The text, one line.
 * @param columns How many characters a line may have; a longer word has a line of its own.
 * @returns The lines, without line ends; at least one.
 */
export function wrapText(text: string, columns: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && longer.length > columns) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
