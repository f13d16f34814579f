/**
 * Programs of other systems that are not here: stand-ins that do what the real ones are documented
 * to do, and nothing more lenient. They keep their state in a folder.
 */

/** Which program. */
export type StandInName = "security" | "powershell.exe" | "gopass";

/** How the stand-in behaves; read at each of its starts. */
export interface Behaviour {
  /** `security`: the exit code of whatever needs the keychain opened (36: locked over SSH, …). */
  refuses?: number;
  /** Never answers. */
  hangs?: boolean;
  /** `powershell.exe`: 5 or 7. */
  edition?: 5 | 7;
  /** `powershell.exe`: Constrained Language Mode. */
  constrained?: boolean;
  /** `powershell.exe`: who is signed in to Windows. */
  user?: string;
  /** `powershell.exe`: the Win32 error of every call of the Credential Manager's. */
  vaultError?: number;
}

/** A stand-in that can be started. */
export interface StandIn {
  tool: string;
  /** The folder that its path and its state are in. */
  folder: string;
  /** Changes how it behaves. */
  behave(behaviour: Behaviour): Promise<void>;
  /** The arguments of its runs so far, one line each. */
  runs(): Promise<string[]>;
}

const SCRIPTS: Record<StandInName, string> = {
  "security": "security.ts",
  "powershell.exe": "powershell.ts",
  "gopass": "gopass.ts",
};

/**
 * Writes a stand-in.
 *
 * @param name Which.
 * @param folder A scratch folder, which then goes in front of PATH or names the tool.
 * @returns The stand-in.
 */
export async function standIn(name: StandInName, folder: string): Promise<StandIn> {
  const script = decodeURIComponent(new URL(SCRIPTS[name], import.meta.url).pathname);
  const tool = `${folder}/${name}`;
  const deno = `"${Deno.execPath()}" run --no-config --no-lock --quiet -A`;
  await Deno.writeTextFile(tool, `#!/bin/sh\nexec ${deno} "${script}" "${folder}" "$@"\n`, {
    mode: 0o755,
  });
  const behave = (behaviour: Behaviour) =>
    Deno.writeTextFile(`${folder}/behaviour.json`, JSON.stringify(behaviour));
  await behave({});
  await Deno.writeTextFile(`${folder}/runs`, "");
  return {
    tool,
    folder,
    behave,
    runs: async () => (await Deno.readTextFile(`${folder}/runs`)).trim().split("\n"),
  };
}
