import type { Output } from "../../ports.ts";
import { wrapLines } from "../../wrap_text.ts";

/** On a terminal, notices wrap at words; JSON stays as it is. */
export function wrappedOutput(output: Output): Output {
  if (!output.noticeIsTerminal) return output;
  return {
    answer: output.answer,
    notice: (text) => output.notice(text.startsWith("{") ? text : wrapLines(text, output.columns)),
    status: output.status,
    noticeIsTerminal: true,
    answerIsTerminal: output.answerIsTerminal,
    get columns(): number {
      return output.columns;
    },
  };
}
