/** `doctor`: modes, damage and duplicates of the AWS files, the cache, secrets and grants. @module */

import { readLossless } from "../aws/files/aws_files.ts";
import { parseSharedConfig, type SharedFileKind } from "../aws/files/shared_config.ts";
import { type IniProperty, parseIni } from "../ini/document.ts";
import { sectionsByName } from "../ini/edit.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Check, DoctorContext, Finding, Level } from "./finding.ts";

function repeatedKeys(properties: readonly IniProperty[]): string[] {
  const keys = properties.filter(({ separator }) => separator === "=").map(({ key }) => key);
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) < index))];
}

/** An INI file and what duplicates in it mean. */
export interface IniToCheck {
  text: string;
  /** As shown to the user. */
  path: string;
  level: Level;
  /** What its readers do with duplicates, to follow a colon. */
  consequence: string;
}

/** Sections and keys that an INI file has more than once; one finding for each section. */
export function duplicateFindings({ text, path, level, consequence }: IniToCheck): Finding[] {
  return [...sectionsByName(parseIni(text))].flatMap(([name, sections]): Finding[] => {
    const section = `[${showUntrusted(name)}]`;
    const lines = sections.map(({ line }) => line).join(" and ");
    const keys = sections.flatMap(({ properties }) => repeatedKeys(properties)).map(showUntrusted);
    return [
      ...(sections.length < 2 ? [] : [{
        level,
        code: "duplicate_section",
        message: `${path} has ${section} more than once (lines ${lines})`,
        fix: `merge them into one: ${consequence}`,
      }]),
      ...(keys.length === 0 ? [] : [{
        level,
        code: "duplicate_key",
        message: `${path} has ${keys.join(", ")} more than once in ${section}`,
        fix: `delete all but one: ${consequence}`,
      }]),
    ];
  });
}

/** What botocore does with duplicates. */
const CONSEQUENCE = "the AWS CLI rejects the whole file";

const OTHERS_ANY = 0o077;
const OTHERS_WRITE = 0o022;
const OWNER_WRITE = 0o200;

function checkMode(kind: SharedFileKind, mode: number | undefined, path: string): Finding[] {
  if (mode === undefined) return [];
  const wrong = kind === "credentials" ? OTHERS_ANY : OTHERS_WRITE;
  const found: Finding[] = [];
  if ((mode & wrong) !== 0) {
    found.push({
      level: kind === "credentials" ? "error" : "warning",
      code: `${kind}_mode`,
      message: `${path} is ${kind === "credentials" ? "readable" : "writable"} by other users ` +
        `(mode ${mode.toString(8).padStart(4, "0")})`,
      fix: `chmod 600 ${path}`,
    });
  }
  if ((mode & OWNER_WRITE) === 0) {
    found.push({
      level: "error",
      code: "file_not_writable",
      message: `${path} is read-only: okta-aws can't write profiles to it`,
      fix: `chmod u+w ${path}`,
    });
  }
  return found;
}

function checkLines(text: string, kind: SharedFileKind, path: string): Finding[] {
  return parseSharedConfig(text, kind).problems.map(({ line, code }) => ({
    level: "warning",
    code: "broken_line",
    message: `${path}, line ${line}: AWS tools can't read it (${code})`,
    fix: "correct or delete that line",
  }));
}

async function checkFile(doctor: DoctorContext, kind: SharedFileKind): Promise<Finding[]> {
  const { context: { paths, ports: { files } }, show } = doctor;
  const file = kind === "config" ? paths.awsConfig : paths.awsCredentials;
  const facts = await files.facts(file);
  if (facts === undefined) return [];
  const text = await readLossless(files, file);
  const path = show(file);
  return [
    ...checkMode(kind, facts.mode, path),
    ...duplicateFindings({ text, path, level: "error", consequence: CONSEQUENCE }),
    ...checkLines(text, kind, path),
  ];
}

/** The AWS config and credentials files. */
export const awsFiles: Check = {
  name: "AWS files",
  async run(doctor) {
    const found = [
      ...await checkFile(doctor, "config"),
      ...await checkFile(doctor, "credentials"),
    ];
    const { paths } = doctor.context;
    const both = `${doctor.show(paths.awsConfig)}, ${doctor.show(paths.awsCredentials)}`;
    return found.length > 0 ? found : [{ level: "ok", code: "aws_files", message: both }];
  },
};

/** At most so many files in one finding. */
const LISTED = 3;

/** The cache folders whose files grant access to something. */
const PRIVATE = ["credentials", "sessions", "assertions", "backup"];

async function isOpenToOthers({ context }: DoctorContext, path: string): Promise<boolean> {
  const facts = await context.ports.files.facts(path).catch(() => undefined);
  return ((facts?.mode ?? 0) & OTHERS_ANY) !== 0;
}

async function listFiles({ context }: DoctorContext): Promise<string[]> {
  const { paths, ports: { files } } = context;
  const folders = [
    ...PRIVATE.map((name) => `${paths.cache}/${name}`),
    `${paths.settingsDirectory}/secrets`,
  ];
  const found = await Promise.all(
    folders.map(async (folder) =>
      (await files.list(folder).catch(() => [])).map((name) => `${folder}/${name}`)
    ),
  );
  return [paths.cache, `${paths.settingsDirectory}/grants.json`, ...found.flat()];
}

/** Other commands ignore a file that is not JSON. */
async function isDamaged({ context }: DoctorContext, path: string): Promise<boolean> {
  if (!path.endsWith(".json")) return false;
  const bytes = await context.ports.files.read(path).catch(() => undefined);
  if (bytes === undefined) return false;
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return false;
  } catch {
    return true;
  }
}

async function filterPaths(paths: readonly string[], test: (path: string) => Promise<boolean>) {
  const found = await Promise.all(paths.map(test));
  return paths.filter((_, index) => found[index]);
}

/** Whether cache, secrets and grants are private and readable. */
export const privateFiles: Check = {
  name: "private files",
  async run(doctor) {
    const paths = await listFiles(doctor);
    const open = await filterPaths(paths, (path) => isOpenToOthers(doctor, path));
    const broken = await filterPaths(paths, (path) => isDamaged(doctor, path));
    const found: Finding[] = [];
    if (open.length > 0) {
      const shown = open.map(doctor.show);
      const more = open.length > LISTED ? ` and ${open.length - LISTED} more` : "";
      found.push({
        level: "error",
        code: "private_file_mode",
        message: `other users can access ${shown.slice(0, LISTED).join(", ")}${more}`,
        fix: `chmod go= ${shown.slice(0, LISTED).join(" ")}${more && " …"}`,
      });
    }
    if (broken.length > 0) {
      found.push({
        level: "warning",
        code: "damaged_file",
        message: `${doctor.show(broken[0]!)} is damaged` +
          (broken.length > 1 ? `, and ${broken.length - 1} more` : ""),
        fix: "delete it; okta-aws creates it again when needed",
      });
    }
    return found;
  },
};
