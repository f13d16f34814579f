/**
 * `doctor`: whether the cache, the secrets and the grants are the person's alone, and readable.
 *
 * @module
 */

import type { Check, DoctorContext, Finding } from "./finding.ts";

const OTHERS = 0o077;

/** How many files a finding lists. */
const LISTED = 3;

/** The folders of the cache whose documents open something. */
const PRIVATE = ["credentials", "sessions", "assertions", "backup"];

async function openToOthers({ context }: DoctorContext, path: string): Promise<boolean> {
  const facts = await context.ports.files.facts(path).catch(() => undefined);
  return ((facts?.mode ?? 0) & OTHERS) !== 0;
}

async function filesOf({ context }: DoctorContext): Promise<string[]> {
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

/** A document that is not JSON is passed over by every run, and can only be in the way. */
async function damaged({ context }: DoctorContext, path: string): Promise<boolean> {
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

async function those(paths: readonly string[], test: (path: string) => Promise<boolean>) {
  const found = await Promise.all(paths.map(test));
  return paths.filter((_, index) => found[index]);
}

/** The check. */
export const privateFiles: Check = {
  name: "private files",
  async run(context) {
    const paths = await filesOf(context);
    const open = await those(paths, (path) => openToOthers(context, path));
    const broken = await those(paths, (path) => damaged(context, path));
    const found: Finding[] = [];
    if (open.length > 0) {
      const shown = open.map(context.show);
      const more = open.length > LISTED ? ` and ${open.length - LISTED} more` : "";
      found.push({
        level: "error",
        code: "private_file_mode",
        message: `others may get at ${shown.slice(0, LISTED).join(", ")}${more}`,
        mend: `chmod go= ${shown.slice(0, LISTED).join(" ")}${more && " …"}`,
      });
    }
    if (broken.length > 0) {
      found.push({
        level: "warning",
        code: "damaged_file",
        message: `${context.show(broken[0]!)} is damaged` +
          (broken.length > 1 ? `, and ${broken.length - 1} more` : ""),
        mend: "delete it: it is made anew when it is needed",
      });
    }
    return found;
  },
};
