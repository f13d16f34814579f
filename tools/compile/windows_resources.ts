/**
 * What Windows shows of a program: its icon, name and version. `deno compile` sets an icon on Windows
 * alone, and no version anywhere; the base binary's say that it is Deno.
 *
 * @module
 */

import { Data, NtExecutable, NtExecutableResource, Resource } from "resedit";

/** American English, and UTF-16: what Windows looks for first. */
const LANGUAGE = { lang: 1033, codepage: 1200 };

/** What is to be shown. */
export interface WindowsResources {
  /** `major.minor.patch` */
  version: string;
  /** The bytes of an `.ico` file. */
  icon: Uint8Array;
}

/**
 * Gives a Windows program an icon and a version. Its other resources stay, the bundle among them.
 *
 * @param program The bytes of the `.exe` file.
 * @param resources What is to be shown.
 * @returns The bytes of the new `.exe` file.
 */
export function setWindowsResources(
  program: Uint8Array<ArrayBuffer>,
  { version, icon }: WindowsResources,
): Uint8Array<ArrayBuffer> {
  // The base binary is signed; with other contents its signature is worth nothing.
  const executable = NtExecutable.from(program, { ignoreCert: true });
  const all = NtExecutableResource.from(executable);
  replaceIcons(all, icon);
  replaceVersion(all, version);
  all.outputResource(executable);
  return new Uint8Array(executable.generate());
}

function replaceIcons({ entries }: NtExecutableResource, icon: Uint8Array): void {
  const { icons } = Data.IconFile.from(icon);
  // Explorer takes the first group; all that there are become ours.
  const groups = Resource.IconGroupEntry.fromEntries(entries);
  for (const { id, lang } of groups.length > 0 ? groups : [{ id: 1, lang: LANGUAGE.lang }]) {
    Resource.IconGroupEntry.replaceIconsForResource(
      entries,
      id,
      lang,
      icons.map(({ data }) => data),
    );
  }
}

/** Of `VS_FIXEDFILEINFO`: a program for Windows NT. */
const PROGRAM = { fileOS: 0x40004, fileType: 1 };

/** RT_VERSION */
const VERSION_RESOURCE = 16;

function replaceVersion(all: NtExecutableResource, version: string): void {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const values = {
    FileDescription: "okta-aws: AWS credentials through Okta",
    InternalName: "okta-aws",
    OriginalFilename: "okta-aws.exe",
    ProductName: "okta-aws",
  };
  const { lang } = LANGUAGE;
  const info = Resource.VersionInfo.create(lang, PROGRAM, [{ ...LANGUAGE, values }]);
  info.setFileVersion(major, minor, patch, 0, lang);
  info.setProductVersion(major, minor, patch, 0, lang);
  all.entries = all.entries.filter(({ type }) => type !== VERSION_RESOURCE);
  info.outputToResourceEntries(all.entries);
}
