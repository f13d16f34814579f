/** `config list|get|set|unset`: one setting at a time; every other byte of the file stays. @module */

import type { AppContext } from "../../app/context.ts";
import { editFile } from "../../app/edit_file.ts";
import { readLossless } from "../../aws/files/aws_files.ts";
import { UsageError } from "../../errors.ts";
import { parseIni } from "../../ini/document.ts";
import { editIni } from "../../ini/edit.ts";
import { didYouMean, editDistance } from "../../roles/role_search.ts";
import { accountName } from "../../settings/account_settings.ts";
import { parseSettings } from "../../settings/settings.ts";
import {
  ACCOUNT_KEYS,
  expectedSetting,
  isSettingsSection,
  PROGRAM_KEYS,
} from "../../settings/settings_keys.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { type Invocation, openContext } from "../invocation.ts";

/** Where a setting is: `[alias dev]` `role`. */
interface SettingPlace {
  section: string;
  key: string;
  /** The section's kind, for what values are valid. */
  kind: string;
}

/** @throws {UsageError} `usage`, `unknown_setting`, `bad_setting` */
export async function runConfig({ ports, flags, args }: Invocation): Promise<void> {
  const context = await openContext(ports, flags, "foreground");
  const [action, key, value] = args;
  const values = await readValues(context);
  const { output } = ports;
  if (action === "list" && key === undefined) {
    if (flags.json) return output.answer(`${JSON.stringify(Object.fromEntries(values))}\n`);
    const lines = [...values].map(([name, text]) => `${name} = ${showUntrusted(text)}\n`);
    return output.answer(lines.join(""));
  }
  if (key === undefined || (value === undefined) !== (action !== "set")) throw usage();
  if (key === FACTOR) return await forgetFactor(context, action, values);
  const place = placeOf(context, key);
  const name = nameOf(place);
  const known = values.get(name);
  if (action === "get") {
    if (known === undefined) throw notSet(name);
    return output.answer(flags.json ? `${JSON.stringify(known)}\n` : `${known}\n`);
  }
  if (action === "set") return await set(context, place, value!);
  if (action !== "unset") throw usage();
  if (known === undefined) throw notSet(name);
  await change(context, place, undefined);
  await context.interaction.say(`removed ${name} (was ${showUntrusted(known)})`);
}

/** The remembered factor, which is up to three settings. */
const FACTOR = "mfa";
const FACTOR_KEYS = ["mfa_provider", "mfa_factor_type", "mfa_duo_device"];

/** `config unset mfa`: the next sign-in asks for the factor again. */
async function forgetFactor(
  context: AppContext,
  action: string | undefined,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  if (action !== "unset") throw unknownSetting(FACTOR);
  const places = FACTOR_KEYS.map((key) => placeOf(context, key))
    .filter((place) => values.has(nameOf(place)));
  if (places.length === 0) throw notSet(FACTOR);
  for (const place of places) await change(context, place, undefined);
  const was = places.map((place) => showUntrusted(values.get(nameOf(place))!)).join(" ");
  await context.interaction.say(`forgot the factor (was ${was}); the next sign-in asks`);
}

function usage(): UsageError {
  return new UsageError("config takes: list, get KEY, set KEY VALUE, or unset KEY", {
    code: "usage",
    hint: "run: okta-aws help config",
  });
}

function notSet(name: string): UsageError {
  return new UsageError(`${showUntrusted(name)} is not set`, {
    code: "setting_not_set",
    hint: "list what is set: okta-aws config list",
  });
}

/** `account.default.region`, as `list` prints it and the other actions take it. */
function nameOf({ section, key }: SettingPlace): string {
  return `${section.replace(" ", ".")}.${key}`;
}

async function readValues({ ports, paths }: AppContext): Promise<Map<string, string>> {
  const { sections } = parseIni(await readLossless(ports.files, paths.settings));
  return new Map(
    sections.flatMap(({ name: section, properties }) =>
      properties.map(({ key, value }) => [nameOf({ section, key, kind: "" }), value] as const)
    ),
  );
}

/** Of an Okta account's key, a general key, or a whole name such as `cluster.prod.region`. */
function placeOf(context: AppContext, name: string): SettingPlace {
  if (Object.hasOwn(ACCOUNT_KEYS, name)) {
    return { section: `account ${accountName(context)}`, key: name, kind: "account" };
  }
  if (Object.hasOwn(PROGRAM_KEYS, name)) {
    return { section: "okta-aws", key: name, kind: "okta-aws" };
  }
  const [, kind = "", middle = "", key = ""] = /^([\w-]+)\.(?:(.+)\.)?([^.]+)$/.exec(name) ?? [];
  const section = middle === "" ? kind : `${kind} ${middle}`;
  if (kind === "plugin" && middle !== "") return { section, key, kind };
  if (isSettingsSection(kind, middle)) return { section, key, kind };
  throw unknownSetting(name);
}

function unknownSetting(name: string): UsageError {
  const names = [...Object.keys(ACCOUNT_KEYS), ...Object.keys(PROGRAM_KEYS)];
  const near = names.filter((known) => editDistance(known, name) <= 2);
  return new UsageError(`unknown setting ${showUntrusted(name)}${didYouMean(near)}`, {
    code: "unknown_setting",
    hint: `settings of an account: ${Object.keys(ACCOUNT_KEYS).join(", ")}; general: ${
      Object.keys(PROGRAM_KEYS).join(", ")
    }; others: alias.NAME.role, aws-account.ID.KEY, cluster.NAME.KEY, plugin.NAME.KEY`,
  });
}

async function set(context: AppContext, place: SettingPlace, value: string): Promise<void> {
  const expected = place.kind === "plugin"
    ? undefined
    : expectedSetting(place.kind, place.key, value);
  if (expected === "a known key") throw unknownSetting(nameOf(place));
  if (expected !== undefined || /[\r\n]/.test(value)) {
    throw new UsageError(
      `${nameOf(place)} can't be ${showUntrusted(value)}: expected ${expected ?? "one line"}`,
      { code: "bad_setting", hint: "the file was not changed" },
    );
  }
  await change(context, place, value);
  await context.interaction.say(`set ${nameOf(place)} = ${showUntrusted(value)}`);
}

/** The result has to be valid settings before it is written. */
async function change(
  context: AppContext,
  { section, key }: SettingPlace,
  value: string | undefined,
): Promise<void> {
  const path = context.paths.settings;
  await editFile(context, {
    path,
    change(text) {
      const set = value === undefined ? [] : [[key, value] as const];
      const unset = value === undefined ? [key] : [];
      const after = editIni(parseIni(text), [{ kind: "set", section, set, unset }]);
      parseSettings(after, path);
      return after;
    },
  });
}
