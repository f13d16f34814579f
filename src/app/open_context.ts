import { InteractionError } from "../errors.ts";
import type { Ports, Terminal } from "../ports.ts";
import {
  type AppContext,
  type CommonFlags,
  type LocalContext,
  openLocalContext,
  type PluginHooks,
} from "./context.ts";
import { type Activity, drawnActivity, SILENT } from "./activity.ts";
import { Secret } from "../secret.ts";
import type { Interaction } from "./interaction.ts";
import { secureCacheFolder } from "../store/private_folders.ts";

/** How long a background command waits for an answer (docs/cli.md, "Output"). */
const BACKGROUND_ANSWER_MILLISECONDS = 60_000;

/** What a context is opened with. */
export interface ContextOptions {
  ports: Ports;
  plugins: PluginHooks;
  flags: CommonFlags;
  /**
   * `foreground` for commands that people type, `background` for those that SDKs and kubectl start;
   * the setting `interactive` applies to the latter only.
   */
  kind: "foreground" | "background";
  /** Whether the program that started this one lets it ask (kubectl: `KUBERNETES_EXEC_INFO`). */
  mayAsk?: boolean;
}

/**
 * Reads the settings.
 *
 * @throws {SettingsError} `bad_settings`, `unsafe_folder`
 */
export async function openContext(
  { ports, plugins, flags, kind, mayAsk = true }: ContextOptions,
): Promise<AppContext> {
  const context = await openLocalContext(ports, flags);
  await secureCacheFolder(ports.files, context.paths.cache);
  return { ...context, plugins, interaction: openInteraction(context, kind, mayAsk) };
}

/** The context with the settings as they are now. */
export async function reloadSettings(context: AppContext): Promise<AppContext> {
  return { ...context, ...await openLocalContext(context.ports, context.flags) };
}

/** The same context, for another kind of caller. */
export function withInteraction(
  context: LocalContext<Ports> & Pick<AppContext, "plugins">,
  kind: "foreground" | "background",
): AppContext {
  return { ...context, interaction: openInteraction(context, kind, true) };
}

function cannotAsk(context: LocalContext<Ports>, question: string): InteractionError {
  const noInput = context.flags.noInput === true;
  return new InteractionError(
    noInput
      ? `could not ask for input (${question}): --no-input is set`
      : `could not ask for input (${question}): there is no terminal`,
    {
      code: noInput ? "no_input" : "no_terminal",
      hint: "run this in a terminal: okta-aws signin",
    },
  );
}

function openInteraction(
  context: LocalContext<Ports>,
  kind: "foreground" | "background",
  mayAsk: boolean,
): Interaction {
  const { ports, flags, settings } = context;
  const foreground = kind === "foreground";
  const interactive = foreground ? "always" : settings.program.interactive ?? "tty";
  const silent = flags.noInput === true || interactive === "never";
  const patience = foreground ? undefined : BACKGROUND_ANSWER_MILLISECONDS;
  const limit = patience === undefined ? {} : { timeoutMilliseconds: patience };
  const reachable = async (): Promise<Terminal | undefined> => {
    if (silent || !mayAsk) return undefined;
    const terminal = await ports.terminal();
    return await terminal.canAsk() ? terminal : undefined;
  };
  const asker = async (question: string): Promise<Terminal> => {
    const terminal = await reachable();
    if (terminal === undefined) throw cannotAsk(context, question);
    return terminal;
  };
  const say = async (line: string): Promise<void> => {
    if (flags.quiet) return;
    if (foreground) return ports.output.notice(`${line}\n`);
    (await reachable())?.write(`okta-aws: ${line}\n`);
  };
  return {
    foreground,
    plain: ports.environment.get("TERM") === "dumb",
    columns: ports.output.columns,
    color: flags.noColor !== true && ports.environment.get("NO_COLOR") === undefined,
    patienceMilliseconds: patience,
    canAsk: async () => await reachable() !== undefined,
    mayPush: async () => !silent && (interactive === "always" || await reachable() !== undefined),
    say,
    async show(text) {
      const terminal = await reachable();
      if (terminal !== undefined) terminal.write(text);
      else if (foreground) ports.output.notice(text);
    },
    activity: activityOf(context, foreground),
    countDown: counter(context, foreground, say),
    async askSecret(question, signal, { echo, until } = {}) {
      const terminal = await asker(question);
      const options = { ...(signal && { signal }), ...(until !== undefined && { until }) };
      if (echo) return new Secret(await terminal.askText({ question, ...limit, ...options }));
      return await terminal.askSecret({ question, ...limit, ...options });
    },
    async askConfirm(question, initial) {
      const terminal = await asker(question);
      return await terminal.askConfirm({ question, initial, ...limit });
    },
    async askChoice(question, choices, toggle) {
      const terminal = await asker(question);
      const options = toggle === undefined ? {} : { toggle };
      return await terminal.askChoice({ question, choices, ...limit, ...options });
    },
    async askChoices(question, choices) {
      const terminal = await asker(question);
      return await terminal.askChoices({ question, choices, ticked: [], ...limit });
    },
  };
}

/** One line that is redrawn if the terminal can do that, else a line every ten seconds. */
function counter(
  { ports: { output, environment }, flags }: LocalContext<Ports>,
  foreground: boolean,
  say: (line: string) => Promise<void>,
): Interaction["countDown"] {
  const redraws = foreground && output.noticeIsTerminal && environment.get("TERM") !== "dumb";
  let first = true;
  return (secondsLeft, reason) => {
    const line = secondsLeft === 0 ? "" : `${reason}: waiting ${secondsLeft} s`;
    if (redraws && !flags.quiet) return output.status(line);
    if (secondsLeft > 0 && (first || secondsLeft % 10 === 0)) void say(line);
    first = secondsLeft === 0;
  };
}

/** Only for a person who started this command. */
function activityOf(
  { ports: { output, clock, environment }, flags }: LocalContext<Ports>,
  foreground: boolean,
): Activity {
  const isSilent = !foreground || flags.quiet || flags.json || flags.debug ||
    !output.noticeIsTerminal || environment.get("TERM") === "dumb";
  return isSilent ? SILENT : drawnActivity(output, clock);
}
