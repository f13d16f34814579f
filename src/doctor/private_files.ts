/** `doctor`: whether cache, secrets and grants are private and readable. @module */

import type { Check, DoctorContext, Finding } from "./finding.ts";

const OTHERS = 0o077;

/** At most so many files in one finding. */
const LISTED = 3;

/** The cache folders whose files grant access to something. */
const PRIVATE = ["credentials", "sessions", "assertions", "backup"];

async function isOpenToOthers({ context }: DoctorContext, path: string): Promise<boolean> {
  const facts = await context.ports.files.facts(path).catch(() => undefined);
  return ((facts?.mode ?? 0) & OTHERS) !== 0;
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

/** The check. */
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
