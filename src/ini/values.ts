import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";

/**
 * A key with its value, or with the lines of its block (`s3 =` and indented `key = value` lines).
 */
export type IniSetting = readonly [key: string, value: string | readonly IniBlockSetting[]];

/** A `key = value` line inside a block. */
export type IniBlockSetting = readonly [key: string, value: string];

/** C0 controls except tab, DEL, NEL, and the separators at which Python splits lines. */
// deno-lint-ignore no-control-regex -- control characters are what this looks for
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]/;

function refuse(key: string, why: string): SettingsError {
  return new SettingsError(`the value of ${showUntrusted(key)} ${why}`, {
    code: "bad_value",
    hint: "use a single line without ' #' and ' ;'",
  });
}

function checkLine(key: string, value: string): void {
  if (!/^[A-Za-z0-9_][\w./%@+-]*$/.test(key)) {
    throw new SettingsError(`"${showUntrusted(key)}" is not a valid key`, { code: "bad_key" });
  }
  if (CONTROL.test(value) || !value.isWellFormed()) throw refuse(key, "has a control character");
  if (value.trim() !== value) throw refuse(key, "starts or ends with white space");
  if (/(?:^|[ \t])[#;]/.test(value)) throw refuse(key, "contains a comment sign");
}

/**
 * Rejects values that would not read back unchanged or would add lines.
 *
 * @throws {SettingsError} `bad_value` or `bad_key`; the message never contains the value.
 */
export function checkSetting([key, value]: IniSetting): void {
  if (typeof value === "string") return checkLine(key, value);
  checkLine(key, "");
  for (const [blockKey, blockValue] of value) checkLine(blockKey, blockValue);
}

/**
 * `key = value` like `aws configure`, or `key =` for an empty value. Lines of a block have four
 * more spaces of indent. Values must have been checked.
 */
export function formatSetting([key, value]: IniSetting, indent: string, lineEnd: string): string {
  if (typeof value === "string") return `${indent}${key} =${value && ` ${value}`}${lineEnd}`;
  const lines = value.map((setting) => formatSetting(setting, `${indent}    `, lineEnd));
  return `${indent}${key} =${lineEnd}${lines.join("")}`;
}
