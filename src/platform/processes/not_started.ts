/** Reports a program that could not be started. @module */

import type { Output } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { systemCode } from "../files/file_errors.ts";

const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/** @returns The exit code that a shell would give. */
export function reportNotStarted(
  program: string,
  error: unknown,
  { notice }: Pick<Output, "notice">,
): number {
  const missing = systemCode(error) === "ENOENT" || error instanceof Deno.errors.NotFound;
  const reason = missing ? "command not found" : "can't be executed";
  notice(`okta-aws: ${showUntrusted(program)}: ${reason}\n`);
  return missing ? NOT_FOUND : NOT_EXECUTABLE;
}
