/**
 * Decodes PNG pictures: all colour types, depths and both interlacings.
 *
 * Source: https://www.w3.org/TR/png-3/
 *
 * @module
 */

export interface Pixels {
  width: number;
  height: number;
  /** RGBA of each pixel, row by row from the top left. */
  data: Uint8ClampedArray<ArrayBuffer>;
}

/** Largest picture accepted; a screenshot of several 8K screens is smaller. */
export const MOST_PIXELS = 100_000_000;

/** First column, first row, column step, row step of Adam7's passes. */
const ADAM7: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

export function isPng(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8).toHex() === "89504e470d0a1a0a";
}

/**
 * Decodes the still picture, also of an animation.
 *
 * @throws {Error} If the file is damaged or larger than {@linkcode MOST_PIXELS}.
 */
export async function decodePng(bytes: Uint8Array<ArrayBuffer>): Promise<Pixels> {
  const { header, compressed } = readChunks(bytes);
  const { width, height } = header;
  const passes = (header.interlaced ? ADAM7 : [[0, 0, 1, 1] as const])
    .map(([x, y, dx, dy]) => ({ x, y, dx, dy, ...sizeOf(header, [x, y, dx, dy]) }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
  const expected = passes.reduce((sum, { rows, stride }) => sum + rows * (stride + 1), 0);
  const filtered = await inflate(compressed, expected);
  const data = new Uint8ClampedArray(width * height * 4);
  let offset = 0;
  for (const { x, y, dx, dy, columns, rows, stride } of passes) {
    let above: Uint8Array = new Uint8Array(stride);
    for (let row = 0; row < rows; row++) {
      const line = filtered.subarray(offset + 1, offset + 1 + stride);
      unfilter(filtered[offset]!, line, above, Math.max(1, bitsPerPixel(header) >> 3));
      const start = (y + row * dy) * width + x;
      for (let column = 0; column < columns; column++) {
        paintPixel(data, (start + column * dx) * 4, header, line, column);
      }
      above = line;
      offset += stride + 1;
    }
  }
  return { width, height, data };
}

function sizeOf(
  header: Header,
  [x, y, dx, dy]: typeof ADAM7[number],
): { columns: number; rows: number; stride: number } {
  const columns = Math.ceil((header.width - x) / dx);
  const rows = Math.ceil((header.height - y) / dy);
  return { columns, rows, stride: Math.ceil((columns * bitsPerPixel(header)) / 8) };
}

function readChunks(
  bytes: Uint8Array<ArrayBuffer>,
): { header: Header; compressed: Uint8Array<ArrayBuffer>[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const compressed: Uint8Array<ArrayBuffer>[] = [];
  let header: Header | undefined;
  for (let at = 8; at + 8 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = new TextDecoder().decode(bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") header = readHeader(body);
    if (type === "PLTE" && header) header.palette = body;
    if (type === "tRNS" && header) header.transparency = body;
    if (type === "IDAT") compressed.push(body);
    if (type === "IEND") break;
    at += length + 12;
  }
  if (header === undefined) throw new Error("the PNG has no header");
  return { header, compressed };
}

function readHeader(body: Uint8Array): Header {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const header: Header = {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: view.getUint8(8),
    colorType: view.getUint8(9),
    interlaced: view.getUint8(12) === 1,
    palette: new Uint8Array(),
    transparency: new Uint8Array(),
  };
  const known = SAMPLES.has(header.colorType) && [1, 2, 4, 8, 16].includes(header.depth);
  if (!known) throw new Error("the PNG has an invalid header");
  if (header.width * header.height > MOST_PIXELS) throw new Error("the picture is too large");
  return header;
}

/** Stops at the size that the header declares, in case a small file expands to gigabytes. */
async function inflate(
  compressed: Uint8Array<ArrayBuffer>[],
  expected: number,
): Promise<Uint8Array> {
  const out = new Uint8Array(expected);
  let length = 0;
  const stream = new Blob(compressed).stream().pipeThrough(new DecompressionStream("deflate"));
  for await (const part of stream) {
    out.set(part.subarray(0, expected - length), length);
    length += part.length;
    if (length >= expected) break;
  }
  if (length < expected) throw new Error("the PNG is cut off");
  return out;
}

/** Reverses a row's filter in place (PNG, section 9). */
function unfilter(type: number, line: Uint8Array, above: Uint8Array, back: number): void {
  for (let at = 0; at < line.length; at++) {
    const left = at < back ? 0 : line[at - back]!;
    const up = above[at]!;
    if (type === 1) line[at]! += left;
    else if (type === 2) line[at]! += up;
    else if (type === 3) line[at]! += (left + up) >> 1;
    else if (type === 4) line[at]! += paeth(left, up, at < back ? 0 : above[at - back]!);
    else if (type !== 0) throw new Error("the PNG is damaged");
  }
}

function paeth(left: number, up: number, corner: number): number {
  const byLeft = Math.abs(up - corner);
  const byUp = Math.abs(left - corner);
  const byCorner = Math.abs(left + up - 2 * corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

/** The header and palette (PNG, sections 7.2 and 11.3). */
export interface Header {
  width: number;
  height: number;
  /** Bits per sample: 1, 2, 4, 8 or 16. */
  depth: number;
  /** 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha. */
  colorType: number;
  /** Adam7 interlacing. */
  interlaced: boolean;
  palette: Uint8Array;
  /** The `tRNS` chunk: alpha of the palette entries, or the one transparent grey or colour. */
  transparency: Uint8Array;
}

/** Samples per pixel, by colour type. */
export const SAMPLES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);

export function bitsPerPixel({ depth, colorType }: Header): number {
  return depth * SAMPLES.get(colorType)!;
}

/** The raw sample, 0 to 65,535. */
function sampleAt(line: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return line[index]!;
  if (depth === 16) return line[index * 2]! << 8 | line[index * 2 + 1]!;
  const bit = index * depth;
  return line[bit >> 3]! >> (8 - depth - (bit & 7)) & ((1 << depth) - 1);
}

/** The sample scaled to 0 to 255. */
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
