import assert from "node:assert/strict";
import { formatIniDiff } from "../../src/ini/diff.ts";

Deno.test("formatIniDiff() shows only what changes, section by section", () => {
  const before = "# top\n[a]\nk = 1\n\n[b]\nk = 2\nl = 3\n\n[gone]\nm = 4\n";
  const after = "# top\n[a]\nk = 1\n\n[b]\nk = 9\nl = 3\n\n[new]\nn = 5\n";
  assert.equal(
    formatIniDiff("/home/x/credentials", before, after),
    [
      "--- /home/x/credentials",
      "+++ /home/x/credentials",
      "@@ -6,1 +6,1 @@ [b]",
      "-k = 2",
      "+k = 9",
      "@@ -9,2 +9,0 @@",
      "-[gone]",
      "-m = 4",
      "@@ -11,0 +9,2 @@",
      "+[new]",
      "+n = 5",
      "",
    ].join("\n"),
  );
});

Deno.test("formatIniDiff() is empty when nothing changes", () => {
  assert.equal(formatIniDiff("f", "[a]\n", "[a]\n"), "");
});

Deno.test("formatIniDiff() shows no secret value, in whatever way it is written", () => {
  const before = [
    "[x]",
    "aws_access_key_id = ASIASHOWN",
    "aws_secret_access_key = HIDDEN1",
    "  AWS_Session_Token: HIDDEN2",
    "# aws_secret_access_key=HIDDEN3",
    "aws_session_token =",
    "",
    "# note",
    "    HIDDEN4",
    "aws_security_token HIDDEN5 = ;aws_session_token",
    "output = json",
    "",
  ].join("\r\n");
  const shown = formatIniDiff("f", before, "");
  assert.ok(!shown.includes("HIDDEN"), shown);
  for (const text of ["-aws_access_key_id = ASIASHOWN", "-# note", "-output = json"]) {
    assert.ok(shown.includes(text), text);
  }
  assert.ok(!formatIniDiff("f", "", before).includes("HIDDEN"));
});

Deno.test("formatIniDiff() shows control characters of foreign lines as text", () => {
  assert.ok(formatIniDiff("f", "[x]\nk = \x1b[2J\n", "").includes("-k = \\x1b[2J\n"));
});

Deno.test("formatIniDiff() distinguishes sections of one name", () => {
  const shown = formatIniDiff("f", "[x]\na = 1\n[x]\nb = 2\n", "[x]\na = 1\n[x]\nb = 3\n");
  assert.deepEqual(shown.split("\n").slice(2), ["@@ -4,1 +4,1 @@ [x]", "-b = 2", "+b = 3", ""]);
});
