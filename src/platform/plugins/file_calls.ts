/** The file functions of plugins. Each file is checked by its real path, and again once it is open. */

import { folderOf } from "../files/paths.ts";
import { type Access, GrantedPlaces } from "./granted_places.ts";
import { notCapable, PluginCallError } from "./plugin_error.ts";

/** The arguments of one request: untrusted. */
export type Argument = Readonly<Record<string, unknown>>;
type FileCall = (places: GrantedPlaces, argument: Argument) => Promise<unknown>;

const MOST_BYTES = 5 * 1024 * 1024;
const MOST_ENTRIES = 10_000;

function tooLarge(): PluginCallError {
  return new PluginCallError("InvalidData", `the file is larger than ${MOST_BYTES} bytes`);
}

/** A device or a pipe could keep us waiting. */
function refuseSpecial({ isFile, isDirectory }: Deno.FileInfo): void {
  if (isDirectory) throw new PluginCallError("IsADirectory", "it is a folder");
  if (!isFile) throw new PluginCallError("NotSupported", "it is not a regular file");
}

/** Opens the file at a real path, and makes sure that it is that file: no link came in between. */
async function openSame(real: string, options: Deno.OpenOptions): Promise<Deno.FsFile> {
  if (options.createNew !== true) refuseSpecial(await Deno.lstat(real));
  const file = await Deno.open(real, options);
  try {
    const [opened, there] = [await file.stat(), await Deno.lstat(real)];
    const isSame = opened.isFile && there.isFile && opened.dev === there.dev &&
      opened.ino === there.ino && await Deno.realPath(real) === real;
    if (!isSame) throw notCapable("the file was replaced while it was opened");
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

async function readBytes(places: GrantedPlaces, path: unknown): Promise<Uint8Array> {
  using file = await openSame(await places.target(path, "read"), { read: true });
  const { size } = await file.stat();
  if (size > MOST_BYTES) throw tooLarge();
  const bytes = new Uint8Array(MOST_BYTES + 1);
  let length = 0;
  for (;;) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) return bytes.subarray(0, length);
    length += read;
    if (length > MOST_BYTES) throw tooLarge();
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}

async function writeBytes(
  places: GrantedPlaces,
  { path, append, create = true, createNew, mode }: Argument,
  bytes: Uint8Array,
): Promise<void> {
  const real = await places.target(path, "write");
  const exists = await Deno.lstat(real).then(() => true, () => false);
  if (exists && createNew) throw new PluginCallError("AlreadyExists", `${path} exists`);
  if (!exists && !create) throw new PluginCallError("NotFound", `${path} does not exist`);
  const given = typeof mode === "number" ? { mode: mode & 0o777 } : {};
  const options = exists
    ? { write: true, append: append === true }
    : { write: true, createNew: true };
  using file = await openSame(real, { ...options, ...(exists ? {} : given) });
  // Only now that it is known to be the right file.
  if (exists && !append) await file.truncate(0);
  await writeAll(file, bytes);
}

function infoOf(info: Deno.FileInfo): unknown {
  const { isFile, isDirectory, isSymlink, size, mode, mtime, atime, birthtime } = info;
  const dates = {
    mtime: mtime?.getTime(),
    atime: atime?.getTime(),
    birthtime: birthtime?.getTime(),
  };
  return { isFile, isDirectory, isSymlink, size, mode, ...dates };
}

async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
}

/** Step by step, so that each folder is checked. */
async function makeFolder(
  places: GrantedPlaces,
  path: unknown,
  { recursive = false, ...options }: Deno.MkdirOptions,
): Promise<void> {
  try {
    const entry = await places.entry(path, "write");
    if (recursive && await isFolder(entry)) return;
    await Deno.mkdir(entry, options);
  } catch (error) {
    if (!recursive || !(error instanceof Deno.errors.NotFound)) throw error;
    await makeFolder(places, folderOf(String(path)), { ...options, recursive });
    await Deno.mkdir(await places.entry(path, "write"), options);
  }
}

/** A missing file is an error of its own, also where it could be made. */
async function existing(places: GrantedPlaces, path: unknown, access: Access): Promise<string> {
  const real = await places.target(path, access);
  await Deno.lstat(real);
  return real;
}

export const FILE_CALLS: Readonly<Record<string, FileCall>> = {
  readFile: async (places, { path }) => (await readBytes(places, path)).toBase64(),
  async writeFile(places, argument) {
    await writeBytes(places, argument, Uint8Array.fromBase64(String(argument.bytes)));
  },
  async stat(places, { path }) {
    return infoOf(await Deno.lstat(await places.target(path, "read")));
  },
  async lstat(places, { path }) {
    return infoOf(await Deno.lstat(await places.entry(path, "read")));
  },
  realPath: (places, { path }) => existing(places, path, "read"),
  async readDir(places, { path }) {
    const entries = [];
    for await (
      const { name, isFile, isDirectory, isSymlink } of Deno.readDir(
        await places.target(path, "read"),
      )
    ) {
      if (entries.length >= MOST_ENTRIES) {
        throw new PluginCallError("InvalidData", "too many files");
      }
      entries.push({ name, isFile, isDirectory, isSymlink });
    }
    return entries;
  },
  async mkdir(places, { path, recursive, mode }) {
    const options = typeof mode === "number" ? { mode: mode & 0o777 } : {};
    await makeFolder(places, path, { ...options, recursive: recursive === true });
  },
  async remove(places, { path, recursive }) {
    await Deno.remove(await places.entry(path, "write"), { recursive: recursive === true });
  },
  async rename(places, { path, to }) {
    const from = await places.entry(path, "both");
    const target = await places.entry(to, "write");
    // Moving a link or a folder could open another place (granted_places.ts).
    refuseSpecial(await Deno.lstat(from));
    await Deno.rename(from, target);
  },
  async copyFile(places, { path, to }) {
    await writeBytes(places, { path: to }, await readBytes(places, path));
  },
};
