/**
 * A team's settings: one JSON or INI document with the sections of the settings file that are the
 * same for everybody (docs/team_settings).
 *
 * @module
 */

import * as z from "zod/mini";
import { SettingsError } from "../../errors.ts";
import { type IniSection, parseIni } from "../../ini/document.ts";
import { parseSignInAddress } from "../../okta/client/org.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { expectedSetting, isSettingsSection } from "../settings.ts";
import { isTokenGeneratorConfig, readTokenGeneratorConfig } from "./token_generator_config.ts";

/** A section of a team's settings: keys with their values, as they stand in the settings file. */
export interface TeamSection {
  /** Its header without brackets: `account default`. */
  section: string;
  /** The keys. */
  keys: [key: string, value: string][];
}

/** A team's settings. */
export interface TeamDocument {
  /** Counts up with every change, where the team counts: an older one is not taken again. */
  serial: number | undefined;
  /** The sections, each once. */
  sections: TeamSection[];
}

/** Something that a document must not say. */
export interface TeamProblem {
  /** Where: `aws-account.123456789012.alias`, or `line 7`. */
  path: string;
  /** What is wrong. */
  what: string;
}

/**
 * The keys that a team may set. Whatever runs programs, trusts authorities or keeps secrets and
 * credentials is each person's own.
 */
const TEAM_KEYS: Record<string, readonly string[]> = {
  "okta-aws": [
    "default_account",
    "default_profile",
    "profile_name",
    "profile_prefix",
    "concurrency",
    "interactive",
    "legacy_security_token",
  ],
  "account": [
    "org",
    "app",
    "auth",
    "kind",
    "oidc_client_id",
    "sso_start_url",
    "sso_region",
    "sso_session",
    "mfa_provider",
    "mfa_factor_type",
    "mfa_duo_device",
    "remember_device",
    "session_ttl",
    "region",
    "backend",
    "roles",
    "exclude_roles",
  ],
  "aws-account": ["alias", "region", "output", "app"],
  "cluster": ["profile", "region", "role_arn", "alias"],
};

const UNKNOWN_SECTION = "can't stand in a team's settings (known: okta-aws, account NAME, " +
  "aws-account 123456789012, cluster NAME)";

/** How many problems an error lists. */
const LISTED = 5;

/** A section as it was read, with where it and its keys stand. */
interface Read {
  kind: string;
  name: string;
  path: string;
  keys: { key: string; value: string; path: string }[];
}

const SCALAR = z.union([z.string(), z.number(), z.boolean()]);
const KEYS = z.record(z.string(), z.union([SCALAR, z.array(z.string())]));
const JSON_DOCUMENT = z.strictObject({
  serial: z.optional(z.int().check(z.nonnegative())),
  "okta-aws": z.optional(KEYS),
  account: z.optional(z.record(z.string(), KEYS)),
  "aws-account": z.optional(z.record(z.string(), KEYS)),
  cluster: z.optional(z.record(z.string(), KEYS)),
});

function bad(source: string, problems: readonly TeamProblem[]): SettingsError {
  const listed = problems.slice(0, LISTED)
    .map(({ path, what }) => `${showUntrusted(path)}: ${showUntrusted(what)}`).join("; ");
  const more = problems.length > LISTED ? `; and ${problems.length - LISTED} more` : "";
  return new SettingsError(`the team's settings of ${showUntrusted(source)}: ${listed}${more}`, {
    code: "bad_team_settings",
    hint: "nothing was changed: tell whoever keeps this document",
  });
}

function parseJson(source: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    const what = error instanceof Error ? error.message : "not JSON";
    throw bad(source, [{ path: "document", what }]);
  }
}

/** zod/mini brings no words. */
function shapeProblems(issue: z.core.$ZodIssue): TeamProblem[] {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: path ? `${path}.${key}` : key,
      what: UNKNOWN_SECTION,
    }));
  }
  const [kind = "document", ...below] = issue.path.map(String);
  const isKey = below.length === (kind === "okta-aws" ? 1 : 2);
  const expected = kind === "serial"
    ? "a whole number"
    : isKey
    ? "a text, a number, true or false, or a list of texts"
    : "an object";
  return [{ path: path || kind, what: `is not ${expected}` }];
}

function keysOf(path: string, keys: z.infer<typeof KEYS>): Read["keys"] {
  return Object.entries(keys).map(([key, value]) => ({
    key,
    value: Array.isArray(value) ? value.join(" ") : String(value),
    path: `${path}.${key}`,
  }));
}

function readJson(source: string, document: unknown): { serial?: number; read: Read[] } {
  const checked = JSON_DOCUMENT.safeParse(document);
  if (!checked.success) {
    throw bad(source, checked.error.issues.flatMap(shapeProblems));
  }
  const { serial, "okta-aws": program, ...named } = checked.data;
  const read = Object.entries(named).flatMap(([kind, sections]) =>
    Object.entries(sections ?? {}).map(([name, keys]): Read => {
      const path = `${kind}.${name}`;
      return { kind, name, path, keys: keysOf(path, keys) };
    })
  );
  const own: Read[] = program === undefined
    ? []
    : [{ kind: "okta-aws", name: "", path: "okta-aws", keys: keysOf("okta-aws", program) }];
  return { ...(serial !== undefined && { serial }), read: [...own, ...read] };
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
      what: "[team] has serial alone, a whole number",
    }]);
  }
  const serial = team.at(-1)?.value;
  return {
    ...(serial !== undefined && { serial: Number(serial) }),
    read: sections.filter((section) => !isTeam(section)).map(readIniSection),
  };
}

/** Why a key can't be set by a team, or can't have this value. */
function problemOf(kind: string, key: string, value: string): string | undefined {
  if (!TEAM_KEYS[kind]!.includes(key)) return "a team's settings can't set this";
  if (kind === "account" && key === "backend" && /^(?:command$|plugin:)/i.test(value)) {
    return "a team's settings can't choose a program to run";
  }
  const expected = expectedSetting(kind, key, value);
  if (expected !== undefined) return `is ${JSON.stringify(value)}, not ${expected}`;
  const links = key === "app" ? value.split(/[\s,]+/).filter((link) => link !== "") : [];
  const wrong = links.find((link) => !isAppLink(link));
  return wrong && `is ${JSON.stringify(wrong)}, not the https link of an AWS app`;
}

function isAppLink(link: string): boolean {
  try {
    return /^https?:/i.test(link) && parseSignInAddress(link).app !== undefined;
  } catch {
    return false;
  }
}

function problemsOf({ kind, name, path, keys }: Read): TeamProblem[] {
  if (!isSettingsSection(kind, name)) {
    return [{ path, what: UNKNOWN_SECTION }];
  }
  return keys.flatMap(({ key, value, path }) => {
    const what = problemOf(kind, key, value);
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

/** A list over several lines is written as one. */
function oneLine(value: string): string {
  return value.split(/\n/).map((part) => part.trim()).filter((part) => part !== "").join(" ");
}

/**
 * Reads a team's settings; aws-sts's `config.json` as well.
 *
 * @param text The document, JSON (it then begins with a brace) or INI.
 * @param source Where it comes from, for messages.
 * @param account The name of the Okta account, where the document can't name one.
 * @returns The settings.
 * @throws {SettingsError} `bad_team_settings`, which names what is wrong by its path.
 */
export function parseTeamDocument(text: string, source: string, account: string): TeamDocument {
  const isJson = /^\ufeff?\s*\{/.test(text);
  const document = isJson ? parseJson(source, text) : undefined;
  if (isTokenGeneratorConfig(document)) {
    const { sections, problems } = readTokenGeneratorConfig(document, account);
    if (problems.length > 0) throw bad(source, problems);
    return { serial: undefined, sections };
  }
  const { serial, read } = isJson ? readJson(source, document) : readIni(source, text);
  const problems = read.flatMap(problemsOf);
  if (problems.length > 0) throw bad(source, problems);
  if (read.length === 0) throw bad(source, [{ path: "document", what: "says nothing" }]);
  return { serial, sections: merged(read) };
}
