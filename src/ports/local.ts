/** The ports that every run has, even when `cred-process` answers from its cache. @module */

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export interface Environment {
  /** An empty variable counts as unset. */
  get(name: string): string | undefined;
  /** All variables, as a child would inherit them. */
  all(): Record<string, string>;
  /** What the program runs on, for reports: `Deno 2.9.6, linux x86_64`. */
  readonly runtime: string;
  readonly os: "linux" | "darwin" | "windows";
  /** The home folder: HOME, then USERPROFILE, then HOMEDRIVE and HOMEPATH. */
  readonly home: string;
  /** The command that starts this program: the binary, or Deno with the script. */
  readonly command: readonly [string, ...string[]];
}

/** Standard output (answers) and standard error (everything else). */
export interface Output {
  /** Writes to standard output: only what the user asked for. */
  answer(text: string): void;
  /** Writes to standard error. */
  notice(text: string): void;
  /**
   * Shows a line on standard error that the next output replaces; an empty one removes it. Nothing
   * without a terminal, and while a question is open.
   */
  status(text: string): void;
  /** Whether standard error is a terminal, so that a line can be redrawn. */
  readonly noticeIsTerminal: boolean;
  readonly answerIsTerminal: boolean;
  /** Width of the terminal, 80 if unknown. */
  readonly columns: number;
}

export interface HeldLock {
  /** Releases the lock; a second call does nothing. */
  release(): void;
}

export interface LockOptions {
  timeoutMilliseconds: number;
  /** Called once if another process holds the lock. */
  onWait?: () => void;
}

export interface FileFacts {
  /** Permission bits, `undefined` on Windows. */
  mode: number | undefined;
  /** Last change, milliseconds since the Unix epoch. */
  modified: number;
  /** Bytes. */
  size: number;
  /** Whether it belongs to the user or root; always on Windows. */
  owned: boolean;
}

/** A file or folder that other users could change. */
export interface UnsafePath {
  path: string;
  reason: "owner" | "writable";
  isFolder: boolean;
}

/** Files and locks. Paths are absolute. */
export interface Files {
  /** Returns `undefined` if there is no file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Follows links; `undefined` if there is no file. */
  facts(path: string): Promise<FileFacts | undefined>;
  /**
   * Replaces a file in one step: temporary file beside it, fsync, rename. A symbolic link stays and
   * its target is replaced. An existing file keeps its mode; a new one gets `mode` (default: 0600).
   * Missing folders are created with mode 0700.
   *
   * @param synced Whether it has to survive a power failure; default: yes. Waiting for the disk takes
   * milliseconds, and what can be fetched again needs none.
   * @throws {SettingsError} `file_not_writable` if the file's mode is read-only, even for root, or the
   * folder can't be written; `disk_full`. The old content is then untouched.
   */
  writeAtomic(path: string, data: Uint8Array, mode?: number, synced?: boolean): Promise<void>;
  /**
   * As {@linkcode writeAtomic}, unless the file no longer contains `expected` (a missing file: nothing)
   * because another program has changed it meanwhile. Returns whether it was written.
   */
  replaceIfSame(path: string, expected: Uint8Array, data: Uint8Array): Promise<boolean>;
  /** The path without symbolic links; the file need not exist. */
  realPath(path: string): Promise<string>;
  /**
   * Whether only the user can use a folder, and nobody else can replace it: quick, and `false` where
   * {@linkcode findUnsafe} has to be asked.
   */
  isPrivateFolder(path: string): Promise<boolean>;
  /**
   * The first of a path and the folders above it that another user owns, or that others can write to.
   * Sticky folders such as /tmp are safe, and group-write if nobody else is in the owner's group.
   */
  findUnsafe(path: string): Promise<UnsafePath | undefined>;
  /**
   * Sets a folder of the user's to mode 0700. If others could write to it, removes what they own or
   * could have changed.
   */
  makePrivate(folder: string): Promise<void>;
  /**
   * Takes the group's and others' permissions away from a file, or from a link's target.
   *
   * @returns Whether there were any; `false` on Windows and if there is no file.
   * @throws {SettingsError} `file_not_writable`
   */
  restrictToOwner(path: string): Promise<boolean>;
  /** Returns whether there was a file. */
  remove(path: string): Promise<boolean>;
  /** Removes a folder with all that is in it. Returns whether there was one. */
  removeFolder(path: string): Promise<boolean>;
  /** The names in a folder, sorted; none if there is no folder. */
  list(directory: string): Promise<string[]>;
  /**
   * Takes an exclusive lock, which the kernel releases however the process ends. `path` is only a
   * lock, created with mode 0600 if needed. Returns `undefined` at the time limit.
   */
  lock(path: string, options: LockOptions): Promise<HeldLock | undefined>;
}
