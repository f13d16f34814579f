/**
 * Work that a signal ends, so that what was begun at a server can be undone.
 *
 * @module
 */

import { InterruptedError } from "../../errors.ts";

const ENDING_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs something until it is done or a signal comes. Only the first signal is taken: a second one
 * ends the process, however long the cleaning up takes.
 *
 * @param work What to do; its signal is aborted when it is interrupted.
 * @returns What `work` gives.
 * @throws {InterruptedError} When a signal came; what `work` does after that is not waited for.
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
