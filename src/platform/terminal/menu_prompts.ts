/** The two menus, on `@inquirer/core`: one entry, or several that are ticked. @module */

import {
  createPrompt,
  isEnterKey,
  type KeypressEvent,
  useKeypress,
  useMemo,
  useState,
} from "@inquirer/core";
import {
  type ChoiceAnswer,
  type ChoiceConfig,
  type ChoicesConfig,
  entriesInView,
  fitName,
  matchingEntries,
  type MenuConfig,
  type MenuEntry,
  moveMark,
  type PromptConfig,
  ROWS_IN_VIEW,
} from "./prompt_parts.ts";
import type { Prompt } from "./tty_prompt.ts";

/** The typed line; Enter has already emptied it when a handler sees that key. */
interface Line {
  line: string;
  write(text: string | null, key?: { ctrl: boolean; name: string }): void;
  clearLine(direction: 0): void;
  emit(event: "SIGINT"): void;
}

/** Puts the line back that a key of ours changed: arrows walk readline's history. */
function restore(readline: Line, line: string): void {
  if (readline.line !== line) {
    readline.clearLine(0);
    readline.write(line);
  }
  // Home and Ctrl-A move readline's cursor, and the next character belongs at the end.
  readline.write(null, { ctrl: true, name: "e" });
}

/** Where a key moves the mark in a menu with `count` entries; `undefined` for other keys. */
function movedMark(key: KeypressEvent, marked: number, count: number): number | undefined {
  const last = Math.max(count - 1, 0);
  switch (key.ctrl ? `ctrl-${key.name}` : key.name) {
    case "up":
    case "ctrl-p":
      return moveMark(marked, -1, count);
    case "down":
    case "ctrl-n":
      return moveMark(marked, 1, count);
    case "pageup":
      return Math.max(marked - ROWS_IN_VIEW, 0);
    case "pagedown":
      return Math.min(marked + ROWS_IN_VIEW, last);
    case "home":
      return 0;
    case "end":
      return last;
  }
  return undefined;
}

interface Menu {
  filter: string;
  matching: number[];
  marked: number;
  /** Handles the keys that filter and move; returns whether this was one. */
  take(key: KeypressEvent, readline: Line): boolean;
}

/** Filter and mark as state, shared by both menus. */
function useMenu(config: MenuConfig, initial: string): Menu {
  const [filter, setFilter] = useState(initial);
  const [marked, setMarked] = useState(0);
  const texts = useMemo(() => config.entries.map(({ keywords }) => keywords), [config.entries]);
  const matching = matchingEntries(texts, filter);
  const setLine = (line: string) => {
    config.typed.text = line;
    setFilter(line);
    setMarked(0);
  };
  return {
    filter,
    matching,
    marked,
    take(key, readline) {
      const moved = movedMark(key, marked, matching.length);
      if (moved !== undefined) {
        restore(readline, filter);
        setMarked(moved);
        return true;
      }
      if (key.name === "escape" || (key.ctrl && key.name === "u")) {
        readline.clearLine(0);
        // Esc without a filter is Ctrl-C.
        if (key.name === "escape" && filter === "") readline.emit("SIGINT");
        else setLine("");
        return true;
      }
      if (readline.line === filter) return false;
      setLine(readline.line);
      return true;
    },
  };
}

function label({ question, color }: PromptConfig): string {
  return color ? `\x1b[1m${question}\x1b[22m` : question;
}

function faint(text: string, { color }: PromptConfig): string {
  return color ? `\x1b[2m${text}\x1b[22m` : text;
}

/** Bold besides cyan, which alone is hard to read on white. */
function entryLine(name: string, isMarked: boolean, config: PromptConfig): string {
  const text = fitName(name, config.columns - 3);
  if (!isMarked) return `  ${text}`;
  return config.color ? `\x1b[1;36m❯ ${text}\x1b[22;39m` : `❯ ${text}`;
}

function answered(config: PromptConfig, answer: string): string {
  return `${label(config)}: ${fitName(answer, config.columns - config.question.length - 3)}`;
}

/** A narrow terminal leaves out the last parts. */
function footer(parts: readonly (string | undefined)[], config: PromptConfig): string {
  const all = parts.filter((part) => part !== undefined);
  while (all.length > 1 && all.join(" · ").length >= config.columns) all.pop();
  return faint(fitName(all.join(" · "), config.columns - 1), config);
}

function entryLines(
  config: MenuConfig,
  { matching, marked }: Menu,
  show: (entry: MenuEntry, index: number) => string,
): string[] {
  const [start, end] = entriesInView(marked, matching.length);
  return matching.slice(start, end).map((index, row) =>
    entryLine(show(config.entries[index]!, index), start + row === marked, config)
  );
}

function drawn(config: MenuConfig, { filter }: Menu, lines: readonly string[]): [string, string] {
  return [`${label(config)} › ${filter}`, lines.join("\n")];
}

/** A menu: typing filters, arrow keys move the mark. */
export const choicePrompt: Prompt<ChoiceAnswer, ChoiceConfig> = createPrompt<
  ChoiceAnswer,
  ChoiceConfig
>(
  (config, done) => {
    const menu = useMenu(config, config.filter ?? "");
    const [isPrefilled, setPrefilled] = useState(config.filter !== undefined);
    const [chosen, setChosen] = useState<number | undefined>(undefined);
    const [on, setOn] = useState(false);
    const { toggle, entries } = config;
    useKeypress((key: KeypressEvent, event: unknown) => {
      const readline = event as Line;
      if (chosen !== undefined) return;
      if (isPrefilled) {
        setPrefilled(false);
        // readline has not heard of the filter, so the first key goes after it.
        if (!isEnterKey(key)) prefill(readline, config.filter!, key);
      }
      if (isEnterKey(key)) {
        const entry = menu.matching[menu.marked];
        if (entry === undefined) return readline.write(menu.filter);
        setChosen(entry);
        return done({ at: entry, on });
      }
      if (menu.filter === "" && toggle !== undefined && readline.line === toggle.key) {
        readline.clearLine(0);
        return setOn(!on);
      }
      menu.take(key, readline);
    });
    if (chosen !== undefined) return answered(config, entries[chosen]!.short);
    return drawn(config, menu, [
      ...entryLines(config, menu, ({ name }) => name),
      footer([
        `${menu.matching.length} of ${entries.length}`,
        "type to filter",
        "↑↓ move",
        "enter select",
        toggle && `${toggle.key} ${toggle.name} ${on ? "[x]" : "[ ]"}`,
        menu.filter === "" ? "esc cancel" : "esc clear",
      ], config),
    ]);
  },
);

function prefill(readline: Line, filter: string, key: KeypressEvent): void {
  const typed = readline.line;
  readline.clearLine(0);
  readline.write(filter + typed);
  if (key.name === "backspace") readline.write(null, { ctrl: false, name: "backspace" });
}

/** A menu of which Space ticks entries, Ctrl-A all that match the filter, and Enter confirms. */
export const choicesPrompt: Prompt<number[], ChoicesConfig> = createPrompt<
  number[],
  ChoicesConfig
>(
  (config, done) => {
    const menu = useMenu(config, "");
    const [ticked, setTicked] = useState<readonly number[]>(config.ticked);
    const [isDone, setDone] = useState(false);
    const [warning, setWarning] = useState<string | undefined>(undefined);
    const { entries } = config;
    const flip = (some: readonly number[]) => {
      const isAll = some.every((index) => ticked.includes(index));
      const others = ticked.filter((index) => !some.includes(index));
      setTicked(isAll ? others : [...others, ...some]);
    };
    useKeypress((key: KeypressEvent, event: unknown) => {
      const readline = event as Line;
      if (isDone) return;
      setWarning(undefined);
      const entry = menu.matching[menu.marked];
      if (isEnterKey(key)) {
        // As fzf: with a filter and no tick, Enter takes the marked entry.
        const single = ticked.length === 0 && menu.filter !== "" && entry !== undefined;
        const chosen = single ? [entry] : ticked.toSorted((a, b) => a - b);
        if (chosen.length > 0) {
          setTicked(chosen);
          setDone(true);
          return done(chosen);
        }
        readline.write(menu.filter);
        return setWarning("nothing selected: space selects one, ctrl-a all");
      }
      const isAll = key.ctrl && key.name === "a";
      if (!isAll && key.name !== "space") return void menu.take(key, readline);
      restore(readline, menu.filter);
      if (isAll) flip(menu.matching);
      else if (entry !== undefined) flip([entry]);
    });
    if (isDone) {
      const only = ticked.length === 1 ? entries[ticked[0]!]!.short : undefined;
      return answered(config, only ?? `${ticked.length} of ${entries.length}`);
    }
    return drawn(config, menu, [
      ...entryLines(
        config,
        menu,
        ({ name }, index) => `${ticked.includes(index) ? "[x]" : "[ ]"} ${name}`,
      ),
      footer([
        warning,
        `${ticked.length} selected`,
        `${menu.matching.length} of ${entries.length}`,
        "space select",
        "ctrl-a all",
        "enter confirm",
        menu.filter === "" ? "esc cancel" : "esc clear",
      ], config),
    ]);
  },
);
