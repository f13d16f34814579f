import assert from "node:assert/strict";
import { ignorePty } from "../cli/pty.ts";
import { ignoreWithout } from "../real/programs.ts";
import { runDocuments } from "./documents.ts";

/** docs/commands has a test of its own, and so have the team's settings: they need a server. */
function isPlain(path: string): boolean {
  return !path.startsWith("docs/commands/") && path !== "docs/team_settings.md";
}

const ignore = ignorePty || ignoreWithout("bash", "aws");

Deno.test({
  name: "docs: the commands run as described",
  ignore,
  async fn() {
    assert.deepEqual(await runDocuments(isPlain), []);
  },
});
