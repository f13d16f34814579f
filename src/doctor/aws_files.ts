/** `doctor`: modes, broken lines and duplicates of the AWS config and credentials files. @module */

import { parseSharedConfig, type SharedFileKind } from "../aws/files/shared_config.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import { duplicateFindings } from "./duplicates.ts";
import type { Check, DoctorContext, Finding } from "./finding.ts";

/** What botocore does with duplicates. */
const CONSEQUENCE = "the AWS CLI rejects the whole file";

const OTHERS_READ = 0o077;
const OTHERS_WRITE = 0o022;
const OWNER_WRITE = 0o200;

function checkMode(kind: SharedFileKind, mode: number | undefined, path: string): Finding[] {
  if (mode === undefined) return [];
  const wrong = kind === "credentials" ? OTHERS_READ : OTHERS_WRITE;
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

/** The check. */
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
