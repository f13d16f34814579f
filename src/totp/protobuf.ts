/**
 * Reading a protobuf message without its schema, as far as an authenticator's export needs it.
 *
 * Source: https://protobuf.dev/programming-guides/encoding/
 *
 * @module
 */

export interface ProtobufField {
  number: number;
  /** A varint's value (up to 2^53), or the bytes of a string, byte string or message. */
  value: number | Uint8Array<ArrayBuffer>;
}

/**
 * The fields of a message, in their order. Fields of a fixed width are left out.
 *
 * @returns The fields; one that is repeated comes more than once.
 * @throws {Error} Where the bytes are no message.
 */
export function* protobufFields(bytes: Uint8Array<ArrayBuffer>): Generator<ProtobufField> {
  for (let at = 0; at < bytes.length;) {
    const key = readVarint(bytes, at);
    const number = Math.floor(key.value / 8);
    const width = { 1: 8, 5: 4 }[key.value % 8];
    at = key.end;
    if (number === 0) throw new Error("a field without a number");
    if (width !== undefined) {
      at += width;
      continue;
    }
    const varint = readVarint(bytes, at);
    at = varint.end;
    if (key.value % 8 === 0) {
      yield { number, value: varint.value };
      continue;
    }
    if (key.value % 8 !== 2) throw new Error("a field of an unknown kind");
    at += varint.value;
    if (at > bytes.length) throw new Error("a field that is cut off");
    yield { number, value: bytes.slice(varint.end, at) };
  }
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start; at < bytes.length && at < start + 10; at++) {
    value += (bytes[at]! & 0x7f) * 2 ** (7 * (at - start));
    if (bytes[at]! < 0x80) return { value, end: at + 1 };
  }
  throw new Error("a number that is cut off");
}
