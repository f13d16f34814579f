/**
 * The content of a response: its body, decompressed.
 *
 * @module
 */

import type { RawResponse } from "./http1_connection.ts";
import { BadResponseError, listedIn } from "./http1_message.ts";

/** By their names in `Content-Encoding` (RFC 9110, section 8.4.1). */
const FORMATS: Record<string, CompressionFormat> = {
  "gzip": "gzip",
  "x-gzip": "gzip",
  "deflate": "deflate",
};

/** What some servers write for none. */
const NO_CODING = ["identity", "none", "utf-8"];

/** @throws {BadResponseError} For an encoding that we have not asked for and can't read. */
export function decodedBody({ headers, body, status }: RawResponse): AsyncIterable<Uint8Array> {
  const codings = listedIn(headers, "content-encoding").filter((one) => !NO_CODING.includes(one));
  if (codings.length === 0 || status === 204 || status === 304) return body;
  const format = FORMATS[codings[0]!];
  if (codings.length > 1 || format === undefined) {
    throw new BadResponseError("an unknown content-encoding");
  }
  return decompressed(body, format);
}

async function* decompressed(
  body: RawResponse["body"],
  format: CompressionFormat,
): AsyncGenerator<Uint8Array> {
  // A redirect may name an encoding and have no body.
  const parts = body[Symbol.asyncIterator]();
  const first = await parts.next();
  if (first.done === true) return;
  let failure: unknown;
  const noted = async function* (): RawResponse["body"] {
    try {
      yield first.value;
      yield* { [Symbol.asyncIterator]: () => parts };
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  try {
    yield* ReadableStream.from(noted()).pipeThrough(new DecompressionStream(format));
  } catch {
    // What the stream itself throws may quote the body.
    throw failure ?? new BadResponseError("a broken content-encoding");
  }
}
