/**
 * Icon, name and version that Windows shows for a program. `deno compile` sets the icon only on
 * Windows, and never the version; without this file Windows would show Deno's.
 */

import { Data, NtExecutable, NtExecutableResource, Resource } from "resedit";

/** American English and UTF-16, which Windows looks for first. */
const LANGUAGE = { lang: 1033, codepage: 1200 };

/** What Windows shows. */
export interface WindowsResources {
  /** `major.minor.patch` */
  version: string;
  /** Content of an `.ico` file. */
  icon: Uint8Array;
}

/** Takes and returns an `.exe` file. All other resources stay, such as the bundle. */
export function setWindowsResources(
  program: Uint8Array<ArrayBuffer>,
  { version, icon }: WindowsResources,
): Uint8Array<ArrayBuffer> {
  // The base binary is signed, but a changed file invalidates the signature anyway.
  const executable = NtExecutable.from(program, { ignoreCert: true });
  const all = NtExecutableResource.from(executable);
  replaceIcons(all, icon);
  replaceVersion(all, version);
  all.outputResource(executable);
  return new Uint8Array(executable.generate());
}

function replaceIcons({ entries }: NtExecutableResource, icon: Uint8Array): void {
  const { icons } = Data.IconFile.from(icon);
  // Explorer shows the first group; replace all of them.
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

/** `VS_FIXEDFILEINFO`: an application for Windows NT. */
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
