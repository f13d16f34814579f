/** The bundled plugins; they run in the sandbox like any other. @module */

import type { BundledPlugin } from "../../ports.ts";

const NAMES = ["awslogin", "kubeconfig"];

/** `tools/compile.ts` puts them into the binary as JavaScript, beside the chunk of this module. */
function placeOf(name: string): URL {
  const place = Deno.build.standalone ? `./plugins/${name}.js` : `../../../plugins/${name}.ts`;
  return new URL(place, import.meta.url);
}

export async function bundledPlugins(): Promise<Readonly<Record<string, BundledPlugin>>> {
  const extension = Deno.build.standalone ? "js" : "ts";
  const entries = NAMES.map(async (name): Promise<[string, BundledPlugin]> => {
    return [name, { code: await Deno.readFile(placeOf(name)), extension }];
  });
  return Object.fromEntries(await Promise.all(entries));
}
