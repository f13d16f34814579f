/**
 * Which files a plugin's grant opens, by their real paths: a link below a granted folder does not lead
 * out of it.
 *
 * A plugin can't make a link, nor move one or a folder. So a path without links stays one, whatever the
 * plugin does at the same time, in this process or in another.
 *
 * @module
 */

import type { PluginSetup } from "../../ports.ts";
import { folderOf, nameOf, pathIn, realPathIn } from "../files/paths.ts";
import { notCapable, PluginCallError } from "./plugin_error.ts";

/** What a file is wanted for. `both`: to move it away. */
export type Access = "read" | "write" | "both";

interface Root {
  /** As granted. */
  named: string;
  /** Its folder's real path, and its name: the link itself, if it is one. */
  entry: string;
  /** Its real path. */
  real: string;
}

interface Guarded {
  named: string;
  real: string;
}

/** Files of the kernel: our own environment and memory are among them. */
const SYSTEM = ["/proc", "/sys", "/dev"];
const ignoresCase = Deno.build.os !== "linux";

function partsOf(path: string, fold: boolean): string[] {
  const parts = path.split(/[\\/]+/).filter((part) => part !== "" && part !== ".");
  return fold ? parts.map((part) => part.toLowerCase()) : parts;
}

function isWithin(path: string, folder: string, fold = ignoresCase): boolean {
  const [inner, outer] = [partsOf(path, fold), partsOf(folder, fold)];
  return outer.every((part, at) => part === inner[at]);
}

/** Too many are better than too few: ignores case. */
function overlaps(a: string, b: string): boolean {
  return isWithin(a, b, true) || isWithin(b, a, true);
}

/** The real path of the part that exists, and the rest. */
export function locate(path: string): string {
  const parts = path.split(/(?=[\\/])/);
  for (let kept = parts.length; kept > 0; kept--) {
    try {
      return Deno.realPathSync(parts.slice(0, kept).join("")) + parts.slice(kept).join("");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) return path;
    }
  }
  return path;
}

function toRoot(named: string): Root {
  const entry = realPathIn(locate(folderOf(named)), nameOf(named));
  return { named, entry, real: locate(named) };
}

function checkedPath(path: unknown): string {
  const isPath = typeof path === "string" && !path.includes("\0") && pathIn("", path) === path;
  if (!isPath) throw new PluginCallError("TypeError", "a path must be absolute");
  return path.replace(/(?<=[^\\/:])[\\/]+$/, "");
}

/** The places of one run, resolved at its start. */
export class GrantedPlaces {
  readonly #roots: Record<"read" | "write", Root[]>;
  readonly #closed: string[];
  readonly #guarded: Guarded[];

  constructor({ permissions: { read, write }, closed, guarded }: PluginSetup) {
    this.#roots = { read: read.map(toRoot), write: write.map(toRoot) };
    this.#closed = [...closed.flatMap((path) => [path, locate(path)]), ...SYSTEM];
    this.#guarded = guarded.map((named) => ({ named, real: locate(named) }));
  }

  /**
   * The real path of a file that exists, or of the place for a new one.
   *
   * @throws {PluginCallError} It is not granted.
   */
  async target(path: unknown, access: Access): Promise<string> {
    const checked = checkedPath(path);
    const real = await Deno.realPath(checked).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw this.#hidden(checked, access, error);
    });
    if (real === undefined) return await this.entry(checked, access, true);
    this.#check(real, checked, access);
    return real;
  }

  /**
   * The real path of an entry of a folder, which may be a link.
   *
   * @param fresh It must not be a link, as a file is about to be made there.
   */
  async entry(path: unknown, access: Access, fresh = false): Promise<string> {
    const checked = checkedPath(path);
    const name = nameOf(checked);
    if (name === "" || name === "." || name === ".." || (ignoresCase && name.includes(":"))) {
      throw new PluginCallError("TypeError", "a path must end with a name");
    }
    const folder = await Deno.realPath(folderOf(checked)).catch((error) => {
      throw this.#hidden(checked, access, error);
    });
    const entry = realPathIn(folder, name);
    this.#check(entry, checked, access);
    if (fresh && await Deno.lstat(entry).then(() => true, () => false)) {
      throw notCapable(`${checked} is a link that leads nowhere`);
    }
    return entry;
  }

  /** Errors tell what exists, so only for places that may be known. */
  #hidden(path: string, access: Access, error: unknown): unknown {
    this.#check(locate(path), path, access);
    return error;
  }

  #check(real: string, path: string, access: Access): void {
    const kinds = access === "both" ? ["read", "write"] as const : [access];
    for (const kind of kinds) {
      const root = this.#roots[kind].find((one) => isWithin(real, one.real) || real === one.entry);
      if (root === undefined) throw notCapable(`${path} is not among the permissions "${kind}"`);
      if (this.#closed.some((place) => isWithin(real, place, true))) {
        throw notCapable(`${path} leads to a place that no plugin can use`);
      }
      const strange = this.#guarded.find((place) =>
        isWithin(real, place.real, true) &&
        !overlaps(root.named, place.named) && !overlaps(root.named, place.real)
      );
      if (strange !== undefined) {
        throw notCapable(`${path} leads to ${strange.named}, which was not granted by its name`);
      }
    }
  }
}
