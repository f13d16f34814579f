/** Whether a missing program fails the tests instead of skipping them. */
export const required: boolean = Deno.env.get("OKTA_AWS_REQUIRE_REAL") === "1";

/** For `ignore` of `Deno.test`: a program is missing from PATH, and OKTA_AWS_REQUIRE_REAL is not set. */
export function ignoreWithout(...programs: string[]): boolean {
  return !required && areMissing(...programs);
}

/**
 * Whether a program is missing from PATH. For programs that no test machine is required to have.
 * Windows counts as without any: Git brings some of them there, but for paths of Unix.
 */
export function areMissing(...programs: string[]): boolean {
  if (Deno.build.os === "windows") return true;
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  const isThere = (path: string): boolean => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  };
  return !programs.every((name) => folders.some((folder) => isThere(`${folder}/${name}`)));
}

/** Whether a command succeeds: to check for something that is not in PATH, such as a Python module. */
export async function runs(program: string, ...args: string[]): Promise<boolean> {
  if (Deno.build.os === "windows") return false;
  try {
    return (await new Deno.Command(program, { args, stdin: "null" }).output()).success;
  } catch {
    return false;
  }
}
