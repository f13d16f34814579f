/**
 * The machines that binaries are made for.
 *
 * @module
 */

/** A kind of machine. */
export interface Target {
  /** What `deno compile --target` calls it. */
  triple: string;
  /** What a release calls the binary for it; `install.sh` and `install.ps1` ask for this name. */
  asset: string;
}

/** All of them: a macOS or Windows binary needs no such machine to be made. */
export const TARGETS: readonly Target[] = [
  { triple: "x86_64-unknown-linux-gnu", asset: "okta-aws-linux-x64" },
  { triple: "aarch64-unknown-linux-gnu", asset: "okta-aws-linux-arm64" },
  { triple: "x86_64-apple-darwin", asset: "okta-aws-macos-x64" },
  { triple: "aarch64-apple-darwin", asset: "okta-aws-macos-arm64" },
  { triple: "x86_64-pc-windows-msvc", asset: "okta-aws-windows-x64.exe" },
];

/**
 * A target by its name.
 *
 * @param name As `deno compile --target` takes it, or the asset's name.
 * @returns The target.
 * @throws {Error} There is none of that name.
 */
export function targetOf(name: string): Target {
  const found = TARGETS.find(({ triple, asset }) => triple === name || asset === name);
  if (found !== undefined) return found;
  throw new Error(`no target ${name}; there are ${TARGETS.map(({ triple }) => triple).join(", ")}`);
}
