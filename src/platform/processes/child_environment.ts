/**
 * The environment that programs we start get.
 *
 * @module
 */

/** Variables that hold a secret of ours; no child inherits them (docs/cli, "Environment"). */
const OURS: ReadonlySet<string> = new Set([
  "OKTA_AWS_PASSWORD",
  "OKTA_AWS_TOTP",
  "OKTA_AWS_FILE_PASSPHRASE",
]);

/**
 * An environment without our secrets. Names are compared without regard to case, as Windows does.
 *
 * @param all An environment: the parent's, or what `exec` made of it.
 * @returns A copy that lacks `OKTA_AWS_PASSWORD`, `OKTA_AWS_TOTP` and `OKTA_AWS_FILE_PASSPHRASE`.
 */
export function childEnvironment(all: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !OURS.has(name.toUpperCase())));
}
