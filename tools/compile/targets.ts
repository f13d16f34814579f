/** A platform that we build binaries for. */
export interface Target {
  /** The argument of `deno compile --target`. */
  triple: string;
  /** Name of the binary in a release, which `install.sh` and `install.ps1` download. */
  asset: string;
}

/** All can be built on any platform. */
export const TARGETS: readonly Target[] = [
  { triple: "x86_64-unknown-linux-gnu", asset: "okta-aws-linux-x64" },
  { triple: "aarch64-unknown-linux-gnu", asset: "okta-aws-linux-arm64" },
  { triple: "x86_64-apple-darwin", asset: "okta-aws-macos-x64" },
  { triple: "aarch64-apple-darwin", asset: "okta-aws-macos-arm64" },
  { triple: "x86_64-pc-windows-msvc", asset: "okta-aws-windows-x64.exe" },
  { triple: "aarch64-pc-windows-msvc", asset: "okta-aws-windows-arm64.exe" },
];

/**
 * @param name A triple or an asset name.
 * @throws {Error} No such target.
 */
export function findTarget(name: string): Target {
  const found = TARGETS.find(({ triple, asset }) => triple === name || asset === name);
  if (found !== undefined) return found;
  throw new Error(
    `unknown target ${name}; use one of ${TARGETS.map(({ triple }) => triple).join(", ")}`,
  );
}
