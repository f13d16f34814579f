// deno-lint-ignore-file no-control-regex -- what a terminal is sent
import { deepStrictEqual, doesNotMatch, match, rejects, strictEqual } from "node:assert/strict";
import { InteractionError, InterruptedError } from "../../../src/errors.ts";
import { askOnTty, type PromptStreams } from "../../../src/platform/terminal/tty_prompt.ts";
import * as plain from "../../../src/platform/terminal/plain_prompts.ts";
import * as drawn from "../../../src/platform/terminal/prompts.ts";
import { type FakeTtyDevice, fakeTtyDevice } from "./fake_tty_device.ts";

const config = { question: "Question", color: false, columns: 80 };

type Kind = "text" | "secret" | "confirm" | "choice";

const names = Array.from({ length: 60 }, (_, at) => `account-${at % 7}/Role${at}`);

function prompt(kind: Kind, from: typeof drawn | typeof plain = drawn) {
  return (streams: PromptStreams): Promise<unknown> => {
    const common = { ...config, typed: streams.typed };
    if (kind === "text") return from.textPrompt({ ...common, initial: "jo" }, streams);
    if (kind === "secret") return from.secretPrompt(common, streams);
    if (kind === "confirm") return from.confirmPrompt({ ...common, initial: true }, streams);
    return from.choicePrompt({ ...common, names }, streams).then(({ at }) => at);
  };
}

async function ask(device: FakeTtyDevice, kind: Kind, ahead = { text: "" }, from = drawn) {
  const takesTypedAhead = kind === "text" || kind === "secret";
  const options = { prompt: prompt(kind, from), takesTypedAhead, escapes: from === drawn };
  try {
    return await askOnTty(device, ahead, options);
  } finally {
    strictEqual(device.isRaw(), false);
    if (from === drawn) match(device.written(), /\x1b\[\?2004l$/);
  }
}

/** A terminal on which these keys are typed as soon as the question stands there. */
function answering(keys: string): FakeTtyDevice {
  let asked = false;
  return fakeTtyDevice((written) => {
    if (asked || !written.includes("Question")) return "";
    asked = true;
    return keys;
  });
}

const cases: [kind: Kind, keys: string, answer: unknown][] = [
  ["text", "abc\r", "abc"],
  ["text", "añ世\x7f🔑\r", "añ🔑"],
  ["text", "\r", "jo"],
  ["text", "\x1b[200~pasted\r\n\x1b[201~\r", "pasted"],
  ["secret", "hunter2\r", "hunter2"],
  ["secret", "\r", ""],
  ["confirm", "\r", true],
  ["confirm", "n\r", false],
  ["confirm", "maybe\r\x15yes\r", true],
];

for (const [name, from] of [["@inquirer/core", drawn], ["plain lines", plain]] as const) {
  for (const [kind, keys, answer] of cases) {
    Deno.test(`askOnTty() answers ${kind} by ${JSON.stringify(keys)}, ${name}`, async () => {
      strictEqual(await ask(answering(keys), kind, undefined, from as typeof drawn), answer);
    });
  }

  Deno.test(`askOnTty() never shows a secret, ${name}`, async () => {
    const device = answering("hunter2\r");
    await ask(device, "secret", undefined, from as typeof drawn);
    doesNotMatch(device.written(), /hunter2|[hunter]{2}2/);
  });

  for (const keys of ["abc\x03", "\x04", "a\x04\x7f\x04"]) {
    Deno.test(`askOnTty() ends on ${JSON.stringify(keys)}, ${name}`, async () => {
      for (const kind of ["text", "secret", "confirm", "choice"] as const) {
        await rejects(
          ask(answering(keys), kind, undefined, from as typeof drawn),
          InterruptedError,
        );
      }
    });
  }
}

Deno.test("askOnTty() chooses with arrow keys and by typing", async () => {
  strictEqual(await ask(answering("\x1b[B\x1b[B\x1b[A\r"), "choice"), 1);
  strictEqual(await ask(answering("\x1b[A\r"), "choice"), 59);
  strictEqual(await ask(answering("role42\r"), "choice"), 42);
  strictEqual(await ask(answering("none\r\x15role7 t-0\r"), "choice"), 7);
  strictEqual(await ask(answering("role5\x1b[B\r"), "choice"), 50);
});

const toggle = { key: "r", name: "remember the choice" };

for (
  const [keys, from, answer] of [
    ["r\r", drawn, { at: 0, on: true }],
    ["rr\x1b[B\r", drawn, { at: 1, on: false }],
    ["/role12\r", drawn, { at: 12, on: false }],
    ["r3\r", plain, { at: 2, on: true }],
    ["3\r", plain, { at: 2, on: false }],
  ] as const
) {
  Deno.test(`choicePrompt() toggles with r, only while the filter is empty: ${JSON.stringify(keys)}`, async () => {
    const chosen = await askOnTty(answering(keys), { text: "" }, {
      prompt: ({ typed, ...streams }) =>
        // deno-lint-ignore no-explicit-any -- two kinds of streams that are the same at run time
        from.choicePrompt({ ...config, typed, names, toggle }, { ...streams, typed } as any),
      takesTypedAhead: false,
      escapes: from === drawn,
    });
    deepStrictEqual(chosen, answer);
  });
}

Deno.test("askOnTty() draws no line wider than the terminal, and no colours unless allowed", async () => {
  const device = answering("\x1b[B\x1b[B\r");
  await ask(device, "choice");
  doesNotMatch(device.written(), /\x1b\[[0-9;]*m/);
  for (const line of device.written().replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, "").split("\n")) {
    strictEqual(line.length < 80, true, line);
  }
});

Deno.test("askOnTty() keeps typed-ahead keys for the next text question", async () => {
  const device = fakeTtyDevice();
  const ahead = { text: "" };
  device.type("first\rsecond\rthi");
  strictEqual(await ask(device, "text", ahead), "first");
  strictEqual(await ask(device, "secret", ahead), "second");
  strictEqual(ahead.text, "thi");
  device.type("rd\r");
  strictEqual(await ask(device, "text", ahead), "third");
});

Deno.test("askOnTty() drops keys typed before a menu or a yes/no question", async () => {
  const device = answering("\r");
  device.type("n\r");
  strictEqual(await ask(device, "confirm", { text: "n\r" }), true);
});

Deno.test("askOnTty() joins a character that arrives in two parts", async () => {
  const device = fakeTtyDevice();
  const parts = [new Uint8Array([0xc3]), new Uint8Array([0xa9, 0x0d])];
  device.read = () => parts.shift() ?? new Uint8Array();
  strictEqual(await ask(device, "text"), "é");
});

Deno.test("askOnTty() ends at its time limit or when its signal is aborted", async () => {
  const options = { prompt: prompt("text"), takesTypedAhead: true, escapes: true };
  const late = askOnTty(fakeTtyDevice(), { text: "" }, { ...options, timeoutMilliseconds: 0 });
  await rejects(late, (error) => error instanceof InteractionError && error.code === "unanswered");
  const signal = AbortSignal.abort(new RangeError("answered elsewhere"));
  await rejects(askOnTty(fakeTtyDevice(), { text: "" }, { ...options, signal }), RangeError);
});

Deno.test("askOnTty() leaves the keys typed after it ended", async () => {
  const device = fakeTtyDevice();
  const options = { prompt: prompt("text"), takesTypedAhead: true, escapes: true };
  await rejects(askOnTty(device, { text: "" }, { ...options, timeoutMilliseconds: 0 }));
  device.type("next");
  deepStrictEqual(new TextDecoder().decode(device.read()), "next");
});

Deno.test("askOnTty() throws when the terminal is gone", async () => {
  const device = fakeTtyDevice();
  device.read = () => {
    throw new Deno.errors.UnexpectedEof("gone");
  };
  await rejects(ask(device, "text"), InterruptedError);
});
