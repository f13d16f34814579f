/**
 * Files and locks, as interfaces.
 *
 * @module
 */

/** A lock that is held. */
export interface HeldLock {
  /** Gives the lock back; the second call does nothing. */
  release(): void;
}

/** How to wait for a lock. */
export interface LockOptions {
  /** Give up after this long. */
  timeoutMilliseconds: number;
  /** Called once, when the lock is found taken. */
  onWait?: () => void;
}

/** What is known of a file before it is changed. */
export interface FileFacts {
  /** The permission bits, `undefined` on Windows. */
  mode: number | undefined;
  /** Last change, milliseconds since the Unix epoch. */
  modified: number;
  /** Its size, bytes. */
  size: number;
}

/** Files. Paths are absolute. */
export interface Files {
  /** @returns The file's bytes, or `undefined` where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** @returns Facts about the file that a path leads to, or `undefined` where there is none. */
  facts(path: string): Promise<FileFacts | undefined>;
  /**
   * Replaces a file in one step: temporary file beside the real one, fsync, rename. A symbolic link
   * stays and its target is replaced; an existing file keeps its mode; folders that lack are made
   * with mode 0700.
   *
   * @param path The file, or a link to it.
   * @param data The new content, whole.
   * @param mode Permission bits of a file that is new (0600 where it is left out).
   * @throws {SettingsError} `file_not_writable` where the file is read-only (its mode says so, even
   * to a superuser) or the folder refuses; the old content is then untouched.
   */
  writeAtomic(path: string, data: Uint8Array, mode?: number): Promise<void>;
  /** Removes a file. @returns Whether there was one. */
  remove(path: string): Promise<boolean>;
  /** @returns The names in a folder, sorted; none where there is no folder. */
  list(directory: string): Promise<string[]>;
  /**
   * Takes an exclusive lock that the kernel gives back when the process ends, however it ends.
   *
   * @param path A file that is only a lock; made (0600) where it lacks.
   * @returns The lock, or `undefined` when the time ran out.
   */
  lock(path: string, options: LockOptions): Promise<HeldLock | undefined>;
}
