/** What the shells' scripts get from `okta-aws __complete` at every Tab. @module */

import type { LocalPorts } from "../../ports.ts";
import { BACKENDS } from "../../settings/backend_names.ts";
import { COMMANDS, type CommandSpec } from "../command_table.ts";
import { type FlagName, FLAGS, kebabCase } from "../flags.ts";
import { type CompletionNames, completionNames, type DescribedName } from "./names.ts";
import { type Position, positionOf } from "./position.ts";

/** A word for the cursor's place. */
export type Candidate = DescribedName;

/** Words, or that the shell is to offer files. */
export type Offer = { files: true } | { files: false; candidates: readonly Candidate[] };

/** Loaded only if they are offered: a Tab waits for each module. */
const tools = async () =>
  (await import("../../import/found.ts" as string) as typeof import("../../import/found.ts")).TOOLS;
const shells = async () =>
  (await import("./shell_scripts.ts" as string) as typeof import("./shell_scripts.ts")).SHELLS;

/** Only such words are offered: shells insert them without quotes. */
const PLAIN = /^[\w.@:+/=,-]+$/;

const FILES: Offer = { files: true };

function words(list: readonly string[], brief = ""): Candidate[] {
  return list.map((word) => ({ word, brief }));
}

function commandCandidates(
  commands: readonly CommandSpec[],
  group: readonly string[],
  partial: string,
): Candidate[] {
  if (group.length === 0) {
    const own = [...commands.flatMap(firstWord), { word: "help", brief: "show help" }];
    // aws-okta's names are offered only once their first letter is typed.
    const others = commands.flatMap(({ aliases = [], brief }) => words(aliases, brief));
    return partial === "" ? own : [...own, ...others];
  }
  if (group[0] === "help" && group.length > 1) return [];
  if (group[0] === "help") {
    return [
      ...commands.flatMap(firstWord),
      ...words(["flags"], "global flags"),
      ...words(["all"], "all commands and flags"),
    ];
  }
  const begin = `${group.join(" ")} `;
  return commands.filter(({ name }) => name.startsWith(begin))
    .map(({ name, brief }) => ({ word: name.slice(begin.length), brief }));
}

/** A group is offered once, by its first command. */
function firstWord(
  { name, brief }: CommandSpec,
  index: number,
  all: readonly CommandSpec[],
): Candidate[] {
  const [word = ""] = name.split(" ");
  const group = all.filter((other) => other.name.split(" ")[0] === word);
  if (all.indexOf(group[0]!) !== index) return [];
  const members = group.map((other) => other.name.slice(word.length + 1));
  return [{ word, brief: word === name ? brief : members.join(", ") }];
}

/** What to offer for placeholders of arguments and names of flags. */
const NAMES: Record<string, (names: CompletionNames) => Promise<readonly Candidate[]>> = {
  PROFILE: (names) => names.profiles(),
  ROLE: (names) => names.roles(),
  SHELL: async () => words(await shells()),
  TOOL: async () => words(await tools(), "tool to import from"),
  account: async (names) => words(await names.accounts(), "Okta account"),
  profile: (names) => names.profiles(),
  cluster: async (names) => words(await names.clusters(), "cluster"),
  roleArn: async (names) => words(await names.roleArns()),
  assumeRoleArn: async (names) => words(await names.roleArns()),
};

async function valueOffer(flag: FlagName, names: CompletionNames): Promise<Offer> {
  const { placeholder, values, brief, parse } = FLAGS[flag];
  if (placeholder === "FILE") return FILES;
  const fixed = parse === FLAGS.backend.parse ? BACKENDS : values;
  const named = NAMES[flag];
  const candidates = fixed ? words(fixed, brief) : named ? await named(names) : [];
  return { files: false, candidates };
}

async function argumentOffer(
  { command, index, args }: Position & { kind: "argument" },
  names: CompletionNames,
): Promise<Offer> {
  const none: Offer = { files: false, candidates: [] };
  const { placeholder, maximum = Infinity } = command.args ?? { placeholder: "", maximum: 0 };
  if (index >= maximum) return none;
  const kinds = placeholder.replace(/[[\]]/g, "").split(" ");
  const kind = kinds[Math.min(index, kinds.length - 1)] ?? "";
  if (kind === "FILE") return FILES;
  if (kind.includes("|")) return { files: false, candidates: words(kind.split("|")) };
  const named = NAMES[kind];
  if (named === undefined) return none;
  const taken = ({ word, also = [] }: Candidate) =>
    [word, ...also].some((name) => args.includes(name));
  return { files: false, candidates: (await named(names)).filter((one) => !taken(one)) };
}

/**
 * The names that go on like what is typed, each thing once; if none does, those that contain it, in
 * any case.
 */
function matching(candidates: readonly Candidate[], partial: string): Candidate[] {
  const named = candidates.map(({ word, brief, also = [] }) => ({ brief, names: [word, ...also] }));
  const find = (fits: (name: string) => boolean) =>
    named.flatMap(({ brief, names }): Candidate[] => {
      const word = names.find((name) => PLAIN.test(name) && fits(name));
      return word === undefined ? [] : [{ word, brief }];
    });
  const begins = find((name) => name.startsWith(partial));
  const lower = partial.toLowerCase();
  const found = begins.length > 0 || partial.startsWith("-")
    ? begins
    : find((name) => name.toLowerCase().includes(lower));
  return [...new Map(found.map((one) => [one.word, one])).values()];
}

/**
 * What may be typed at the cursor.
 *
 * @param typed The arguments; the last one, maybe empty, is at the cursor.
 * @returns Words that begin like the one at the cursor, or else contain it, each once; or files.
 */
export async function offerFor(
  typed: readonly string[],
  commands: readonly CommandSpec[],
  names: CompletionNames,
): Promise<Offer> {
  const partial = typed.at(-1) ?? "";
  const position = positionOf(typed, commands);
  const prefix = position.kind === "value" ? position.prefix : "";
  const offer = await offerAt(position, commands, partial, names);
  if (offer.files) return offer;
  const found = matching(offer.candidates, partial.slice(prefix.length));
  const candidates = found.map(({ word, brief }) => ({ word: prefix + word, brief }));
  return { files: false, candidates };
}

async function offerAt(
  position: Position,
  commands: readonly CommandSpec[],
  partial: string,
  names: CompletionNames,
): Promise<Offer> {
  switch (position.kind) {
    case "command":
      return { files: false, candidates: commandCandidates(commands, position.group, partial) };
    case "flag": {
      const toCandidate = (name: FlagName) => ({
        word: `--${kebabCase(name)}`,
        brief: FLAGS[name].brief,
      });
      const visible = position.names.filter((name) => !FLAGS[name].hidden);
      const help = { word: "--help", brief: "show help" };
      return { files: false, candidates: [...visible.map(toCandidate), help] };
    }
    case "value":
      return await valueOffer(position.flag, names);
    case "argument":
      return await argumentOffer(position, names);
    case "nothing":
      return { files: false, candidates: [] };
  }
}

/**
 * Prints a line for each candidate, its brief after a tab; or `:files`.
 *
 * @param typed The arguments; the last one is at the cursor.
 */
export async function runComplete(ports: LocalPorts, typed: readonly string[]): Promise<void> {
  const last = typed.at(-1) ?? "";
  // Some PowerShells drop an empty argument, so our script sends "".
  const words = [...typed.slice(0, -1), last === '""' ? "" : last];
  const offer = await offerFor(words, COMMANDS, completionNames(ports));
  if (offer.files) return ports.output.answer(":files\n");
  ports.output.answer(offer.candidates.map(({ word, brief }) => `${word}\t${brief}\n`).join(""));
}
