import { SettingsError } from "../../src/errors.ts";
import type { FileFacts, Files, HeldLock, LockOptions } from "../../src/ports.ts";

/** One file in memory; `modified` counts changes. */
interface MemoryFile extends FileFacts {
  data: Uint8Array;
}

/** Files in memory. Methods may be called without `this`. */
export interface MemoryFiles extends Files {
  /** The files by path. */
  readonly contents: Map<string, MemoryFile>;
  /** Paths that can't be written. */
  readonly readOnly: Set<string>;
  /** Locks held by another process: taking them fails immediately. */
  readonly heldElsewhere: Set<string>;
  /** Every requested lock, in order. */
  readonly lockRequests: { path: string; timeoutMilliseconds: number }[];
  /** The text of a file; throws if it doesn't exist. */
  text(path: string): string;
  /** Writes a file, as another program would. */
  put(path: string, text: string, mode?: number): void;
}

/** A queue for each lock, so that two callers in one test wait for each other without a timer. */
function memoryLocks(heldElsewhere: Set<string>) {
  const queues = new Map<string, ((lock: HeldLock) => void)[]>();
  const hold = (path: string): HeldLock => {
    let held = true;
    return {
      release() {
        if (!held) return;
        held = false;
        const next = queues.get(path)?.shift();
        if (next === undefined) queues.delete(path);
        else next(hold(path));
      },
    };
  };
  return (path: string, { onWait }: LockOptions): Promise<HeldLock | undefined> => {
    const queue = queues.get(path);
    if (queue !== undefined || heldElsewhere.has(path)) onWait?.();
    if (heldElsewhere.has(path)) return Promise.resolve(undefined);
    if (queue !== undefined) return new Promise((resolve) => queue.push(resolve));
    queues.set(path, []);
    return Promise.resolve(hold(path));
  };
}

/** Files in memory; `texts` by path. */
export function memoryFiles(texts: Record<string, string> = {}): MemoryFiles {
  const contents = new Map<string, MemoryFile>();
  const readOnly = new Set<string>();
  const heldElsewhere = new Set<string>();
  const lockRequests: MemoryFiles["lockRequests"] = [];
  const takeLock = memoryLocks(heldElsewhere);
  let changes = 0;
  const put = (path: string, data: Uint8Array, mode: number) => {
    const facts = { mode, modified: changes++, size: data.length, owned: true };
    contents.set(path, { data: data.slice(), ...facts });
  };
  for (const [path, text] of Object.entries(texts)) {
    put(path, new TextEncoder().encode(text), 0o600);
  }
  const files: MemoryFiles = {
    contents,
    readOnly,
    heldElsewhere,
    lockRequests,
    text(path) {
      const file = contents.get(path);
      if (file === undefined) throw new Error(`no such file: ${path}`);
      return new TextDecoder().decode(file.data);
    },
    put: (path, text, mode = 0o600) => put(path, new TextEncoder().encode(text), mode),
    read: (path) => Promise.resolve(contents.get(path)?.data.slice()),
    facts(path) {
      const file = contents.get(path);
      if (file === undefined) return Promise.resolve(undefined);
      const { data: _, ...facts } = file;
      return Promise.resolve(facts);
    },
    async replaceIfSame(path, expected, data) {
      const before = contents.get(path)?.data ?? new Uint8Array();
      if (before.toHex() !== expected.toHex()) return false;
      await files.writeAtomic(path, data);
      return true;
    },
    realPath: (path) => Promise.resolve(path),
    isPrivateFolder: () => Promise.resolve(true),
    findUnsafe: () => Promise.resolve(undefined),
    makePrivate: () => Promise.resolve(),
    writeAtomic(path, data, mode = 0o600) {
      if (readOnly.has(path)) {
        const details = { code: "file_not_writable", hint: "chmod u+w" };
        return Promise.reject(new SettingsError(`${path} can't be written`, details));
      }
      put(path, data, contents.get(path)?.mode ?? mode);
      return Promise.resolve();
    },
    restrictToOwner(path) {
      const file = contents.get(path);
      const isShared = ((file?.mode ?? 0) & 0o077) !== 0;
      if (isShared) file!.mode! &= 0o700;
      return Promise.resolve(isShared);
    },
    removeFolder(path) {
      const found = [...contents.keys()].filter((name) => name.startsWith(`${path}/`));
      for (const name of found) contents.delete(name);
      return Promise.resolve(found.length > 0);
    },
    remove: (path) => Promise.resolve(contents.delete(path)),
    list(directory) {
      const prefix = `${directory}/`;
      const names = [...contents.keys()].filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length)).filter((name) => !name.includes("/"));
      return Promise.resolve(names.sort());
    },
    lock(path, options) {
      lockRequests.push({ path, timeoutMilliseconds: options.timeoutMilliseconds });
      return takeLock(path, options);
    },
  };
  return files;
}
