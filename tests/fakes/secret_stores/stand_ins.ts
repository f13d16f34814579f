/**
 * Stand-ins for programs of other systems. They do what the real ones are documented
 * to do and are never more lenient. They keep their state in a folder.
 */

import { fileURLToPath } from "node:url";
import { runModule, writeWrapper } from "../programs.ts";

export type StandInName = "security" | "powershell.exe" | "gopass";

/** How the stand-in behaves. Read at each start. */
export interface Behaviour {
  /** `security`: the exit code of commands that need an unlocked keychain (36: locked over SSH, …). */
  refuses?: number;
  /** Never answers. */
  hangs?: boolean;
  /** `powershell.exe`: 5 or 7. */
  edition?: 5 | 7;
  /** `powershell.exe`: Constrained Language Mode. */
  constrained?: boolean;
  /** `powershell.exe`: the Windows user. */
  user?: string;
  /** `powershell.exe`: the Win32 error of every Credential Manager call. */
  vaultError?: number;
}

export interface StandIn {
  tool: string;
  /** The folder of the program and its state. */
  folder: string;
  behave(behaviour: Behaviour): Promise<void>;
  /** The arguments of each run so far. */
  runs(): Promise<string[]>;
}

const SCRIPTS: Record<StandInName, string> = {
  "security": "security.ts",
  "powershell.exe": "powershell.ts",
  "gopass": "gopass.ts",
};

/** Writes a stand-in to `folder`, a scratch folder to put at the front of PATH. */
export async function standIn(name: StandInName, folder: string): Promise<StandIn> {
  const script = fileURLToPath(new URL(SCRIPTS[name], import.meta.url));
  const tool = await writeWrapper(`${folder}/${name}`, [...runModule(script), folder]);
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
