/**
 * `deno task release`: writes the files of a release to `dist/release`: each binary of
 * `deno task compile --target all`, plain (for the attestation) and gzipped, the installers, the bill
 * of materials, and the checksums. `--version TAG` checks that the tag has this version.
 */

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import denoJson from "../deno.json" with { type: "json" };
import { TARGETS } from "./compile/targets.ts";
import { billOfMaterials, type NpmPackage } from "./release/bill_of_materials.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = `${ROOT}dist/release`;

async function npmPackages(): Promise<Record<string, NpmPackage>> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "tools/compiled_entry.ts"],
    cwd: ROOT,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("deno info failed");
  return JSON.parse(new TextDecoder().decode(stdout)).npmPackages;
}

async function compress(asset: string): Promise<void> {
  await Deno.copyFile(`${ROOT}dist/${asset}`, `${FOLDER}/${asset}`);
  const plain = (await Deno.open(`${ROOT}dist/${asset}`)).readable;
  const compressed = await Deno.create(`${FOLDER}/${asset}.gz`);
  await plain.pipeThrough(new CompressionStream("gzip")).pipeTo(compressed.writable);
}

async function writeBill(): Promise<void> {
  const bill = billOfMaterials({
    version: denoJson.version,
    deno: Deno.version.deno,
    packages: await npmPackages(),
    locked: JSON.parse(await Deno.readTextFile(`${ROOT}deno.lock`)).npm,
  });
  await Deno.writeTextFile(`${FOLDER}/okta-aws.cdx.json`, `${JSON.stringify(bill, null, 2)}\n`);
}

/** In the format of `sha256sum`. */
async function writeChecksums(): Promise<void> {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();
  const lines: string[] = [];
  for (const name of names) {
    const bytes = await Deno.readFile(`${FOLDER}/${name}`);
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    lines.push(`${sum}  ${name}\n`);
  }
  await Deno.writeTextFile(`${FOLDER}/SHA256SUMS`, lines.join(""));
}

const { values: { version } } = parseArgs({ options: { version: { type: "string" } } });
if (version !== undefined && version.replace(/^v/, "") !== denoJson.version) {
  throw new Error(`the tag is ${version}, deno.json says ${denoJson.version}`);
}
await Deno.remove(FOLDER, { recursive: true }).catch(() => {});
await Deno.mkdir(FOLDER, { recursive: true });
for (const { asset } of TARGETS) await compress(asset);
for (const name of ["install.sh", "install.ps1"]) {
  await Deno.copyFile(ROOT + name, `${FOLDER}/${name}`);
}
await writeBill();
await writeChecksums();
