/** Policies of the machine that forbid driving a browser. @module */

/** Where each browser on Linux reads managed policies; the program's path tells which one it is. */
const LINUX_FOLDERS: readonly [path: RegExp, folder: string][] = [
  [/edge/i, "/etc/opt/edge/policies/managed"],
  [/brave/i, "/etc/brave/policies/managed"],
  [/chromium/i, "/etc/chromium/policies/managed"],
  [/chromium/i, "/etc/chromium-browser/policies/managed"],
  [/chrome/i, "/etc/opt/chrome/policies/managed"],
];

const FORBIDS = /"RemoteDebuggingAllowed"\s*:\s*false/;

/** The folders of a browser's policies. */
export function policyFolders(path: string, os: string): string[] {
  if (os !== "linux") return [];
  return LINUX_FOLDERS.filter(([program]) => program.test(path)).map(([, folder]) => folder);
}

/** Whether a policy forbids it. The browser would not say so: it never answers. */
export async function isDebuggingForbidden(folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    try {
      for await (const { name } of Deno.readDir(folder)) {
        if (FORBIDS.test(await Deno.readTextFile(`${folder}/${name}`))) return true;
      }
    } catch { /* no such policies */ }
  }
  return false;
}
