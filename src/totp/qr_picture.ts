import { decodeQR, type Point } from "qr/decode";
import { SettingsError } from "../errors.ts";
import { Secret } from "../secret.ts";
import { decodePng, isPng, MOST_PIXELS, type Pixels } from "./png.ts";

/** Codes to look for: a page may show an app store code beside the right one. */
const CODES = 8;

/** Time limit of one search; codes are usually found in a tenth of a second. */
const SEARCH_MILLISECONDS = 5_000;

/** The decoder misses 3 % of codes at some angles, but finds them slightly rotated. */
const TURNS = [0, 20];

/** Memory that a progressive JPEG of {@linkcode MOST_PIXELS} needs. */
const JPEG_MEMORY_MB = 2_048;

/**
 * The text of the QR code in a PNG or JPEG; of several, the first authenticator code. The code may
 * be scaled, rotated, or light on dark.
 *
 * @throws {SettingsError} `bad_qr_picture` if the file is damaged or of another type, `no_qr_code`
 * if it has no authenticator code.
 */
export async function readQrPicture(bytes: Uint8Array<ArrayBuffer>): Promise<Secret> {
  const pixels = await decodePicture(bytes);
  let found = 0;
  // With a transparent background the code may be dark or light: try white and black behind it.
  for (const paper of hasClear(pixels) ? [255, 0] : [255]) {
    for (const degrees of TURNS) {
      const flat = flatten(pixels, paper);
      for (const text of codesIn(degrees === 0 ? flat : turnPixels(flat, degrees))) {
        if (/^otpauth(-migration)?:/i.test(text)) return new Secret(text);
        found++;
      }
    }
  }
  throw noCode(found);
}

function noCode(found: number): SettingsError {
  if (found === 0) {
    return new SettingsError("no readable QR code in the picture", {
      code: "no_qr_code",
      hint: "take a larger screenshot with the white margin around the code",
    });
  }
  return new SettingsError("the QR code in the picture is not for an authenticator app", {
    code: "no_qr_code",
    hint: "use the QR code for Google Authenticator; the one for Okta Verify has no TOTP secret",
  });
}

function badPicture(message: string, cause?: unknown): SettingsError {
  const hint = "save the screenshot as PNG or JPEG";
  return new SettingsError(message, { code: "bad_qr_picture", hint, cause });
}

async function decodePicture(bytes: Uint8Array<ArrayBuffer>): Promise<Pixels> {
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  if (!isPng(bytes) && !isJpeg) throw badPicture("the picture is neither a PNG nor a JPEG");
  try {
    return isJpeg ? await decodeJpeg(bytes) : await decodePng(bytes);
  } catch (error) {
    throw badPicture("could not read the picture: it is damaged or too large", error);
  }
}

async function decodeJpeg(bytes: Uint8Array<ArrayBuffer>): Promise<Pixels> {
  const { default: jpeg } = await import("jpeg-js");
  const { width, height, data } = jpeg.decode(bytes, {
    useTArray: true,
    maxResolutionInMP: MOST_PIXELS / 1_000_000,
    maxMemoryUsageInMB: JPEG_MEMORY_MB,
  });
  return { width, height, data: new Uint8ClampedArray(data) };
}

function hasClear({ data }: Pixels): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at]! < 128) return true;
  return false;
}

function flatten({ width, height, data }: Pixels, paper: number): Pixels {
  const flat = new Uint8ClampedArray(data.length);
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]! / 255;
    for (let part = 0; part < 3; part++) {
      flat[at + part] = data[at + part]! * alpha + paper * (1 - alpha);
    }
    flat[at + 3] = 255;
  }
  return { width, height, data: flat };
}

/** The decoder returns one code: paint it over to find the next. */
function* codesIn(pixels: Pixels): Generator<string> {
  for (let code = 0; code < CODES; code++) {
    let corners: readonly Point[] = [];
    try {
      yield decodeQR(pixels, {
        effort: Infinity,
        timeLimit: SEARCH_MILLISECONDS,
        pointsOnDetect: ({ bounds }) => corners = bounds,
      });
    } catch {
      return;
    }
    paintOver(pixels, corners);
  }
}

function paintOver({ width, height, data }: Pixels, corners: readonly Point[]): void {
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [left, right] = [Math.max(0, Math.min(...xs)), Math.min(width, Math.max(...xs))];
  const [top, bottom] = [Math.max(0, Math.min(...ys)), Math.min(height, Math.max(...ys))];
  for (let y = Math.floor(top); y < bottom; y++) {
    data.fill(255, (y * width + Math.floor(left)) * 4, (y * width + Math.ceil(right)) * 4);
  }
}

/** Rotates a picture about its centre (degrees, counterclockwise). The corners become white. */
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

/** Bilinear interpolation. */
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
