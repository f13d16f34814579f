/** Team settings: a JSON or INI document with what is the same for a whole team (docs/team_settings.md). */

import { SettingsError } from "../../errors.ts";
import { type IniSection, parseIni } from "../../ini/document.ts";
import { isObject } from "../../is_object.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { isSettingsSection } from "../settings.ts";
import { teamKeyProblem, type TeamProblem, type TeamSection } from "./team_keys.ts";
import { isTokenGeneratorConfig, readTokenGeneratorConfig } from "./token_generator_config.ts";

/** A team's settings. */
export interface TeamDocument {
  /** Goes up with every change, if the team counts: an older document is refused. */
  serial: number | undefined;
  /** Each section once. */
  sections: TeamSection[];
}

const UNKNOWN_SECTION = "is not a section of team settings (known: okta-aws, account NAME, " +
  "aws-account 123456789012, cluster NAME)";

/** The most problems that one error lists. */
const LISTED = 5;

/** A section with the places of its header and keys. */
interface Read {
  kind: string;
  name: string;
  path: string;
  keys: { key: string; value: string; path: string }[];
}

/** Sections of JSON that have names. */
const NAMED = ["account", "aws-account", "cluster"];

function bad(source: string, problems: readonly TeamProblem[]): SettingsError {
  const listed = problems.slice(0, LISTED)
    .map(({ path, what }) => `${showUntrusted(path)}: ${showUntrusted(what)}`).join("; ");
  const more = problems.length > LISTED ? `; and ${problems.length - LISTED} more` : "";
  return new SettingsError(`invalid team settings (${showUntrusted(source)}): ${listed}${more}`, {
    code: "bad_team_settings",
    hint: "ask the person who maintains them for a fix; nothing was changed",
  });
}

/** @param text Begins with a brace. */
function parseJson(source: string, text: string): Record<string, unknown> {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    const what = error instanceof Error ? error.message : "not JSON";
    throw bad(source, [{ path: "document", what }]);
  }
}

/** A key's value as INI has it; `undefined` for what a key can't have. */
function keyText(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    return value.every((one) => typeof one === "string") ? value.join(" ") : undefined;
  }
  const isText = typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
  return isText ? String(value) : undefined;
}

/** Reads a JSON document's shape and collects its problems. */
class JsonReader {
  readonly problems: TeamProblem[] = [];

  serial(value: unknown): number | undefined {
    if (value === undefined) return undefined;
    if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
    this.problems.push({ path: "serial", what: "is not a whole number" });
    return undefined;
  }

  /** None if there is no such member. */
  members(value: unknown, path: string): [name: string, value: unknown][] {
    if (value === undefined) return [];
    if (isObject(value)) return Object.entries(value);
    this.problems.push({ path, what: "is not an object" });
    return [];
  }

  keys(value: unknown, path: string): Read["keys"] {
    return this.members(value, path).map(([key, given]) => {
      const read = { key, value: keyText(given), path: `${path}.${key}` };
      if (read.value === undefined) {
        const what = "is not a string, a number, true or false, or a list of strings";
        this.problems.push({ path: read.path, what });
      }
      return { ...read, value: read.value ?? "" };
    });
  }
}

function readJson(
  source: string,
  document: Record<string, unknown>,
): { serial?: number; read: Read[] } {
  const reader = new JsonReader();
  const { serial: given, "okta-aws": program, ...others } = document;
  const serial = reader.serial(given);
  const own: Read[] = program === undefined
    ? []
    : [{ kind: "okta-aws", name: "", path: "okta-aws", keys: reader.keys(program, "okta-aws") }];
  const named = NAMED.flatMap((kind) =>
    reader.members(others[kind], kind).map(([name, keys]): Read => {
      const path = `${kind}.${name}`;
      return { kind, name, path, keys: reader.keys(keys, path) };
    })
  );
  const unknown = Object.keys(others).filter((kind) => !NAMED.includes(kind));
  const problems = [
    ...reader.problems,
    ...unknown.map((path) => ({ path, what: UNKNOWN_SECTION })),
  ];
  if (problems.length > 0) throw bad(source, problems);
  return { ...(serial !== undefined && { serial }), read: [...own, ...named] };
}

function readIniSection({ name: header, line, properties }: IniSection): Read {
  const [, kind = "", name = ""] = /^(\S+)\s*(.*)$/.exec(header) ?? [];
  const path = `line ${line}: [${header}]`;
  const keys = properties.map(({ key, value, line }) => ({
    key,
    value,
    path: `line ${line}: ${key} in [${header}]`,
  }));
  return { kind, name, path, keys };
}

function readIni(source: string, text: string): { serial?: number; read: Read[] } {
  const { sections, problems } = parseIni(text);
  if (problems.length > 0) {
    throw bad(
      source,
      problems.map(({ line }) => ({
        path: `line ${line}`,
        what: "neither a section nor a key = value",
      })),
    );
  }
  const isTeam = ({ name }: IniSection) => name === "team";
  const team = sections.filter(isTeam).flatMap(({ properties }) => properties);
  const wrong = team.find(({ key, value }) => key !== "serial" || !/^\d{1,15}$/.test(value));
  if (wrong !== undefined) {
    throw bad(source, [{
      path: `line ${wrong.line}: ${wrong.key} in [team]`,
      what: "[team] may have only serial, a whole number",
    }]);
  }
  const serial = team.at(-1)?.value;
  return {
    ...(serial !== undefined && { serial: Number(serial) }),
    read: sections.filter((section) => !isTeam(section)).map(readIniSection),
  };
}

function problemsOf({ kind, name, path, keys }: Read): TeamProblem[] {
  if (!isSettingsSection(kind, name)) {
    return [{ path, what: UNKNOWN_SECTION }];
  }
  return keys.flatMap(({ key, value, path }) => {
    const what = teamKeyProblem(kind, key, value);
    return what === undefined ? [] : [{ path, what }];
  });
}

function merged(read: readonly Read[]): TeamSection[] {
  const sections = new Map<string, Map<string, string>>();
  for (const { kind, name, keys } of read) {
    const section = `${kind} ${name}`.trim();
    const known = sections.get(section) ?? new Map<string, string>();
    for (const { key, value } of keys) known.set(key, oneLine(value));
    sections.set(section, known);
  }
  return [...sections].map(([section, keys]) => ({ section, keys: [...keys] }));
}

/** Joins a list that spans several lines. */
function oneLine(value: string): string {
  return value.split(/\n/).map((part) => part.trim()).filter((part) => part !== "").join(" ");
}

/**
 * Reads team settings, or the `config.json` of aws-sts.
 *
 * @param text JSON if it begins with a brace, else INI.
 * @param source A path or URL, for messages.
 * @param account The Okta account's name for documents that can't name one.
 * @throws {SettingsError} `bad_team_settings`, with the path of each problem.
 */
export function parseTeamDocument(text: string, source: string, account: string): TeamDocument {
  const isJson = /^\ufeff?\s*\{/.test(text);
  const document = isJson ? parseJson(source, text) : undefined;
  if (isTokenGeneratorConfig(document)) {
    const { sections, problems } = readTokenGeneratorConfig(document, account);
    if (problems.length > 0) throw bad(source, problems);
    return { serial: undefined, sections };
  }
  const { serial, read } = document === undefined
    ? readIni(source, text)
    : readJson(source, document);
  const problems = read.flatMap(problemsOf);
  if (problems.length > 0) throw bad(source, problems);
  if (read.length === 0) throw bad(source, [{ path: "document", what: "is empty" }]);
  return { serial, sections: merged(read) };
}
