/**
 * Whether a browser that we open would stand in front of the person.
 *
 * @module
 */

import type { AppContext } from "./context.ts";

/**
 * Whether to try to open a browser: not against the person's wish, and not on a machine that they have
 * reached by SSH, unless they name one (`BROWSER`).
 *
 * @returns Whether to try; that there is one is not said.
 */
export function mayOpenBrowser({ flags, ports: { environment } }: AppContext): boolean {
  if (flags.noBrowser) return false;
  if (environment.get("BROWSER") !== undefined) return true;
  return environment.get("SSH_CONNECTION") === undefined &&
    environment.get("SSH_TTY") === undefined;
}

/**
 * Whether a sign-in may rely on a browser of this machine, to which it sends the person back.
 *
 * @returns Whether there seems to be one.
 */
export function isBrowserAtHand(context: AppContext): boolean {
  if (!mayOpenBrowser(context)) return false;
  const { get, os } = context.ports.environment;
  const screens = ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "WSL_INTEROP"];
  return os !== "linux" || screens.some((name) => get(name) !== undefined);
}
