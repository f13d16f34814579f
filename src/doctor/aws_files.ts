/**
 * `doctor`: the AWS config and credentials files as files: modes, broken lines, what stands twice.
 *
 * @module
 */

import { parseSharedConfig, type SharedFileKind } from "../aws/files/shared_config.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import { duplicateFindings } from "./duplicates.ts";
import type { Check, DoctorContext, Finding } from "./finding.ts";

/** What botocore does with a file in which something stands twice. */
const REFUSED = "the AWS CLI refuses the whole file as it is";

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

function lineFindings(text: string, kind: SharedFileKind, path: string): Finding[] {
  return parseSharedConfig(text, kind).problems.map(({ line, code }) => ({
    level: "warning",
    code: "broken_line",
    message: `${path}, line ${line}: AWS tools can't read it (${code})`,
    mend: "mend or delete that line",
  }));
}

async function findingsOf(context: DoctorContext, kind: SharedFileKind): Promise<Finding[]> {
  const { context: { paths, ports: { files } }, show } = context;
  const file = kind === "config" ? paths.awsConfig : paths.awsCredentials;
  const facts = await files.facts(file);
  if (facts === undefined) return [];
  const text = await readLossless(files, file);
  const path = show(file);
  return [
    ...modeFindings(kind, facts.mode, path),
    ...duplicateFindings(text, path, "error", REFUSED),
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
    const { paths } = context.context;
    const both = `${context.show(paths.awsConfig)}, ${context.show(paths.awsCredentials)}`;
    return found.length > 0 ? found : [{ level: "ok", code: "aws_files", message: both }];
  },
};
