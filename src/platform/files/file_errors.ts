/**
 * Failures of the file system, as the errors that a person sees.
 *
 * @module
 */

import { SettingsError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** Codes that Deno has no word for, by the system's number. */
const UNNAMED: Readonly<Record<string, string>> = Deno.build.os === "darwin"
  ? { 27: "EFBIG", 69: "EDQUOT", 77: "ENOLCK", 78: "ENOSYS", 102: "EOPNOTSUPP" }
  : { 27: "EFBIG", 37: "ENOLCK", 38: "ENOSYS", 95: "EOPNOTSUPP", 122: "EDQUOT" };

/**
 * The operating system's own code of a failure.
 *
 * @param error Whatever was thrown.
 * @returns The system's word for it (`ENOSPC`), where it has one.
 */
export function systemCode(error: unknown): string | undefined {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === "string") return code;
  const number = /\(os error (\d+)\)/.exec(String(message))?.[1];
  return number !== undefined && Deno.build.os !== "windows" ? UNNAMED[number] : undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is not a folder",
  ELOOP: "its symbolic links go round in a circle",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "its name is too long",
  EIO: "the disk reports an error",
  EMFILE: "too many files are open",
  ETXTBSY: "another program uses it",
  EBUSY: "another program uses it",
};

function reasonOf(error: unknown): string {
  const known = REASONS[systemCode(error) ?? ""];
  if (known !== undefined) return known;
  return showUntrusted(error instanceof Error ? error.message : String(error));
}

/**
 * The error for a file that can't be read.
 *
 * @param path The file.
 * @param error What the system threw.
 * @returns The error `file_not_readable`.
 */
export function notReadable(path: string, error: unknown): SettingsError {
  return new SettingsError(`${showUntrusted(path)} can't be read: ${reasonOf(error)}`, {
    code: "file_not_readable",
    hint: "check the path and who may read it (ls -l)",
    cause: error,
  });
}

/**
 * The error for a file that can't be written.
 *
 * @param path The file.
 * @param error What the system threw; a `SettingsError` passes unchanged.
 * @returns The error `disk_full` where there was no room, else `file_not_writable`.
 */
export function notWritable(path: string, error: unknown): SettingsError {
  if (error instanceof SettingsError) return error;
  const code = systemCode(error);
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") {
    return new SettingsError(`${showUntrusted(path)} can't be written: the disk is full`, {
      code: "disk_full",
      hint: "the file is as it was: make room and run the command again",
      cause: error,
    });
  }
  return new SettingsError(`${showUntrusted(path)} can't be written: ${reasonOf(error)}`, {
    code: "file_not_writable",
    hint: "the file is as it was: check who may write to it and to its folder (ls -ld)",
    cause: error,
  });
}
