import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { ignorePty } from "../cli/pty.ts";
import { emptyHome, programEnvironment } from "../cli/program.ts";
import { startOnTerminal } from "../real/pseudo_terminal.ts";

const DEMO = fileURLToPath(new URL("../../tools/demo.ts", import.meta.url));

Deno.test({
  name: "the demo runs to its end at a terminal, and asks nothing",
  ignore: ignorePty,
  async fn() {
    await using home = await emptyHome();
    const command = `${Deno.execPath()} run --no-prompt -A ${DEMO}`;
    const { code, text } = await startOnTerminal(
      command,
      await programEnvironment(home.folder, { TERM: "dumb", NO_COLOR: "1" }),
    ).end();
    assert.equal(code, 0, text);
    assert.match(text, /\[okta-acme-production-Developer\]/);
    assert.match(text, /okta-aws status[^]*Credentials +. 3 live/);
    assert.match(text, /These were runs of the real program/);
  },
});
