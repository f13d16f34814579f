/**
 * `deno task docs`: docs/commands, a page for each command, made of the command table.
 *
 * @module
 */

import { COMMANDS, type CommandSpec } from "../src/cli/command_table.ts";
import { examplesOf } from "../src/cli/examples.ts";
import { COMMON_FLAGS, type FlagName, FLAGS, kebabCase } from "../src/cli/flags.ts";

const FOLDER = new URL("../docs/commands/", import.meta.url);

function fileName(command: string): string {
  return `${command.replaceAll(" ", "_")}.md`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function flagTable(names: readonly FlagName[]): string {
  const rows = names.map((name) => {
    const { letter, placeholder, values, brief } = FLAGS[name];
    const value = placeholder === undefined ? "" : ` ${values?.join("|") ?? placeholder}`;
    const words = [...(letter === undefined ? [] : [`-${letter}`]), `--${kebabCase(name)}${value}`];
    const cell = words.map((word) => `\`${escapeCell(word)}\``).join(", ");
    return `| ${cell} | ${escapeCell(brief)} |`;
  });
  return ["| flag | does |", "| --- | --- |", ...rows].join("\n");
}

function formatPage(command: CommandSpec): string {
  const { name, aliases = [], brief, args, flags } = command;
  const argument = args === undefined ? "" : ` [${args.placeholder}]`;
  const examples = examplesOf(name).map(([line, purpose]) => `# ${purpose}\n${line}`);
  const sections = [
    `# okta-aws ${name}`,
    `\`okta-aws ${name}${argument} [FLAGS]\`: ${brief}.`,
    ...(aliases.length === 0 ? [] : [`Also called \`${aliases.join("`, `")}\`.`]),
    ...(args === undefined ? [] : [`\`${args.placeholder}\`: ${args.brief}.`]),
    ...(examples.length === 0 ? [] : [`\`\`\`sh\n${examples.join("\n\n")}\n\`\`\``]),
    ...(flags.length === 0 ? [] : [flagTable(flags)]),
    "[Flags of every command, and all commands](README.md). " +
    "[Files, environment, output, exit codes](../cli.md).",
  ];
  return `${sections.join("\n\n")}\n`;
}

function formatIndex(): string {
  const rows = COMMANDS.map(({ name, brief }) => `| [\`${name}\`](${fileName(name)}) | ${brief} |`);
  return [
    "# Commands",
    ["| command | does |", "| --- | --- |", ...rows].join("\n"),
    "Flags of every command, in front of it or behind it:",
    flagTable(COMMON_FLAGS),
    "These pages are made of the command table (`deno task docs`).\n",
  ].join("\n\n");
}

/** @returns The pages by file name, as the table has them, not yet formatted. */
function commandPages(): Map<string, string> {
  const pages = COMMANDS.map((command) => [fileName(command.name), formatPage(command)] as const);
  return new Map([["README.md", formatIndex()], ...pages]);
}

/**
 * Writes the pages.
 *
 * @param folder Where; it is emptied first.
 */
export async function writeCommandPages(folder: URL): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, text] of commandPages()) {
    await Deno.writeTextFile(new URL(name, folder), text);
  }
  const config = decodeURIComponent(new URL("../deno.json", import.meta.url).pathname);
  const path = decodeURIComponent(folder.pathname);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--config", config, path],
  }).output();
  if (code !== 0) throw new Error(`deno fmt ended with ${code}`);
}

if (import.meta.main) await writeCommandPages(FOLDER);
