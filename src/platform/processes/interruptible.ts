/** Work that Ctrl-C can end, with time to undo what it began at a server. @module */

import { InterruptedError } from "../../errors.ts";

/** The signals that ask us to end. */
export const ENDING_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs `work` until it is done or a signal comes, which aborts its signal. A second signal ends the
 * process, even during cleanup.
 *
 * @throws {InterruptedError} At the first signal, without waiting for `work`.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupted = Promise.withResolvers<never>();
  const stop = (): void => {
    for (const name of ENDING_SIGNALS) Deno.removeSignalListener(name, onSignal);
  };
  const onSignal = (): void => {
    stop();
    const error = new InterruptedError();
    controller.abort(error);
    interrupted.reject(error);
  };
  for (const name of ENDING_SIGNALS) Deno.addSignalListener(name, onSignal);
  try {
    return await Promise.race([work(controller.signal), interrupted.promise]);
  } finally {
    if (!controller.signal.aborted) stop();
  }
}
