/** `deno task docs`: writes docs/commands, a page for each command, from the command table. */

import { fileURLToPath } from "node:url";
import { COMMANDS, type CommandSpec } from "../src/cli/command_table.ts";
import { examplesOf } from "../src/cli/examples.ts";
import { COMMON_FLAGS, type FlagName, FLAGS } from "../src/cli/flags.ts";
import { argumentsOf, flagSpelling } from "../src/cli/help.ts";

const FOLDER = new URL("../docs/commands/", import.meta.url);

function fileName(command: string): string {
  return `${command.replaceAll(" ", "_")}.md`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function flagTable(names: readonly FlagName[], briefs: CommandSpec["briefs"] = {}): string {
  const visible = names.filter((name) => !FLAGS[name].hidden);
  const rows = visible.map((name) => {
    const { short, long } = flagSpelling(name);
    const { brief } = FLAGS[name];
    const cell = [short, long].filter((one) => one !== undefined).map((spelling) =>
      `\`${escapeCell(spelling)}\``
    ).join(", ");
    return `| ${cell} | ${escapeCell(briefs[name] ?? brief)} |`;
  });
  return ["| flag | meaning |", "| --- | --- |", ...rows].join("\n");
}

function formatPage(command: CommandSpec): string {
  const { name, aliases = [], brief, args, flags, briefs } = command;
  const usage = ["okta-aws", name, argumentsOf(command), "[FLAGS]"].filter((part) => part !== "");
  const examples = examplesOf(name).map(([line, purpose]) => `# ${purpose}\n${line}`);
  const sections = [
    `# okta-aws ${name}`,
    `\`${usage.join(" ")}\`: ${brief}.`,
    ...(aliases.length === 0 ? [] : [`Aliases: \`${aliases.join("`, `")}\`.`]),
    ...(args === undefined ? [] : [`\`${args.placeholder}\`: ${args.brief}.`]),
    ...(examples.length === 0 ? [] : [`\`\`\`sh\n${examples.join("\n\n")}\n\`\`\``]),
    ...(flags.length === 0 ? [] : [flagTable(flags, briefs)]),
    "[All commands and global flags](README.md). " +
    "[Files, environment, output, exit codes](../cli.md).",
  ];
  return `${sections.join("\n\n")}\n`;
}

function formatIndex(): string {
  const rows = COMMANDS.map(({ name, brief }) => `| [\`${name}\`](${fileName(name)}) | ${brief} |`);
  return [
    "# Commands",
    ["| command | what it does |", "| --- | --- |", ...rows].join("\n"),
    "Global flags, before or after the command:",
    flagTable(COMMON_FLAGS),
    "`deno task docs` generates these pages from the command table.\n",
  ].join("\n\n");
}

/** Not yet formatted, by file name. */
function commandPages(): Map<string, string> {
  const pages = COMMANDS.map((command) => [fileName(command.name), formatPage(command)] as const);
  return new Map([["README.md", formatIndex()], ...pages]);
}

/** Deletes the folder first. */
export async function writeCommandPages(folder: URL): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, text] of commandPages()) {
    await Deno.writeTextFile(new URL(name, folder), text);
  }
  const config = fileURLToPath(new URL("../deno.json", import.meta.url));
  const path = fileURLToPath(folder);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--config", config, path],
  }).output();
  if (code !== 0) throw new Error(`deno fmt ended with ${code}`);
}

if (import.meta.main) await writeCommandPages(FOLDER);
