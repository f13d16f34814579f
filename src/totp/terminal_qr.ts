import encodeQR from "qr";
import type { Secret } from "../secret.ts";

/**
 * Modules of white around the code: half of what the standard asks for, which phones are fine with.
 */
const BORDER = 2;

export interface TerminalQrOptions {
  columns: number;
  /** Whether colours may be set: the code is then black on white whatever the terminal's are. */
  color: boolean;
}

/** Draws a QR code; two modules stand above one another in each character. */
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

/** With colour the foreground is black; without, it is taken for the lighter of the two. */
function character(top: boolean, bottom: boolean, color: boolean): string {
  if (top === bottom) return top === color ? "█" : " ";
  return top === color ? "▀" : "▄";
}
