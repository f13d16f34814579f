import encodeQR from "qr";
import type { Secret } from "../secret.ts";

/** White modules around the code. The standard wants four; phones manage with two. */
const BORDER = 2;

export interface TerminalQrOptions {
  columns: number;
  /** Whether to set colours: black on white, whatever the terminal uses. */
  color: boolean;
}

/**
 * Draws a QR code, two modules per character; `undefined` if the terminal is too narrow. Without
 * colour it draws the light modules, which is right on a dark terminal. On a light one the code is
 * inverted, which most phones can read.
 */
export function terminalQr(
  text: Secret,
  { columns, color }: TerminalQrOptions,
): string | undefined {
  const modules = encodeQR(text.reveal(), "raw", { ecc: "low", border: BORDER });
  if (modules.length > columns) return undefined;
  const lines: string[] = [];
  for (let row = 0; row < modules.length; row += 2) {
    const below = modules[row + 1];
    const line = modules[row]!.map((top, at) => character(top, below?.[at] ?? false, color));
    lines.push(color ? `\x1b[30;107m${line.join("")}\x1b[0m\n` : `${line.join("")}\n`);
  }
  return lines.join("");
}

/** With colour the foreground is black; without, it is assumed to be the lighter one. */
function character(top: boolean, bottom: boolean, color: boolean): string {
  if (top === bottom) return top === color ? "█" : " ";
  return top === color ? "▀" : "▄";
}
