/** Standard input, read whole. @module */

import { UsageError } from "../../errors.ts";
import { Secret } from "../../secret.ts";

/** More than any secrets take; stops a mistaken `< /dev/zero`. */
const MOST_BYTES = 1024 * 1024;

export function standardInputIsTerminal(): boolean {
  return Deno.stdin.isTerminal();
}

/** @throws {UsageError} `input_too_large` over 1 MiB. */
export async function readStandardInput(): Promise<Secret> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of Deno.stdin.readable) {
    size += chunk.length;
    if (size > MOST_BYTES) {
      throw new UsageError("standard input is larger than 1 MiB", { code: "input_too_large" });
    }
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  return new Secret(new TextDecoder().decode(bytes));
}
