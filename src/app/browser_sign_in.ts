/** Sign-in in a browser, at Okta and at AWS: whether it can work here, and its common errors. */

import { InteractionError, SignInError } from "../errors.ts";
import type { AppContext } from "./context.ts";

/** Not with `--no-browser`, and not over SSH unless the user names a browser (`BROWSER`). */
export function mayOpenBrowser(
  { flags, ports: { environment } }: Pick<AppContext, "flags" | "ports">,
): boolean {
  if (flags.noBrowser) return false;
  if (environment.get("BROWSER") !== undefined) return true;
  return environment.get("SSH_CONNECTION") === undefined &&
    environment.get("SSH_TTY") === undefined;
}

/** Whether a sign-in may rely on a browser on this machine that it redirects back to us. */
export function isBrowserAtHand(context: Pick<AppContext, "flags" | "ports">): boolean {
  if (!mayOpenBrowser(context)) return false;
  const { get, os } = context.ports.environment;
  const screens = ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "WSL_INTEROP"];
  return os !== "linux" || screens.some((name) => get(name) !== undefined);
}

/** The command that signs an account in. */
export function signInCommand(account: string): string {
  return `okta-aws signin${account === "default" ? "" : ` --account ${account}`}`;
}

/** @param command To run in a terminal instead. */
export function noTerminalForSignIn(command: string): InteractionError {
  return new InteractionError("sign-in needs a browser, and there is no terminal", {
    code: "no_terminal",
    hint: `run this in a terminal: ${command}`,
  });
}

/** @param command To run again. */
export function signInTimedOut(command: string): InteractionError {
  return new InteractionError("timed out waiting for the sign-in in the browser", {
    code: "unanswered",
    hint: `run this in a terminal: ${command}`,
  });
}

/** @param code The server's error code. */
export function codeExpired(code: string): SignInError {
  return new SignInError("the code expired before it was approved in the browser", {
    code,
    hint: "run the command again, and open the new URL",
  });
}
