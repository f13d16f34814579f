/**
 * The AWS config and credentials files, as the AWS SDKs read them: profiles, sso-sessions,
 * services, and aws-okta's `[okta]`.
 *
 * @module
 */

import {
  type IniDocument,
  type IniProblem,
  type IniSection,
  parseIni,
} from "../../ini/document.ts";
import { splitShellWords } from "../../ini/section_name.ts";

/** Which of the two files; their section headers differ. */
export type SharedFileKind = "config" | "credentials";

/** A property of a profile, and its position. */
export interface SharedProperty {
  /** The value. A block (`s3 =` with indented lines) starts with `\n`, as the SDKs have it. */
  value: string;
  /** The file it comes from. */
  kind: SharedFileKind;
  /** Its line in that file, from 1. */
  line: number;
}

/** A profile, sso-session, services section or aws-okta's `[okta]`. */
export interface SharedSection {
  /** Its name: `dev` for `[profile dev]`. */
  name: string;
  /** The line of its first header, from 1; in the config file if it is in both. */
  line: number;
  /** Properties by key, in lower case. */
  properties: Map<string, SharedProperty>;
}

/** A section or a line that the SDKs ignore or refuse. */
export interface SharedConfigProblem {
  code: IniProblem["code"] | "invalid_section_name" | "invalid_key";
  kind: SharedFileKind;
  line: number;
}

/** What a config or credentials file says, or both of them together. */
export interface SharedConfig {
  /** Profiles by name. */
  profiles: Map<string, SharedSection>;
  /** `[sso-session NAME]` of the config file, by name. */
  ssoSessions: Map<string, SharedSection>;
  /** `[services NAME]` of the config file, by name. */
  services: Map<string, SharedSection>;
  /** aws-okta's `[okta]` of the config file. */
  okta: SharedSection | undefined;
  /** What is wrong in the file, in its order; of both files, the config file's first. */
  problems: SharedConfigProblem[];
}

/** The characters of names and keys that all SDKs accept. */
const IDENTIFIER = /^[\w./%@:+-]+$/;

/** In quotes botocore allows blanks too. */
const QUOTED_IDENTIFIER = /^[\w./%@:+ \t-]+$/;

type SectionType = "profile" | "sso-session" | "services" | "okta";

interface Header {
  type: SectionType;
  name: string;
  /** Whether it is `[profile default]`, which wins over `[default]` entirely. */
  prefixed: boolean;
}

function configHeader(text: string): Header | "other" | undefined {
  if (text === "default") return { type: "profile", name: text, prefixed: false };
  if (text === "okta") return { type: "okta", name: text, prefixed: false };
  const [, type, rest = ""] = /^(profile|sso-session|services)[ \t]+(.*)$/.exec(text) ?? [];
  if (type === undefined) return "other";
  const quoted = /["'\\]/.test(rest);
  const words = quoted ? splitShellWords(rest) : [rest];
  const [name = ""] = words ?? [];
  const valid = words?.length === 1 && (quoted ? QUOTED_IDENTIFIER : IDENTIFIER).test(name);
  return valid ? { type: type as SectionType, name, prefixed: true } : undefined;
}

function credentialsHeader(name: string): Header | undefined {
  return IDENTIFIER.test(name) ? { type: "profile", name, prefixed: false } : undefined;
}

function readProperties(
  config: SharedConfig,
  target: SharedSection,
  { section, kind }: { section: IniSection; kind: SharedFileKind },
): void {
  for (const { key, value, line, separator } of section.properties) {
    if (separator !== "=") continue;
    if (IDENTIFIER.test(key)) target.properties.set(key, { value, kind, line });
    else if (key !== "") config.problems.push({ code: "invalid_key", kind, line });
  }
}

function sectionFor(config: SharedConfig, { type, name }: Header, line: number): SharedSection {
  const fresh = (): SharedSection => ({ name, line, properties: new Map() });
  if (type === "okta") return config.okta ??= fresh();
  const sections = {
    "profile": config.profiles,
    "sso-session": config.ssoSessions,
    "services": config.services,
  }[type];
  const known = sections.get(name) ?? fresh();
  sections.set(name, known);
  return known;
}

/**
 * Reads a config or credentials file that is parsed already.
 *
 * @returns As {@linkcode parseSharedConfig}.
 */
export function readSharedConfig(document: IniDocument, kind: SharedFileKind): SharedConfig {
  const config: SharedConfig = {
    profiles: new Map(),
    ssoSessions: new Map(),
    services: new Map(),
    okta: undefined,
    problems: document.problems.map(({ code, line }) => ({ code, kind, line })),
  };
  let defaultIsPrefixed = false;
  for (const section of document.sections) {
    const { name, line } = section;
    const header = kind === "config" ? configHeader(name) : credentialsHeader(name);
    if (header === undefined) {
      if (name !== "") config.problems.push({ code: "invalid_section_name", kind, line });
      continue;
    }
    if (header === "other") continue;
    if (header.type === "profile" && header.name === "default") {
      if (defaultIsPrefixed && !header.prefixed) continue;
      if (header.prefixed && !defaultIsPrefixed) config.profiles.delete("default");
      defaultIsPrefixed = header.prefixed;
    }
    readProperties(config, sectionFor(config, header, line), { section, kind });
  }
  config.problems.sort((a, b) => a.line - b.line);
  return config;
}

/**
 * Reads a config or credentials file by the rules that the AWS SDKs share.
 *
 * Config: `[profile NAME]`, `[default]` (which `[profile default]` replaces entirely),
 * `[sso-session NAME]`, `[services NAME]`, `[okta]`; a name may be quoted, as botocore has it, and
 * then contain blanks. Credentials: `[NAME]`. Other sections are ignored. Sections of the same name
 * are merged; the last one of equal keys wins.
 *
 * @returns Lines that SDKs refuse are listed in `problems` only.
 */
export function parseSharedConfig(text: string, kind: SharedFileKind): SharedConfig {
  return readSharedConfig(parseIni(text), kind);
}

/**
 * Merges both files: within a profile each property of the credentials file wins over the
 * config file's.
 */
export function mergeSharedConfig(config: SharedConfig, credentials: SharedConfig): SharedConfig {
  const profiles = new Map(config.profiles);
  for (const [name, section] of credentials.profiles) {
    const base = profiles.get(name) ?? section;
    const properties = new Map([...base.properties, ...section.properties]);
    profiles.set(name, { ...base, properties });
  }
  return { ...config, profiles, problems: [...config.problems, ...credentials.problems] };
}

/**
 * The value of a property.
 *
 * @returns `undefined` if missing or empty.
 */
export function propertyOf(section: SharedSection | undefined, key: string): string | undefined {
  return section?.properties.get(key)?.value || undefined;
}

/**
 * The `key = value` lines of a block, such as those of `s3 =` in a `[services …]` section.
 *
 * @returns Values by key in lower case; empty for a value that is not a block. Comments and
 * lines without `=` are skipped.
 */
export function blockOf(value: string): Map<string, string> {
  const block = new Map<string, string>();
  if (!value.startsWith("\n")) return block;
  for (const line of value.split("\n")) {
    const equals = line.indexOf("=");
    if (equals <= 0 || /^[#;]/.test(line)) continue;
    const comment = line.slice(equals).search(/[ \t][#;]/);
    const end = comment < 0 ? line.length : equals + comment;
    block.set(line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1, end).trim());
  }
  return block;
}
