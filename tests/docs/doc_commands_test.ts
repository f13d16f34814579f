import assert from "node:assert/strict";
import { ignorePty } from "../cli/pty.ts";
import { ignoreWithout } from "../real/programs.ts";
import { runDocuments } from "./documents.ts";

const ignore = ignorePty || ignoreWithout("bash", "aws", "kubectl");

Deno.test({
  name: "the documents' commands do what they are said to do",
  ignore,
  async fn() {
    assert.deepEqual(await runDocuments((path) => !path.startsWith("docs/commands/")), []);
  },
});
