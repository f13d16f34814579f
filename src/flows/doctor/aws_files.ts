/**
 * `doctor`: the AWS config and credentials files as files: modes, broken lines, what stands twice.
 *
 * @module
 */

import { parseSharedConfig, type SharedFileKind } from "../../aws/shared_config.ts";
import { type IniProperty, parseIni } from "../../ini/document.ts";
import { sectionsByName } from "../../ini/edit.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { readLossless } from "../aws_files.ts";
import type { Check, DoctorContext, Finding } from "./finding.ts";

const OTHERS_READ = 0o077;
const OTHERS_WRITE = 0o022;
const OWNER_WRITE = 0o200;

function modeFindings(kind: SharedFileKind, mode: number | undefined, path: string): Finding[] {
  if (mode === undefined) return [];
  const wrong = kind === "credentials" ? OTHERS_READ : OTHERS_WRITE;
  const found: Finding[] = [];
  if ((mode & wrong) !== 0) {
    found.push({
      level: kind === "credentials" ? "error" : "warning",
      code: `${kind}_mode`,
      message: `others may ${kind === "credentials" ? "read" : "write"} ${path} ` +
        `(mode ${mode.toString(8).padStart(4, "0")})`,
      mend: `chmod 600 ${path}`,
    });
  }
  if ((mode & OWNER_WRITE) === 0) {
    found.push({
      level: "error",
      code: "file_not_writable",
      message: `${path} is read-only, so that no profile can be written`,
      mend: `chmod u+w ${path}`,
    });
  }
  return found;
}

function twice(properties: readonly IniProperty[]): string[] {
  const keys = properties.filter(({ separator }) => separator === "=").map(({ key }) => key);
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) < index))];
}

/** botocore refuses such a file whole: every AWS tool in Python stops. */
function duplicateFindings(text: string, path: string): Finding[] {
  return [...sectionsByName(parseIni(text))].flatMap(([name, sections]): Finding[] => {
    const section = `[${showUntrusted(name)}]`;
    const lines = sections.map(({ line }) => line).join(" and ");
    const keys = sections.flatMap(({ properties }) => twice(properties)).map(showUntrusted);
    const mend = "put them together into one: the AWS CLI refuses the whole file as it is";
    return [
      ...(sections.length < 2 ? [] : [{
        level: "error" as const,
        code: "duplicate_section",
        message: `${path} has ${section} more than once (lines ${lines})`,
        mend,
      }]),
      ...(keys.length === 0 ? [] : [{
        level: "error" as const,
        code: "duplicate_key",
        message: `${path} has ${keys.join(", ")} more than once in ${section}`,
        mend: "delete all but one: the AWS CLI refuses the whole file as it is",
      }]),
    ];
  });
}

function lineFindings(text: string, kind: SharedFileKind, path: string): Finding[] {
  return parseSharedConfig(text, kind).problems.map(({ line, code }) => ({
    level: "warning",
    code: "broken_line",
    message: `${path}, line ${line}: AWS tools can't read it (${code})`,
    mend: "mend or delete that line",
  }));
}

async function findingsOf(context: DoctorContext, kind: SharedFileKind): Promise<Finding[]> {
  const { program: { paths, ports: { files } }, show } = context;
  const file = kind === "config" ? paths.awsConfig : paths.awsCredentials;
  const facts = await files.facts(file);
  if (facts === undefined) return [];
  const text = await readLossless(files, file);
  const path = show(file);
  return [
    ...modeFindings(kind, facts.mode, path),
    ...duplicateFindings(text, path),
    ...lineFindings(text, kind, path),
  ];
}

/** The check. */
export const awsFiles: Check = {
  name: "AWS files",
  async run(context) {
    const found = [
      ...await findingsOf(context, "config"),
      ...await findingsOf(context, "credentials"),
    ];
    const { paths } = context.program;
    const both = `${context.show(paths.awsConfig)}, ${context.show(paths.awsCredentials)}`;
    return found.length > 0 ? found : [{ level: "ok", code: "aws_files", message: both }];
  },
};
