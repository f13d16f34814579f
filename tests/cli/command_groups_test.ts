import assert from "node:assert/strict";
import type { CommandSpec } from "../../src/cli/command_table.ts";
import { helpOf } from "../../src/cli/help.ts";
import { parseCommandLine } from "../../src/cli/parse.ts";

const load = () => Promise.resolve(() => Promise.resolve());

const COMMANDS: CommandSpec[] = [
  { name: "roles", aliases: ["list"], brief: "list roles", flags: [], load },
  { name: "pet add", brief: "take a pet in", flags: ["region"], load },
  {
    name: "pet feed",
    brief: "feed a pet",
    args: { placeholder: "NAME", brief: "which", minimum: 1, maximum: 1 },
    flags: ["all"],
    load,
  },
];

Deno.test("parseCommandLine() finds a group's command with flags before or after it", async () => {
  for (
    const [line, name, flags, args] of [
      ["pet add --region x", "pet add", { region: "x" }, []],
      ["--region x pet add", "pet add", { region: "x" }, []],
      ["-q pet feed Rex --all", "pet feed", { quiet: true, all: true }, ["Rex"]],
      ["roles", "roles", {}, []],
      ["list", "roles", {}, []],
    ] as const
  ) {
    const parsed = await parseCommandLine(line.split(" "), COMMANDS);
    assert.equal(parsed.command.name, name, line);
    assert.deepEqual([parsed.flags, parsed.args], [flags, args], line);
  }
});

Deno.test("parseCommandLine() lists a group's commands when none is given", async () => {
  for (
    const [line, said, hint] of [
      ["pet", /^missing subcommand: pet add, pet feed$/, "run: okta-aws help pet"],
      ["-q pet", /^missing subcommand: /, "run: okta-aws help pet"],
      ["pet fed", /^unknown command "fed" \(did you mean feed\?\)$/, "run: okta-aws help pet"],
      ["pet feed", /^missing argument: NAME$/, "run: okta-aws help pet feed"],
      ["pet add --all", /^unknown flag --all/, "run: okta-aws help pet add"],
      ["add", /^unknown command "add"/, "run: okta-aws help"],
    ] as const
  ) {
    const error = await parseCommandLine(line.split(" "), COMMANDS).then(() => null, (e) => e);
    assert.equal(error?.code, "usage", line);
    assert.match(error.message, said, line);
    assert.equal(error.hint, hint, line);
  }
});

Deno.test("helpOf() distinguishes a group from its commands", () => {
  assert.match(helpOf(["pet"], COMMANDS)!, /^okta-aws pet COMMAND.*pet add .*pet feed /s);
  assert.match(helpOf(["pet", "feed"], COMMANDS)!, /^okta-aws pet feed NAME .*--all/s);
  assert.match(helpOf(["pet", "--help"], COMMANDS)!, /^okta-aws pet COMMAND/);
  assert.match(helpOf(["list"], COMMANDS)!, /^okta-aws roles/);
  assert.equal(helpOf(["add"], COMMANDS), undefined);
  assert.equal(helpOf([], COMMANDS), undefined);
});
