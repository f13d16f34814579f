/**
 * The controlling terminal as a device: `/dev/tty`, or `CONIN$` and `CONOUT$` on Windows.
 *
 * It is never waited on inside a read. A pending read of Deno's can't be taken back: it would swallow
 * the next keys typed, whoever they were meant for (measured with Deno 2.9.6: closing the file
 * rejects the promise, but the thread still takes the next key). So on Unix the device is opened
 * non-blocking, through `node:fs`, which alone can, and asked again and again.
 *
 * @module
 */

/** A terminal, open. */
export interface TtyDevice {
  /** What has been typed since, without waiting; empty where there is nothing. */
  read(): Uint8Array;
  /** Writes text, all of it. */
  write(text: string): void;
  /** Raw: keys come one by one, unechoed; else the terminal is as it was before. */
  setRaw(raw: boolean): void;
  /** How wide it is; 80 where that is not known. */
  columns(): number;
  /** Gives it back. */
  close(): void;
}

const encoder = new TextEncoder();
const NOTHING = new Uint8Array();

function writeAll(file: Deno.FsFile, text: string): void {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}

/** The standard streams tell the size; where an SDK took all three, `stty` does. */
function columnsOf(sttyFlag: string | undefined): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch { /* none of them is a terminal */ }
  if (sttyFlag === undefined) return 80;
  try {
    const { stdout } = new Deno.Command("stty", {
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
        // Nothing would be EAGAIN: no bytes at all are the end of file.
        if (length === 0) throw new Deno.errors.UnexpectedEof("the terminal has gone");
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

/** On Windows a read is left pending between questions; what it brings is the next one's. */
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

/**
 * Opens the terminal.
 *
 * @returns The device.
 * @throws {Error} Where this process has none.
 */
export async function openTtyDevice(): Promise<TtyDevice> {
  return Deno.build.os === "windows" ? openWindows() : await openUnix();
}

/**
 * Writes to the terminal, without a question.
 *
 * @param text What to write.
 * @returns Whether there is a terminal.
 */
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
