/** What both kinds of prompts share: their configuration, yes and no, the state of a menu. @module */

/** One entry of a menu as text. */
export interface MenuEntry {
  name: string;
  /** What the answer is shown as. */
  short: string;
  /** What the filter searches. */
  keywords: string;
}

export interface PromptConfig {
  /** Without a colon. */
  question: string;
  /** Whether to use colours and bold. */
  color: boolean;
  /** Width of the terminal. */
  columns: number;
  /** Counted down, milliseconds since the Unix epoch. */
  until?: number | undefined;
  /** Whether Esc answers with {@linkcode STEP_BACK}. */
  canGoBack?: boolean | undefined;
  /** Kept up to date with the typed text, so that Ctrl-D on an empty line can be told. */
  typed: { text: string };
}

/** The answer of a person who wants the question before this one. */
export const STEP_BACK: unique symbol = Symbol("step back");

export interface MenuConfig extends PromptConfig {
  entries: readonly MenuEntry[];
}

export interface ChoiceConfig extends MenuConfig {
  /** What the filter starts with. */
  filter?: string | undefined;
  /** A switch beside the menu; its key works while the filter is empty. */
  toggle?: { key: string; name: string } | undefined;
}

/** A menu of which several entries can be ticked. */
export interface ChoicesConfig extends MenuConfig {
  /** Indexes of the entries that are ticked at first. */
  ticked: readonly number[];
}

export interface ChoiceAnswer {
  /** Index of the chosen entry. */
  at: number;
  /** Whether the switch was on. */
  on: boolean;
}

/** `Look again? (Y/n)`; the capital letter is what an empty answer means. */
export function yesNoQuestion(
  question: string,
  initial: boolean,
): [question: string, keys: string] {
  return [question.endsWith("?") ? question : `${question}?`, initial ? "(Y/n)" : "(y/N)"];
}

/** Returns `undefined` if the answer is neither; an empty one means `initial`. */
export function parseYesNo(typed: string, initial: boolean): boolean | undefined {
  const word = typed.trim().toLowerCase();
  if (word === "") return initial;
  if (word === "y" || word === "yes") return true;
  if (word === "n" || word === "no") return false;
  return undefined;
}

/** `4:05`, of milliseconds; never negative. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** How many entries a menu shows at once. */
export const ROWS_IN_VIEW = 12;

/** Whether the characters of a word are in the text, in their order. */
function hasInOrder(text: string, word: string): boolean {
  let at = -1;
  return [...word].every((character) => (at = text.indexOf(character, at + 1)) >= 0);
}

/**
 * The indexes of the texts that contain every word of the filter, in any order and case. If none
 * does, of those that have the characters of each word in their order: `adpr` finds `acme-dev/Prod`.
 */
export function matchingEntries(texts: readonly string[], filter: string): number[] {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const lower = texts.map((text) => text.toLowerCase());
  const all = [...lower.keys()];
  const exact = all.filter((at) => words.every((word) => lower[at]!.includes(word)));
  if (exact.length > 0) return exact;
  return all.filter((at) => words.every((word) => hasInOrder(lower[at]!, word)));
}

/** Moves the mark of a menu with `count` entries, wrapping at both ends; negative is up. */
export function moveMark(marked: number, by: number, count: number): number {
  return count === 0 ? 0 : (((marked + by) % count) + count) % count;
}

/** The visible range of a menu, end excluded, with the mark in the middle if possible. */
export function entriesInView(
  marked: number,
  count: number,
  rows: number = ROWS_IN_VIEW,
): [start: number, end: number] {
  const start = Math.max(0, Math.min(marked - Math.floor(rows / 2), count - rows));
  return [start, Math.min(start + rows, count)];
}

/** Cuts a name to fit, ending in `…`. */
export function fitName(name: string, columns: number): string {
  const characters = [...name];
  if (characters.length <= columns) return name;
  return characters.slice(0, Math.max(columns - 1, 0)).join("") + "…";
}
