/** Whether the reference names everything that there is, and nothing else. */

import assert from "node:assert/strict";
import { COMMANDS, flagsOf } from "../../src/cli/command_table.ts";
import { COMMON_FLAGS, type FlagName, FLAGS, kebabCase } from "../../src/cli/flags.ts";
import { ACCOUNT_KEYS, PROGRAM_KEYS } from "../../src/settings/settings_keys.ts";

const ROOT = new URL("../../", import.meta.url);

const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));

const KEYS = [...Object.keys(ACCOUNT_KEYS), ...Object.keys(PROGRAM_KEYS)];

for (const path of ["docs/cli.md", "docs/configuration.md"]) {
  Deno.test(`${path} names every key of the settings`, async () => {
    const text = await read(path);
    assert.deepEqual(KEYS.filter((key) => !text.includes(`\`${key}\``)), []);
  });
}

Deno.test("docs/cli.md names every flag", async () => {
  const text = await read("docs/cli.md");
  const visible = (Object.keys(FLAGS) as FlagName[]).map((name) => `--${kebabCase(name)}`);
  assert.deepEqual(visible.filter((flag) => !new RegExp(`${flag}(?![\\w-])`).test(text)), []);
});

/** The flags of a command, `-h` and `--version` included; `undefined` if there is no such command. */
function flagsOfCommand(words: readonly string[]): Set<string> | undefined {
  const [first = "", second = ""] = words;
  const command = COMMANDS.find(({ name, aliases = [] }) =>
    name === first || name === `${first} ${second}` || aliases.includes(first)
  );
  const names = command === undefined ? COMMON_FLAGS : flagsOf(command);
  const isOther = ["help", "version"].includes(first) || first.startsWith("-");
  if (command === undefined && !isOther) return undefined;
  return new Set([...names.map((name) => `--${kebabCase(name)}`), "--help", "--version"]);
}

/** Names in examples that are not commands: placeholders, and commands of plugins. */
const OTHERS = /^(?:COMMAND|CMD|awslogin|whereami|…)$/;

function pages(): string[] {
  const names = [...Deno.readDirSync(new URL("docs/", ROOT))].map(({ name }) => `docs/${name}`);
  return ["README.md", "SECURITY.md", ...names.filter((name) => name.endsWith(".md")).sort()];
}

Deno.test("docs: commands in the text exist, with their flags", async () => {
  const wrong: string[] = [];
  for (const path of pages()) {
    for (const [, line] of (await read(path)).matchAll(/`okta-aws ([^`\n]+)`/g)) {
      const words = line!.split(" -- ")[0]!.split(" ");
      if (OTHERS.test(words[0]!)) continue;
      const flags = flagsOfCommand(words);
      const used = words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0]!);
      if (flags === undefined || used.some((flag) => !flags.has(flag))) {
        wrong.push(`${path}: ${line}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});
