import type { Pixels } from "./png_pixels.ts";

/**
 * Turns a picture about its middle; what comes in at the corners is white.
 *
 * @param degrees How far, against the clock.
 */
export function turnPixels({ width, height, data }: Pixels, degrees: number): Pixels {
  const angle = degrees * Math.PI / 180;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const across = Math.ceil(Math.abs(width * cos) + Math.abs(height * sin));
  const down = Math.ceil(Math.abs(width * sin) + Math.abs(height * cos));
  const turned = new Uint8ClampedArray(across * down * 4).fill(255);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const [dx, dy] = [x - across / 2, y - down / 2];
      const [column, row] = [dx * cos + dy * sin + width / 2, dy * cos - dx * sin + height / 2];
      if (column < 0 || row < 0 || column >= width - 1 || row >= height - 1) continue;
      blend(turned, (y * across + x) * 4, data, width, column, row);
    }
  }
  return { width: across, height: down, data: turned };
}

/** A place between four pixels has a part of each. */
function blend(
  turned: Uint8ClampedArray,
  to: number,
  data: Uint8ClampedArray,
  width: number,
  column: number,
  row: number,
): void {
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const [right, bottom] = [column - left, row - top];
  for (let part = 0; part < 3; part++) {
    const at = (top * width + left) * 4 + part;
    const above = data[at]! * (1 - right) + data[at + 4]! * right;
    const below = data[at + width * 4]! * (1 - right) + data[at + width * 4 + 4]! * right;
    turned[to + part] = above * (1 - bottom) + below * bottom;
  }
}
