import { strictEqual } from "node:assert/strict";
import { STEP_BACK } from "../../../src/platform/terminal/prompt_parts.ts";
import * as plain from "../../../src/platform/terminal/plain_prompts.ts";
import * as drawn from "../../../src/platform/terminal/prompts.ts";
import { askOnTty, type PromptStreams } from "../../../src/platform/terminal/tty_prompt.ts";
import { fakeTtyDevice } from "./fake_tty_device.ts";

type Kind = "text" | "secret" | "confirm";

function put(kind: Kind, from: typeof drawn | typeof plain, canGoBack: boolean) {
  return (streams: PromptStreams): Promise<unknown> => {
    const config = { question: "Question", color: false, columns: 80, canGoBack };
    const common = { ...config, typed: streams.typed };
    if (kind === "text") return from.textPrompt({ ...common, initial: "jo" }, streams);
    if (kind === "secret") return from.secretPrompt(common, streams);
    return from.confirmPrompt({ ...common, initial: true }, streams);
  };
}

/** Types each part as soon as the screen shows the text before it. */
async function answerTo(
  kind: Kind,
  parts: readonly (readonly [shown: string, keys: string])[],
  { from = drawn, canGoBack = true }: { from?: typeof drawn | typeof plain; canGoBack?: boolean } =
    {},
): Promise<unknown> {
  const left = [...parts];
  let seen = 0;
  const device = fakeTtyDevice((written) => {
    const [next] = left;
    const at = next === undefined ? -1 : written.indexOf(next[0], seen);
    if (at < 0) return "";
    seen = written.length;
    left.shift();
    return next![1];
  });
  const options = { prompt: put(kind, from, canGoBack), takesTypedAhead: false, escapes: true };
  return await askOnTty(device, { text: "" }, options);
}

for (const kind of ["text", "secret", "confirm"] as const) {
  Deno.test(`a ${kind} prompt goes back on Esc, which clears what was typed first`, async () => {
    strictEqual(await answerTo(kind, [["Question", "\x1b"]]), STEP_BACK);
    const shown = kind === "secret" ? "***" : "abc";
    const cleared = [["Question", "abc"], [shown, "\x1b"], ["Question", "\x1b"]] as const;
    strictEqual(await answerTo(kind, cleared), STEP_BACK);
  });
  Deno.test(`a ${kind} prompt in plain lines goes back on <`, async () => {
    strictEqual(await answerTo(kind, [["Question", "<\r"]], { from: plain }), STEP_BACK);
  });
}

Deno.test("a prompt without a question before it doesn't go back", async () => {
  const parts = [["Question", "<\r"]] as const;
  strictEqual(await answerTo("text", parts, { from: plain, canGoBack: false }), "<");
  strictEqual(await answerTo("text", parts), "<");
});
