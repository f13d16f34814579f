/**
 * What a shell may offer at the cursor.
 *
 * @module
 */

import type { CompletionNames } from "./names.ts";
import { BACKENDS } from "../../settings/settings.ts";
import type { CommandSpec } from "../command_table.ts";
import { type FlagName, FLAGS, kebabCase } from "../flags.ts";
import { type Position, positionOf } from "./position.ts";
import { SHELLS } from "./shell_scripts.ts";

/** One word that may stand at the cursor. */
export interface Candidate {
  /** The word. */
  word: string;
  /** What it means, in one line. */
  brief: string;
}

/** What a shell may offer: words, or files, which it finds by itself. */
export type Offer = { files: true } | { files: false; candidates: readonly Candidate[] };

/** What the names of the person's own things are taken from; read only where they are offered. */
export type NameSource = () => Promise<CompletionNames>;

/** Only these are offered: a shell inserts them as they are, without quotes. */
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
    const own = [...commands.flatMap(firstWord), { word: "help", brief: "help on a command" }];
    // aws-okta's words are known, but not in the way.
    const others = commands.flatMap(({ aliases = [], brief }) => words(aliases, brief));
    return partial === "" ? own : [...own, ...others];
  }
  if (group[0] === "help") return group.length === 1 ? commands.flatMap(firstWord) : [];
  const begin = `${group.join(" ")} `;
  return commands.filter(({ name }) => name.startsWith(begin))
    .map(({ name, brief }) => ({ word: name.slice(begin.length), brief }));
}

/** Of a group's commands the first stands for all. */
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

/** What some words of the tables stand for: placeholders of arguments and names of flags. */
const NAMES: Record<string, (names: CompletionNames) => Candidate[]> = {
  PROFILE: ({ profiles, roles }) => [...profiles, ...roles],
  ROLE: ({ roles }) => [...roles],
  account: ({ accounts }) => words(accounts, "Okta account"),
  profile: ({ profiles, roles }) => [...profiles, ...roles],
  cluster: ({ clusters }) => words(clusters, "cluster"),
  roleArn: ({ roleArns }) => words(roleArns),
  assumeRoleArn: ({ roleArns }) => words(roleArns),
};

async function valueOffer(flag: FlagName, source: NameSource): Promise<Offer> {
  const { placeholder, values, brief, parse } = FLAGS[flag];
  if (placeholder === "FILE") return FILES;
  const fixed = parse === FLAGS.backend.parse ? BACKENDS : values;
  const named = NAMES[flag];
  const candidates = fixed ? words(fixed, brief) : named ? named(await source()) : [];
  return { files: false, candidates };
}

async function argumentOffer(
  { command, index, args }: Position & { kind: "argument" },
  source: NameSource,
): Promise<Offer> {
  const none: Offer = { files: false, candidates: [] };
  const { placeholder, maximum = Infinity } = command.args ?? { placeholder: "", maximum: 0 };
  if (index >= maximum) return none;
  const kinds = placeholder.replace(/[[\]]/g, "").split(" ");
  const kind = kinds[Math.min(index, kinds.length - 1)] ?? "";
  if (kind === "FILE") return FILES;
  if (kind.includes("|")) return { files: false, candidates: words(kind.split("|")) };
  if (kind === "SHELL") return { files: false, candidates: words(SHELLS) };
  const named = NAMES[kind];
  if (named === undefined) return none;
  const taken = (candidate: Candidate) => args.includes(candidate.word);
  return { files: false, candidates: named(await source()).filter((one) => !taken(one)) };
}

/**
 * What may stand at the cursor.
 *
 * @param typed The words behind the program's name; the last one, maybe empty, is at the cursor.
 * @param commands The commands that there are.
 * @param source Reads the person's names.
 * @returns Words that begin like the one at the cursor, each once, or that files are to be offered.
 */
export async function offerFor(
  typed: readonly string[],
  commands: readonly CommandSpec[],
  source: NameSource,
): Promise<Offer> {
  const partial = typed.at(-1) ?? "";
  const position = positionOf(typed, commands);
  const prefix = position.kind === "value" ? position.prefix : "";
  const offer = await offerAt(position, commands, partial, source);
  if (offer.files) return offer;
  const whole = offer.candidates.map(({ word, brief }) => ({ word: prefix + word, brief }));
  const fitting = whole.filter(({ word }) => word.startsWith(partial) && PLAIN.test(word));
  return { files: false, candidates: [...new Map(fitting.map((one) => [one.word, one])).values()] };
}

async function offerAt(
  position: Position,
  commands: readonly CommandSpec[],
  partial: string,
  source: NameSource,
): Promise<Offer> {
  switch (position.kind) {
    case "command":
      return { files: false, candidates: commandCandidates(commands, position.group, partial) };
    case "flag": {
      const toCandidate = (name: FlagName) => ({
        word: `--${kebabCase(name)}`,
        brief: FLAGS[name].brief,
      });
      const help = { word: "--help", brief: "say what there is" };
      return { files: false, candidates: [...position.names.map(toCandidate), help] };
    }
    case "value":
      return await valueOffer(position.flag, source);
    case "argument":
      return await argumentOffer(position, source);
    case "nothing":
      return { files: false, candidates: [] };
  }
}
