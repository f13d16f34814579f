/**
 * Converts bytes to text and back, so that a file in an unknown encoding survives an edit.
 *
 * Valid UTF-8 stays as it is. Each other byte (Unicode 16, table 3-7: no overlong forms, no
 * surrogates, nothing above U+10FFFF) becomes the lone surrogate U+DC00 + byte, like Python's
 * `surrogateescape`. UTF-8 cannot contain those.
 *
 * @module
 */

const ESCAPE = 0xdc00;

/** The length of the valid UTF-8 sequence at `at`, or 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const second = bytes[at + 1] ?? 0;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let i = 2; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

function decodeEscaping(bytes: Uint8Array, decoder: TextDecoder): string {
  const parts: string[] = [];
  let runStart = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    at += length || 1;
    if (length > 0) continue;
    parts.push(decoder.decode(bytes.subarray(runStart, at - 1)));
    parts.push(String.fromCharCode(ESCAPE + bytes[at - 1]!));
    runStart = at;
  }
  parts.push(decoder.decode(bytes.subarray(runStart)));
  return parts.join("");
}

/**
 * Bytes to text; {@linkcode encodeLossless} reverses it. Invalid bytes become U+DC80 to U+DCFF, a
 * byte order mark becomes U+FEFF.
 */
export function decodeLossless(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch {
    return decodeEscaping(bytes, decoder);
  }
}

/**
 * Text to bytes, the reverse of {@linkcode decodeLossless}. Other lone surrogates become U+FFFD.
 */
export function encodeLossless(text: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  if (text.isWellFormed()) return encoder.encode(text);
  const out = new Uint8Array(text.length * 3);
  let size = 0;
  let runStart = 0;
  const flush = (end: number): void => {
    size += encoder.encodeInto(text.slice(runStart, end), out.subarray(size)).written;
  };
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
    else if (unit >= 0xdc80 && unit <= 0xdcff) {
      flush(i);
      out[size++] = unit - ESCAPE;
      runStart = i + 1;
    }
  }
  flush(text.length);
  return out.slice(0, size);
}
