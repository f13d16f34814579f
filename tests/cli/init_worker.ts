/**
 * Runs command lines in a worker that stays, for `setUpHome`: the program's own modules on the real
 * machine, without starting Deno each time (a fifth of a second of work). There is no terminal.
 *
 * @module
 */

import { runCommandLine } from "../../src/cli/run.ts";
import { systemPorts } from "../../src/composition.ts";
import type { Terminal } from "../../src/ports.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { commandOf, systemEnvironment } from "../../src/platform/environment.ts";
import { systemFiles } from "../../src/platform/files/files.ts";
import { Secret } from "../../src/secret.ts";
import { fakeEnvironment } from "../fakes/fake_environment.ts";
import { place } from "./remember_pbkdf2.ts";

export interface InitRequest {
  args: string[];
  home: string;
  /** All variables. */
  env: Record<string, string>;
  stdin: string;
}

export interface InitAnswer {
  code: number;
  stderr: string;
}

const worker = self as unknown as {
  onmessage: (event: MessageEvent<InitRequest>) => void;
  postMessage(answer: InitAnswer): void;
};

function noTerminal(): Promise<never> {
  return Promise.reject(new Error("a question, in a home that is being set up"));
}

const terminal: Terminal = {
  canAsk: () => Promise.resolve(false),
  write: () => {},
  askText: noTerminal,
  askSecret: noTerminal,
  askConfirm: noTerminal,
  askChoice: noTerminal,
  askChoices: noTerminal,
};

async function run({ args, home, env, stdin }: InitRequest): Promise<InitAnswer> {
  Object.assign(place, { home, denoFolder: env.DENO_DIR });
  let stderr = "";
  const ports = systemPorts({
    clock: systemClock(),
    environment: {
      ...fakeEnvironment(env, { home, os: systemEnvironment().os }),
      command: commandOf(Deno.execPath(), import.meta.resolve("../../mod.ts"), false),
    },
    files: systemFiles(),
    output: {
      answer: () => {},
      notice: (text) => void (stderr += text),
      status: () => {},
      noticeIsTerminal: false,
      answerIsTerminal: false,
      columns: 80,
    },
  }, false);
  // In place of its own: `secretStore` asks `ports` for the terminal.
  Object.assign(ports, {
    standardInput: () => Promise.resolve(new Secret(stdin)),
    standardInputIsTerminal: () => Promise.resolve(false),
    terminal: () => Promise.resolve(terminal),
  });
  const load = (name: string) => import(`../../src/cli/commands/${name}.ts`);
  return { code: await runCommandLine(ports, args, load), stderr };
}

let last: Promise<void> = Promise.resolve();
worker.onmessage = ({ data }) => {
  last = last.then(async () => worker.postMessage(await run(data)));
};
