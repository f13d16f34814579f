/** Pictures of QR codes, with the contents that authenticator apps write. */

import jpeg from "jpeg-js";
import encodeQR from "qr";

export interface Drawing {
  degrees: number;
  /** Pixels per module. */
  scale: number;
  /** Grey levels of modules and background. */
  shades: [number, number];
}

const PLAIN: Drawing = { degrees: 0, scale: 4, shades: [0, 255] };

/** A JPEG of a grey QR code, rotated and scaled as in a photo or a small window. */
export function qrPicture(text: string, drawing: Partial<Drawing> = {}): Uint8Array<ArrayBuffer> {
  const { degrees, scale, shades: [dark, light] } = { ...PLAIN, ...drawing };
  const modules = encodeQR(text, "raw", { border: 4 });
  const size = Math.ceil(modules.length * scale * 1.5);
  const [sin, cos] = [Math.sin(degrees * Math.PI / 180), Math.cos(degrees * Math.PI / 180)];
  const data = new Uint8Array(size * size * 4).fill(255);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [dx, dy] = [x - size / 2, y - size / 2];
      const column = Math.floor((dx * cos + dy * sin) / scale + modules.length / 2);
      const row = Math.floor((dy * cos - dx * sin) / scale + modules.length / 2);
      data.fill(modules[row]?.[column] ? dark : light, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  return Uint8Array.from(jpeg.encode({ width: size, height: size, data }, 80).data);
}

export type ProtobufField = [number, number | string | Uint8Array];

function varint(value: number): number[] {
  return value < 128 ? [value] : [value % 128 | 128, ...varint(Math.floor(value / 128))];
}

export function protobuf(fields: ProtobufField[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(fields.flatMap(([number, value]) => {
    if (typeof value === "number") return [...varint(number * 8), ...varint(value)];
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
  }));
}

/** Google Authenticator's export of TOTP secrets of 20 bytes. */
export function exportUri(
  secrets: { key: Uint8Array; issuer: string; account: string }[],
): string {
  const entries = secrets.map(({ key, issuer, account }): ProtobufField => [
    1,
    protobuf([[1, key], [2, `${issuer}:${account}`], [3, issuer], [4, 1], [5, 1], [6, 2]]),
  ]);
  const data = protobuf([...entries, [2, 1], [3, 1]]).toBase64();
  return `otpauth-migration://offline?data=${encodeURIComponent(data)}`;
}
