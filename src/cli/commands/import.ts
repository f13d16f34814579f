/** `import [TOOL…]`: takes over the settings of other tools. @module */

import { InteractionError, SecretStoreError, SettingsError, UsageError } from "../../errors.ts";
import type { AppContext } from "../../app/context.ts";
import { reloadSettings } from "../../app/open_context.ts";
import { applyImport, previewImport } from "../../import/apply.ts";
import { copyResult } from "../../import/copies.ts";
import { describePlan, planToJson } from "../../import/describe.ts";
import { type Found, type ToolName, TOOLS } from "../../import/found.ts";
import { isEmptyPlan, makePlan } from "../../import/plan.ts";
import type { ClashAnswer, Plan } from "../../import/planned.ts";
import { readTools } from "../../import/tools.ts";
import { undoImport } from "../../import/undo.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Flags } from "../flags.ts";
import { type Invocation, openContext } from "../invocation.ts";
import { setUpPasswords } from "./import_passwords.ts";

/** More clashes than this are decided by one answer. */
const MOST_QUESTIONS = 5;

/**
 * Shows the plan, asks, writes it, and sets up the passwords.
 *
 * @throws {UsageError} `unknown_tool`, `conflicting_flags`
 * @throws {SettingsError} `nothing_found`, `no_import`
 * @throws {InteractionError} `no_terminal`, `no_input`
 */
export async function runImport(invocation: Invocation): Promise<number> {
  const { ports, flags, args } = invocation;
  const tools = checkedTools(args, flags);
  const context = await openContext(ports, flags, "foreground");
  if (flags.undo) return await runUndo(context, flags);
  const found = await readTools(context, tools);
  if (found.length === 0 && args.length > 0) {
    throw new SettingsError(`no settings of ${args.map(showUntrusted).join(", ")} found`, {
      code: "nothing_found",
      hint: "okta-aws import looks for all tools",
    });
  }
  const isSilent = flags.json || flags.dryRun || flags.yes;
  await readKeyringItems(context, found, !isSilent);
  const plan = await planWithAnswers(context, found, flags, !isSilent);
  const { output } = ports;
  if (flags.dryRun && !flags.json) {
    if (!flags.quiet) output.notice(describePlan(plan));
    output.answer(await previewImport(context, plan));
    return 0;
  }
  if (flags.json && !flags.yes) return answerJson(invocation, plan, false);
  if (isEmptyPlan(plan)) {
    if (flags.json) return answerJson(invocation, plan, false);
    if (!flags.quiet) output.notice(`${describePlan(plan)}${nothingToDo(found)}`);
    return 0;
  }
  if (!flags.json && !flags.quiet) output.notice(describePlan(plan));
  const taken = flags.yes ? plan : await confirm(context, found, flags, plan);
  if (taken === undefined) return 0;
  return await write(invocation, context, taken);
}

function checkedTools(args: readonly string[], flags: Flags): readonly ToolName[] {
  const unknown = args.find((name) => !TOOLS.some((tool) => tool === name.toLowerCase()));
  if (unknown !== undefined) {
    throw new UsageError(`unknown tool: ${showUntrusted(unknown)}`, {
      code: "unknown_tool",
      hint: `use ${TOOLS.join(", ")}`,
    });
  }
  const others = (["dryRun", "yes", "secretsStdin"] as const).some((name) => flags[name]);
  if (flags.undo && (others || args.length > 0)) {
    throw new UsageError("--undo takes nothing else: it undoes the last import", {
      code: "conflicting_flags",
      hint: "run: okta-aws import --undo",
    });
  }
  return args.length === 0
    ? TOOLS
    : TOOLS.filter((tool) => args.some((name) => name.toLowerCase() === tool));
}

function nothingToDo(found: readonly Found[]): string {
  if (found.length === 0) return "found no settings of other tools\n";
  return "nothing to import\n";
}

/** aws-okta's org and user name are in its keyring items, which are read only after a yes. */
async function readKeyringItems(
  context: AppContext,
  found: readonly Found[],
  mayAsk: boolean,
): Promise<void> {
  const { interaction } = context;
  for (const { tool, entries, keyring, leftOut } of found) {
    for (const one of keyring) {
      const leave = (why: string) => void leftOut.push({ tool, what: one.shown, why });
      if (!mayAsk || !await interaction.canAsk()) {
        leave("read only at a terminal; okta-aws init sets the account up");
      } else if (!await interaction.askConfirm(`Read ${one.shown}?`, true)) leave("you said no");
      else {await readItem(one).then(
          (entry) => entry ? void entries.push(entry) : leave("not found"),
          (error: unknown) => {
            if (!(error instanceof SecretStoreError)) throw error;
            leave(error.message);
          },
        );}
    }
  }
  async function readItem(one: Found["keyring"][0]) {
    const { readKeyringEntry } = await import("../../import/old_password.ts");
    return await readKeyringEntry(context, one);
  }
}

/** Asks about profiles that exist already, if there is somebody to ask. */
async function planWithAnswers(
  context: AppContext,
  found: readonly Found[],
  flags: Flags,
  mayAsk: boolean,
): Promise<Plan> {
  const options = { username: flags.username, profiles: flags.noProfiles !== true };
  const plan = await makePlan(context, found, options);
  const isUnknown = plan.leftOut.some(({ why }) => why.startsWith("no user name"));
  if (!mayAsk || (plan.clashes.length === 0 && !isUnknown)) return plan;
  if (!await context.interaction.canAsk()) return plan;
  const username = isUnknown && options.username === undefined
    ? await (await context.ports.terminal()).askText({ question: "Okta user name" })
    : options.username;
  const answers = await askClashes(context, plan);
  return await makePlan(context, found, { ...options, username, answers });
}

async function askClashes(
  { interaction }: AppContext,
  { clashes }: Plan,
): Promise<Map<string, ClashAnswer>> {
  const choices: { name: string; value: ClashAnswer }[] = [
    { name: "keep it", value: "keep" },
    { name: "replace it", value: "replace" },
    { name: "write ours as NAME-okta", value: "rename" },
  ];
  if (clashes.length > MOST_QUESTIONS) {
    const answer = await interaction.askChoice(
      `${clashes.length} profiles exist and get credentials in another way`,
      choices,
    );
    return new Map(clashes.map(({ profile }) => [profile, answer]));
  }
  const answers = new Map<string, ClashAnswer>();
  for (const { profile, has } of clashes) {
    const question = `profile ${showUntrusted(profile)} exists, with ${has}`;
    answers.set(profile, await interaction.askChoice(question, choices));
  }
  return answers;
}

/** @returns What to write; `undefined` for nothing. */
async function confirm(
  context: AppContext,
  found: readonly Found[],
  flags: Flags,
  plan: Plan,
): Promise<Plan | undefined> {
  const { interaction } = context;
  if (!await interaction.canAsk()) {
    throw new InteractionError("could not ask whether to write this", {
      code: flags.noInput ? "no_input" : "no_terminal",
      hint: "run it in a terminal, or with --yes",
    });
  }
  const count = plan.profiles.length;
  const what = count === 0
    ? "these settings"
    : `these settings and ${count} ${count === 1 ? "profile" : "profiles"}`;
  if (await interaction.askConfirm(`Write ${what}?`, true)) return plan;
  if (count === 0 || !await interaction.askConfirm("Write the settings alone?", false)) {
    context.ports.output.notice("nothing was changed\n");
    return undefined;
  }
  return await makePlan(context, found, { username: flags.username, profiles: false });
}

async function write(invocation: Invocation, context: AppContext, plan: Plan): Promise<number> {
  const { ports: { output }, flags } = invocation;
  const { stored } = await applyImport(context, plan);
  if (flags.json) answerJson(invocation, plan, true);
  else if (!flags.quiet) {
    for (const path of stored.record.paths) output.notice(`wrote ${showUntrusted(path)}\n`);
    output.notice("to undo this: okta-aws import --undo\n");
  }
  const renewed = await reloadSettings(context);
  try {
    return await setUpPasswords(invocation, renewed, plan);
  } finally {
    // What the sign-in wrote to the settings belongs to this import too.
    await copyResult(context, stored);
  }
}

function answerJson({ ports: { output } }: Invocation, plan: Plan, written: boolean): number {
  output.answer(`${JSON.stringify({ ...planToJson(plan), written })}\n`);
  return 0;
}

async function runUndo(context: AppContext, { json, quiet }: Flags): Promise<number> {
  const { output } = context.ports;
  const undone = await undoImport(context);
  if (json) output.answer(`${JSON.stringify(undone)}\n`);
  for (const { path, restored, changed } of undone.files) {
    const name = showUntrusted(path);
    if (changed.length > 0) {
      const sections = changed.slice(0, 5).map((one) => `[${showUntrusted(one)}]`).join(", ");
      output.notice(`okta-aws: ${name}: changed since the import, so kept: ${sections}\n`);
    } else if (!quiet && !json) {
      output.notice(`${restored === "file" ? "restored" : "restored our sections of"} ${name}\n`);
    }
  }
  return 0;
}
