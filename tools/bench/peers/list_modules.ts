/** For `--preload`: writes the modules of ours that a program has loaded to the file `BARE_LIST`. */

import { registerHooks } from "node:module";

const SOURCE = new URL("../../../src/", import.meta.url).href;
const loaded = new Set<string>();
registerHooks({
  load(url, context, next) {
    loaded.add(url);
    return next(url, context);
  },
});
const { exit } = Deno;
Deno.exit = (code) => {
  const lines = [...loaded].filter((url) => url.startsWith(SOURCE))
    .map((url) => `import ${JSON.stringify(url)};\n`);
  Deno.writeTextFileSync(Deno.env.get("BARE_LIST")!, lines.join(""));
  return exit(code);
};
