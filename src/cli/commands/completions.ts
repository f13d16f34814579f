/**
 * `completions SHELL`, aws-okta's `completion`.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";

/**
 * Says that there are none yet: a script that sourced an empty answer would never learn it.
 *
 * @throws {UsageError} `no_completions`
 */
export function runCompletions(): Promise<void> {
  return Promise.reject(
    new UsageError("completions come with the next version", {
      code: "no_completions",
      hint: "see the commands and flags: okta-aws help",
    }),
  );
}
