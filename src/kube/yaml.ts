/**
 * The package `yaml` as ES modules. Deno takes its CommonJS build, which loads in 40 ms, where these
 * take 5; the package offers them only to browsers and bundlers.
 *
 * @module
 */

import type * as Yaml from "yaml";

async function load(): Promise<typeof Yaml> {
  try {
    return await import(new URL("../browser/index.js", import.meta.resolve("yaml")).href);
  } catch {
    // The compiled program has the package in its bundle.
    return await import("yaml");
  }
}

export const { isCollection, isMap, isScalar, isSeq, parseDocument, stringify, visit } =
  await load();
export type { Document, Node, Pair, YAMLMap, YAMLSeq } from "yaml";
