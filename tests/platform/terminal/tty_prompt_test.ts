// deno-lint-ignore-file no-control-regex -- what a terminal is sent
import { deepStrictEqual, doesNotMatch, match, rejects, strictEqual } from "node:assert/strict";
import { InteractionError, InterruptedError } from "../../../src/errors.ts";
import { askOnTty, type PromptStreams } from "../../../src/platform/terminal/tty_prompt.ts";
import * as plain from "../../../src/platform/terminal/plain_prompts.ts";
import * as drawn from "../../../src/platform/terminal/prompts.ts";
import { type FakeTtyDevice, fakeTtyDevice } from "./fake_tty_device.ts";

const config = { question: "Question", color: false, columns: 80 };

type Kind = "text" | "secret" | "confirm" | "choice";

const entries = Array.from({ length: 60 }, (_, at) => {
  const name = `account-${at % 7}/Role${at}`;
  return { name, short: name, keywords: name };
});

function prompt(kind: Kind, from: typeof drawn | typeof plain = drawn) {
  return (streams: PromptStreams): Promise<unknown> => {
    const common = { ...config, typed: streams.typed };
    if (kind === "text") return from.textPrompt({ ...common, initial: "jo" }, streams);
    if (kind === "secret") return from.secretPrompt(common, streams);
    if (kind === "confirm") return from.confirmPrompt({ ...common, initial: true }, streams);
    return from.choicePrompt({ ...common, entries }, streams).then(({ at }) => at);
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

/** A terminal on which these keys are typed as soon as the question is shown. */
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
  ["confirm", "maybe\rn\r", false],
];

for (const [name, from] of [["@inquirer/core", drawn], ["plain lines", plain]] as const) {
  for (const [kind, keys, answer] of cases) {
    Deno.test(`askOnTty() answers ${kind} by ${JSON.stringify(keys)}, ${name}`, async () => {
      strictEqual(await ask(answering(keys), kind, undefined, from as typeof drawn), answer);
    });
  }

  Deno.test(`askOnTty() says what a yes/no question takes, ${name}`, async () => {
    const device = answering("maybe\r\x15n\r");
    strictEqual(await ask(device, "confirm", undefined, from as typeof drawn), false);
    match(device.written(), /Type y or n\./);
  });

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
        from.choicePrompt({ ...config, typed, entries, toggle }, { ...streams, typed } as any),
      takesTypedAhead: false,
      escapes: from === drawn,
    });
    deepStrictEqual(chosen, answer);
  });
}

async function tick(keys: string, ticked: number[] = [], from = drawn): Promise<number[]> {
  return await askOnTty(answering(keys), { text: "" }, {
    prompt: (streams) =>
      from.choicesPrompt({ ...config, typed: streams.typed, entries, ticked }, streams),
    takesTypedAhead: false,
    escapes: from === drawn,
  });
}

const ESCAPE = "\x1b";

for (
  const [keys, ticked, answer] of [
    [" \x1b[B\x1b[B \r", [], [0, 2]],
    ["role42 \r", [], [42]],
    ["role42\r", [], [42]],
    ["\r \r", [], [0]],
    ["\r", [3, 5], [3, 5]],
    [" \r", [0, 5], [5]],
    ["role5\x01\r", [], [5, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59]],
    ["role5\x01 \r", [], [50, 51, 52, 53, 54, 55, 56, 57, 58, 59]],
    ["role5\x15role7 \r", [1], [1, 7]],
    ["\x0e\x0e\x10 \r", [], [1]],
    ["\x1b[F \x1b[H \r", [], [0, 59]],
    ["\x1b[6~ \x1b[5~ \r", [], [0, 12]],
    ["\x1b[Hrole7 \r", [], [7]],
  ] as const
) {
  Deno.test(`choicesPrompt() with ${JSON.stringify([...ticked])} ticked: ${JSON.stringify(keys)}`, async () => {
    deepStrictEqual(await tick(keys, [...ticked]), answer);
  });
}

Deno.test("choicesPrompt() in plain lines takes numbers, ranges, names and all", async () => {
  const plainly = plain as unknown as typeof drawn;
  deepStrictEqual(await tick("1,3-4\r\r", [], plainly), [0, 2, 3]);
  deepStrictEqual(await tick("role42\r\r", [1], plainly), [1, 42]);
  deepStrictEqual(await tick("\r2\r\r", [], plainly), [1]);
  strictEqual((await tick("all\r\r", [], plainly)).length, 60);
  deepStrictEqual(await tick("61\r99-1000000000\r7\r\r", [], plainly), [6]);
});

async function choose(keys: string, filter: string, from = drawn): Promise<number> {
  const { at } = await askOnTty(answering(keys), { text: "" }, {
    prompt: (streams) =>
      from.choicePrompt({ ...config, typed: streams.typed, entries, filter }, streams),
    takesTypedAhead: false,
    escapes: from === drawn,
  });
  return at;
}

Deno.test("choicePrompt() starts with a filter that can be edited", async () => {
  strictEqual(await choose("\r", "role42"), 42);
  strictEqual(await choose("\x1b[B\r", "role4"), 40);
  strictEqual(await choose("2\r", "role4"), 42);
  strictEqual(await choose("\x7f7\r", "role4"), 7);
  strictEqual(await choose("\x15role9\r", "role4"), 9);
  strictEqual(await choose("2\r", "role4", plain as unknown as typeof drawn), 40);
});

Deno.test("choicePrompt() ends on Esc, which clears a filter first", async () => {
  await rejects(choose(ESCAPE, ""), InterruptedError);
  const steps: [shown: string, keys: string][] = [
    ["60 of 60", "role4"],
    ["› role4", ESCAPE],
    ["60 of 60", "\r"],
  ];
  let seen = 0;
  const device = fakeTtyDevice((written) => {
    const [step] = steps;
    if (step === undefined || !written.slice(seen).includes(step[0])) return "";
    seen = written.length;
    steps.shift();
    return step[1];
  });
  strictEqual(await ask(device, "choice"), 0);
});

Deno.test("askOnTty() draws no line wider than the terminal, and no colours unless allowed", async () => {
  const device = answering("\x1b[B\x1b[B\r");
  await ask(device, "choice");
  doesNotMatch(device.written(), /\x1b\[[0-9;]*m/);
  for (const line of device.written().split(/\n|\x1b\[[0-9;?]*[A-Za-z]/)) {
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
