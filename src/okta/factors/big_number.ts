/**
 * A number so big that it is read off the screen while the other hand holds the phone.
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
 * Draws a number, each block twice as wide as it is said here, since characters are narrow.
 *
 * @param number Its digits.
 * @returns Five lines, or none where it has other characters than digits, or more than six.
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
