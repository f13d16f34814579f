/**
 * A number big enough to read off the screen while holding the phone.
 *
 * @module
 */

const DIGITS: Readonly<Record<string, readonly string[]>> = {
  "0": ["███", "█ █", "█ █", "█ █", "███"],
  "1": ["  █", "  █", "  █", "  █", "  █"],
  "2": ["███", "  █", "███", "█  ", "███"],
  "3": ["███", "  █", "███", "  █", "███"],
  "4": ["█ █", "█ █", "███", "  █", "  █"],
  "5": ["███", "█  ", "███", "  █", "███"],
  "6": ["███", "█  ", "███", "█ █", "███"],
  "7": ["███", "  █", "  █", "  █", "  █"],
  "8": ["███", "█ █", "███", "█ █", "███"],
  "9": ["███", "█ █", "███", "  █", "███"],
};

const ROWS = [0, 1, 2, 3, 4];

/**
 * Five lines, each block twice as wide as in DIGITS, since characters are narrow. None for other
 * characters
 * than digits, or more than six.
 */
export function bigNumber(number: string): string[] {
  if (!/^\d{1,6}$/.test(number)) return [];
  return ROWS.map((row) =>
    [...number].map((digit) => wide(DIGITS[digit]![row]!)).join("  ").trimEnd()
  );
}

function wide(blocks: string): string {
  return [...blocks].map((block) => block + block).join("");
}
