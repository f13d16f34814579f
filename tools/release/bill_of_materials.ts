/**
 * The bill of materials of a binary, as a CycloneDX 1.6 document (cyclonedx.org/docs/1.6/json): the
 * npm packages of the bundle, and Deno. It has no date, so that the same source gives the same
 * document.
 */

/** An npm package, as `deno info --json` prints it. */
export interface NpmPackage {
  /** `@inquirer/core` */
  name: string;
  /** `12.1.0` */
  version: string;
  /** `name@version` */
  dependencies: readonly string[];
}

/** Input of the document. */
export interface Materials {
  version: string;
  /** Version of Deno. */
  deno: string;
  /** By `name@version`. */
  packages: Readonly<Record<string, NpmPackage>>;
  /** The npm packages of `deno.lock`, by `name@version`. */
  locked: Readonly<Record<string, { integrity: string }>>;
}

interface Component {
  type: "application" | "library" | "platform";
  "bom-ref": string;
  name: string;
  version: string;
  purl: string;
  hashes?: { alg: "SHA-512"; content: string }[];
}

/** The part of CycloneDX that we use. */
export interface BillOfMaterials {
  bomFormat: "CycloneDX";
  specVersion: "1.6";
  version: 1;
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** Package URL (github.com/package-url); the `@` of a scope is escaped. */
function npmPurl(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function purlOf(id: string): string {
  const cut = id.lastIndexOf("@");
  return npmPurl(id.slice(0, cut), id.slice(cut + 1));
}

function library(id: string, { name, version }: NpmPackage, integrity: string): Component {
  const [algorithm, digest = ""] = integrity.split(/-(.*)/s);
  if (algorithm !== "sha512") throw new Error(`deno.lock has no SHA-512 of ${id}`);
  const content = Uint8Array.fromBase64(digest).toHex();
  const purl = npmPurl(name, version);
  const hashes = [{ alg: "SHA-512" as const, content }];
  return { type: "library", "bom-ref": purl, name, version, purl, hashes };
}

function component(
  type: Component["type"],
  name: string,
  version: string,
  purl: string,
): Component {
  return { type, "bom-ref": purl, name, version, purl };
}

/** @throws {Error} A package is not in `deno.lock`. */
export function billOfMaterials({ version, deno, packages, locked }: Materials): BillOfMaterials {
  const entries = Object.entries(packages).sort(([a], [b]) => a < b ? -1 : 1);
  const program = component("application", "okta-aws", version, `pkg:generic/okta-aws@${version}`);
  const runtime = component("platform", "deno", deno, `pkg:github/denoland/deno@v${deno}`);
  const libraries = entries.map(([id, one]) => library(id, one, locked[id]?.integrity ?? ""));
  const needed = new Set(entries.flatMap(([, one]) => one.dependencies));
  const direct = entries.map(([id]) => id).filter((id) => !needed.has(id));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: program },
    components: [runtime, ...libraries],
    dependencies: [
      { ref: program.purl, dependsOn: [runtime.purl, ...direct.map(purlOf)] },
      ...entries.map(([id, { dependencies }]) => ({
        ref: purlOf(id),
        dependsOn: [...new Set(dependencies.map(purlOf))],
      })),
    ],
  };
}
