/**
 * Whether a browser that we open would stand in front of the person.
 *
 * @module
 */

import type { Program } from "./program.ts";

/**
 * Whether to open a browser: not against the person's wish, and not on a machine that they have
 * reached by SSH, unless they name one (`BROWSER`).
 *
 * @param program The run.
 * @returns Whether to try; that there is one is not said.
 */
export function isBrowserAtHand({ flags, ports: { environment } }: Program): boolean {
  if (flags.noBrowser) return false;
  if (environment.get("BROWSER") !== undefined) return true;
  return environment.get("SSH_CONNECTION") === undefined &&
    environment.get("SSH_TTY") === undefined;
}
