/**
 * The samples of a PNG's rows as red, green, blue and alpha.
 *
 * Source: https://www.w3.org/TR/png-3/, sections 7.2 and 11.3
 *
 * @module
 */

/** What a PNG says of itself before its pixels. */
export interface Header {
  width: number;
  height: number;
  /** Bits of one sample: 1, 2, 4, 8 or 16. */
  depth: number;
  /** 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha. */
  colorType: number;
  /** Whether the rows come in the order of Adam7. */
  interlaced: boolean;
  palette: Uint8Array;
  /** The `tRNS` chunk: alpha of the palette's entries, or the one grey or colour that is clear. */
  transparency: Uint8Array;
}

/** How many samples a pixel has, by colour type. */
export const SAMPLES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);

/** How many bits a pixel takes. */
export function bitsPerPixel({ depth, colorType }: Header): number {
  return depth * SAMPLES.get(colorType)!;
}

/** A sample as it stands, 0 to 65,535. */
function sampleAt(line: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return line[index]!;
  if (depth === 16) return line[index * 2]! << 8 | line[index * 2 + 1]!;
  const bit = index * depth;
  return line[bit >> 3]! >> (8 - depth - (bit & 7)) & ((1 << depth) - 1);
}

/** A sample out of 255. */
function shade(line: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return line[index]!;
  return sampleAt(line, index, depth) * 255 / ((1 << depth) - 1);
}

function isClear(header: Header, line: Uint8Array, first: number, count: number): boolean {
  const { transparency, depth } = header;
  if (transparency.length < count * 2) return false;
  for (let at = 0; at < count; at++) {
    const clear = transparency[at * 2]! << 8 | transparency[at * 2 + 1]!;
    if (sampleAt(line, first + at, depth) !== clear) return false;
  }
  return true;
}

export function paintPixel(
  data: Uint8ClampedArray,
  at: number,
  header: Header,
  line: Uint8Array,
  column: number,
): void {
  const { depth, colorType, palette, transparency } = header;
  if (colorType === 3) {
    const entry = sampleAt(line, column, depth);
    for (let part = 0; part < 3; part++) data[at + part] = palette[entry * 3 + part] ?? 0;
    data[at + 3] = transparency[entry] ?? 255;
    return;
  }
  const count = SAMPLES.get(colorType)!;
  const first = column * count;
  const step = count > 2 ? 1 : 0;
  for (let part = 0; part < 3; part++) data[at + part] = shade(line, first + part * step, depth);
  const hasAlpha = colorType > 3;
  data[at + 3] = hasAlpha
    ? shade(line, first + count - 1, depth)
    : isClear(header, line, first, count)
    ? 0
    : 255;
}
