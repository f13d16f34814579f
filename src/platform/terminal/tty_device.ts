/**
 * The controlling terminal as a device: `/dev/tty`, or `CONIN$` and `CONOUT$` on Windows; and whether
 * this process may read it.
 *
 * We never wait inside a read: a pending read of Deno's can't be cancelled and would swallow the next
 * keys (measured with Deno 2.9.6: closing the file rejects the promise, but the thread still takes the
 * next key). On Unix the device is therefore opened non-blocking, which only `node:fs` can, and
 * polled.
 *
 * @module
 */

import { findProgram } from "../processes/find_program.ts";

/** A process's relation to its terminal. */
export interface TtyPlace {
  /**
   * Whether its process group is the terminal's foreground group. Otherwise a read stops the process
   * (SIGTTIN), or steals keys from another program.
   */
  foreground: boolean;
  /** The same for all processes of the terminal; fits a file name. */
  name: string;
}

/**
 * Reads Linux's `/proc/PID/stat` (proc(5): fields 5 `pgrp`, 7 `tty_nr`, 8 `tpgid`). The command's name
 * in it may hold blanks and parentheses. Returns `undefined` for a process without a terminal.
 */
export function placeFromStat(stat: string): TtyPlace | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 1).trim().split(" ");
  const [group, terminal, foreground] = [fields[2], fields[4], fields[5]];
  if (terminal === undefined || terminal === "0") return undefined;
  return { foreground: group === foreground, name: `tty-${terminal}` };
}

/** Reads a line of `ps -o pgid=,tpgid=,tty=` on macOS, such as ` 501  501 ttys003`. */
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

/** Returns `undefined` without a terminal, or if the system does not tell. */
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

export interface TtyDevice {
  /** The keys typed since the last call, without waiting. */
  read(): Uint8Array;
  write(text: string): void;
  /** Raw: keys come one by one, without echo. */
  setRaw(raw: boolean): void;
  /** Its width; 80 if unknown. */
  columns(): number;
  close(): void;
}

const encoder = new TextEncoder();
const NOTHING = new Uint8Array();

function writeAll(file: Deno.FsFile, text: string): void {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}

/** From the standard streams; from `stty` if an SDK has redirected all three. */
function columnsOf(sttyFlag: string | undefined): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch { /* none of them is a terminal */ }
  if (sttyFlag === undefined) return 80;
  try {
    const { stdout } = new Deno.Command(findProgram("stty", (name) => Deno.env.get(name)), {
      args: [sttyFlag, "/dev/tty", "size"],
      stdin: "null",
      stderr: "null",
    }).outputSync();
    return Number(new TextDecoder().decode(stdout).split(" ")[1]) || 80;
  } catch {
    return 80;
  }
}

async function openUnix(): Promise<TtyDevice> {
  const fs = await import("node:fs");
  const file = Deno.openSync("/dev/tty", { read: true, write: true });
  const descriptor = fs.openSync("/dev/tty", fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  const buffer = new Uint8Array(4_096);
  const columns = columnsOf(Deno.build.os === "darwin" ? "-f" : "-F");
  return {
    read: () => {
      try {
        const length = fs.readSync(descriptor, buffer);
        // No input is EAGAIN, so no bytes are the end of file.
        if (length === 0) throw new Deno.errors.UnexpectedEof("the terminal is gone");
        return buffer.slice(0, length);
      } catch (error) {
        if ((error as { code?: string }).code === "EAGAIN") return NOTHING;
        throw error;
      }
    },
    write: (text) => writeAll(file, text),
    setRaw: (raw) => file.setRaw(raw),
    columns: () => columns,
    close: () => {
      fs.closeSync(descriptor);
      file.close();
    },
  };
}

/** On Windows a read stays pending between questions; its keys belong to the next one. */
let windowsInput: { file: Deno.FsFile; chunks: Uint8Array[]; failure?: unknown } | undefined;

function readOn(input: NonNullable<typeof windowsInput>): void {
  const buffer = new Uint8Array(4_096);
  input.file.read(buffer).then(
    (length) => {
      input.chunks.push(buffer.subarray(0, length ?? 0));
      readOn(input);
    },
    (error) => input.failure = error,
  );
}

function openWindows(): TtyDevice {
  const output = Deno.openSync("CONOUT$", { read: true, write: true });
  if (windowsInput === undefined) {
    windowsInput = { file: Deno.openSync("CONIN$", { read: true, write: true }), chunks: [] };
    readOn(windowsInput);
  }
  const input = windowsInput;
  return {
    read: () => {
      if (input.failure !== undefined) throw input.failure;
      return input.chunks.shift() ?? NOTHING;
    },
    write: (text) => writeAll(output, text),
    setRaw: (raw) => input.file.setRaw(raw),
    columns: () => columnsOf(undefined),
    close: () => output.close(),
  };
}

/** @throws {Error} If this process has no terminal. */
export async function openTtyDevice(): Promise<TtyDevice> {
  return Deno.build.os === "windows" ? openWindows() : await openUnix();
}

/** Writes to the terminal. Returns whether there is one. */
export function writeToTty(text: string): boolean {
  const path = Deno.build.os === "windows" ? "CONOUT$" : "/dev/tty";
  try {
    using file = Deno.openSync(path, { read: true, write: true });
    writeAll(file, text);
    return true;
  } catch {
    return false;
  }
}
