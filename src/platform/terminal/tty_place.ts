/**
 * Which terminal this process has, and whether it may use it: who reads a terminal from a background
 * process group is stopped (SIGTTIN), and under another program's screen would steal its keys.
 *
 * @module
 */

/** Where a process stands towards its terminal. */
export interface TtyPlace {
  /** Whether its process group is the terminal's foreground one. */
  foreground: boolean;
  /** A word that is the same for all processes of the terminal and fits a file name. */
  name: string;
}

/**
 * Reads the place out of Linux's `/proc/PID/stat` (proc(5): fields 5 `pgrp`, 7 `tty_nr`, 8 `tpgid`).
 *
 * @param stat The file's text; the command's name in it may hold blanks and parentheses.
 * @returns The place, or `undefined` where the process has no terminal.
 */
export function placeFromStat(stat: string): TtyPlace | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 1).trim().split(" ");
  const [group, terminal, foreground] = [fields[2], fields[4], fields[5]];
  if (terminal === undefined || terminal === "0") return undefined;
  return { foreground: group === foreground, name: `tty-${terminal}` };
}

/**
 * Reads the place out of what `ps -o pgid=,tpgid=,tty=` prints (macOS).
 *
 * @param line One line, such as ` 501  501 ttys003`.
 * @returns The place, or `undefined` where the process has no terminal.
 */
export function placeFromPs(line: string): TtyPlace | undefined {
  const [group, foreground, terminal = "??"] = line.trim().split(/\s+/);
  if (terminal.startsWith("?")) return undefined;
  return {
    foreground: group === foreground,
    name: `tty-${terminal.replaceAll(/[^A-Za-z0-9]/g, "_")}`,
  };
}

async function placeOnMac(): Promise<TtyPlace | undefined> {
  const { stdout } = await new Deno.Command("/bin/ps", {
    args: ["-o", "pgid=,tpgid=,tty=", "-p", String(Deno.pid)],
    stdin: "null",
    stderr: "null",
  }).output();
  return placeFromPs(new TextDecoder().decode(stdout));
}

function hasConsole(): boolean {
  try {
    Deno.openSync("CONIN$", { read: true, write: true }).close();
    return true;
  } catch {
    return false;
  }
}

/**
 * Where this process stands.
 *
 * @returns The place, or `undefined` where there is no terminal, or the system does not tell.
 */
export async function findTtyPlace(): Promise<TtyPlace | undefined> {
  if (Deno.build.os === "windows") {
    return hasConsole() ? { foreground: true, name: `tty-console` } : undefined;
  }
  try {
    Deno.openSync("/dev/tty", { read: true }).close();
    if (Deno.build.os === "darwin") return await placeOnMac();
    return placeFromStat(await Deno.readTextFile("/proc/self/stat"));
  } catch {
    return undefined;
  }
}
