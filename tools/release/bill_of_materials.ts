/**
 * What a binary is made of, as a CycloneDX 1.6 document (cyclonedx.org/docs/1.6/json): the npm
 * packages that the bundle reaches, and Deno. Without a date, so that the same source gives the same
 * document.
 *
 * @module
 */

/** An npm package as `deno info --json` tells it. */
export interface NpmPackage {
  /** `@inquirer/core` */
  name: string;
  /** `12.1.0` */
  version: string;
  /** The packages that it needs, as `name@version`. */
  dependencies: readonly string[];
}

/** What the document is made of. */
export interface Materials {
  /** The program's version. */
  version: string;
  /** Deno's version. */
  deno: string;
  /** The packages, by `name@version`. */
  packages: Readonly<Record<string, NpmPackage>>;
  /** What `deno.lock` says of packages, by `name@version`. */
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

/** A document of CycloneDX, as far as it is used here. */
export interface BillOfMaterials {
  bomFormat: "CycloneDX";
  specVersion: "1.6";
  version: 1;
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** A package's address (github.com/package-url): the `@` of a scope is escaped. */
function npmPurl(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function purlOf(id: string): string {
  const cut = id.lastIndexOf("@");
  return npmPurl(id.slice(0, cut), id.slice(cut + 1));
}

function library(id: string, { name, version }: NpmPackage, integrity: string): Component {
  const [algorithm, digest = ""] = integrity.split(/-(.*)/s);
  if (algorithm !== "sha512") throw new Error(`${id}: deno.lock has no SHA-512 of it`);
  const content = Uint8Array.fromBase64(digest).toHex();
  const purl = npmPurl(name, version);
  const hashes = [{ alg: "SHA-512" as const, content }];
  return { type: "library", "bom-ref": purl, name, version, purl, hashes };
}

function without(type: Component["type"], name: string, version: string, purl: string): Component {
  return { type, "bom-ref": purl, name, version, purl };
}

/**
 * Makes the document.
 *
 * @param materials What the program is made of.
 * @returns The document.
 * @throws {Error} A package is not in `deno.lock`.
 */
export function billOfMaterials({ version, deno, packages, locked }: Materials): BillOfMaterials {
  const entries = Object.entries(packages).sort(([a], [b]) => a < b ? -1 : 1);
  const program = without("application", "okta-aws", version, `pkg:generic/okta-aws@${version}`);
  const runtime = without("platform", "deno", deno, `pkg:github/denoland/deno@v${deno}`);
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
