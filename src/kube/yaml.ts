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
    // The compiled program has the package in its bundle, which gives CommonJS as `default` alone.
    const { default: bundled }: { default: unknown } = await import("yaml");
    return bundled as typeof Yaml;
  }
}

export const { isCollection, isMap, isScalar, isSeq, parseDocument, stringify, visit } =
  await load();
export type { Document, Node, Pair, YAMLMap, YAMLSeq } from "yaml";
