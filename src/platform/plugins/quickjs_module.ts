/** QuickJS, compiled once for all plugins of a run. @module */

// Makes Deno fetch the package with this module; the code itself is tiny.
import "@jitl/quickjs-wasmfile-release-sync/ffi";

let compiled: Promise<WebAssembly.Module> | undefined;

/** `tools/compile.ts` puts the file into the binary, beside the chunk of this module. */
function place(): URL {
  return Deno.build.standalone
    ? new URL("./quickjs.bin", import.meta.url)
    : new URL(import.meta.resolve("@jitl/quickjs-wasmfile-release-sync/wasm"));
}

export function quickJsModule(): Promise<WebAssembly.Module> {
  return compiled ??= Deno.readFile(place()).then((bytes) => WebAssembly.compile(bytes));
}
