import assert from "node:assert/strict";
import { loadCommand, moduleOf } from "../../src/cli/command_code.ts";
import { COMMANDS } from "../../src/cli/command_table.ts";
import { COMMAND_MODULES } from "../../tools/compiled_commands.ts";

Deno.test("loadCommand() finds the code of every command, in the source and for the bundler", async () => {
  for (const command of COMMANDS) {
    const fromSource = await loadCommand(
      command,
      (name) => import(`../../src/cli/commands/${name}.ts`),
    );
    const bundled = await loadCommand(command, (name) => COMMAND_MODULES[name]!());
    assert.equal(bundled, fromSource, command.name);
  }
  assert.deepEqual(
    Object.keys(COMMAND_MODULES).toSorted(),
    [...new Set(COMMANDS.map(moduleOf))].toSorted(),
  );
});
