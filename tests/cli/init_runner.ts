/** `init` in a worker of this test file (`init_worker.ts`). @module */

import type { InitAnswer, InitRequest } from "./init_worker.ts";

/** A longer run counts as hung. */
const PATIENCE_MILLISECONDS = 120_000;

let worker: Worker | undefined;
const waiting: PromiseWithResolvers<InitAnswer>[] = [];

function startWorker(): Worker {
  const started = new Worker(import.meta.resolve("./init_worker.ts"), { type: "module" });
  started.onmessage = ({ data }) => waiting.shift()?.resolve(data);
  started.onerror = (event) => {
    event.preventDefault();
    endWorker(new Error(`init_worker.ts: ${event.message}`));
  };
  return started;
}

function endWorker(reason: Error): void {
  worker?.terminate();
  worker = undefined;
  for (const { reject } of waiting.splice(0)) reject(reason);
}

/** Runs of the same file wait for each other. */
export async function runInWorker(request: InitRequest): Promise<InitAnswer> {
  worker ??= startWorker();
  const answer = Promise.withResolvers<InitAnswer>();
  waiting.push(answer);
  worker.postMessage(request);
  const deadline = setTimeout(
    () => endWorker(new Error(`${request.args[0]} took longer than two minutes`)),
    PATIENCE_MILLISECONDS,
  );
  return await answer.promise.finally(() => clearTimeout(deadline));
}
