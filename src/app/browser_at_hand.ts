/**
 * Whether a browser that we open would stand in front of the person.
 *
 * @module
 */

import type { Program } from "./context.ts";

/**
 * Whether to try to open a browser: not against the person's wish, and not on a machine that they have
 * reached by SSH, unless they name one (`BROWSER`).
 *
 * @param program The run.
 * @returns Whether to try; that there is one is not said.
 */
export function mayOpenBrowser({ flags, ports: { environment } }: Program): boolean {
  if (flags.noBrowser) return false;
  if (environment.get("BROWSER") !== undefined) return true;
  return environment.get("SSH_CONNECTION") === undefined &&
    environment.get("SSH_TTY") === undefined;
}

/**
 * Whether a sign-in may rely on a browser of this machine, to which it sends the person back.
 *
 * @param program The run.
 * @returns Whether there seems to be one.
 */
export function isBrowserAtHand(program: Program): boolean {
  if (!mayOpenBrowser(program)) return false;
  const { get, os } = program.ports.environment;
  const screens = ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "WSL_INTEROP"];
  return os !== "linux" || screens.some((name) => get(name) !== undefined);
}
