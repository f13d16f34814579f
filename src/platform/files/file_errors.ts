/** Failures of the file system, as user-visible errors. @module */

import { SettingsError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** Codes that Deno does not name, by the system's number. */
const UNNAMED: Readonly<Record<string, string>> = Deno.build.os === "darwin"
  ? { 27: "EFBIG", 69: "EDQUOT", 77: "ENOLCK", 78: "ENOSYS", 102: "EOPNOTSUPP" }
  : { 27: "EFBIG", 37: "ENOLCK", 38: "ENOSYS", 95: "EOPNOTSUPP", 122: "EDQUOT" };

/** The system's own code of a failure, such as `ENOSPC`. */
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
  ENOTDIR: "part of its path is not a folder",
  ELOOP: "its symbolic links form a loop",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "its name is too long",
  EIO: "disk error",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ETXTBSY: "another program is using it",
  EBUSY: "another program is using it",
};

function reasonOf(error: unknown): string {
  const known = REASONS[systemCode(error) ?? ""];
  if (known !== undefined) return known;
  return showUntrusted(error instanceof Error ? error.message : String(error));
}

function hintFor(error: unknown, otherwise: string): string {
  const code = systemCode(error);
  if (code !== "EMFILE" && code !== "ENFILE") return otherwise;
  return "allow more of them (ulimit -n), or lower the setting concurrency";
}

/** The error `file_not_readable`. */
export function notReadable(path: string, error: unknown): SettingsError {
  return new SettingsError(`could not read ${showUntrusted(path)}: ${reasonOf(error)}`, {
    code: "file_not_readable",
    hint: hintFor(error, "check the path and its permissions (ls -l)"),
    cause: error,
  });
}

/** The error `disk_full` or `file_not_writable`; a `SettingsError` is returned unchanged. */
export function notWritable(path: string, error: unknown): SettingsError {
  if (error instanceof SettingsError) return error;
  const code = systemCode(error);
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") {
    return new SettingsError(`could not write ${showUntrusted(path)}: the disk is full`, {
      code: "disk_full",
      hint: "free some disk space and try again; the file was not changed",
      cause: error,
    });
  }
  return new SettingsError(`could not write ${showUntrusted(path)}: ${reasonOf(error)}`, {
    code: "file_not_writable",
    hint: hintFor(
      error,
      "check its permissions and those of its folder (ls -ld); the file was not changed",
    ),
    cause: error,
  });
}
