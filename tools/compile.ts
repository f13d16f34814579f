/**
 * `deno task compile`: builds self-contained binaries from a split, minified bundle.
 *
 * - `--target NAME` (repeatable, `all` for all): a target's triple or asset name (default: this
 *   machine, as `dist/okta-aws`)
 * - `--outdir FOLDER` (default: `dist`)
 * - `--preload FILE` (repeatable): a script that the binary runs first, for tests
 *
 * `OKTA_AWS_COMPILER` names another Deno to compile with: the version that `DENORT_BIN` belongs to.
 *
 * Why these flags:
 * - `--no-code-cache`: the cache has a predictable name in a shared folder for temporary files, where
 *   another user could put code.
 * - `--no-prompt`: a permission prompt of Deno must never appear.
 * - `--allow-all`: prompts go to `/dev/tty`, which Deno opens for writing only with all permissions.
 *   Plugins run in workers without any, except the bundled ones; `worker-options` is for that.
 * - `--disallow-code-generation-from-strings`: the program makes no such code, so nobody else should.
 * - `--wasm-tiering-budget`: for a short plugin, V8 would optimize QuickJS for longer than it runs.
 */

// Makes Deno fetch the package, for `import.meta.resolve`.
import "@jitl/quickjs-wasmfile-release-sync/ffi";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import denoJson from "../deno.json" with { type: "json" };
import { findTarget, type Target, TARGETS } from "./compile/targets.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

async function deno(program: string, ...args: string[]): Promise<void> {
  const child = new Deno.Command(program, { args, cwd: ROOT, stdin: "null" }).spawn();
  const { code } = await child.status;
  if (code !== 0) Deno.exit(code);
}

async function bundle(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  const output = ["--code-splitting", "--minify", `--outdir=${folder}`];
  await deno(
    Deno.execPath(),
    "bundle",
    "--quiet",
    "--platform=deno",
    ...output,
    "tools/compiled_entry.ts",
  );
  const workers = ["plugin_worker", "plugin_typescript_worker"]
    .map((name) => `src/platform/plugins/${name}.ts`);
  const beside = `--outdir=${folder}/workers`;
  await deno(
    Deno.execPath(),
    "bundle",
    "--quiet",
    "--minify",
    "--platform=deno",
    beside,
    ...workers,
  );
  // Under the name of a module, `deno compile` would check its imports.
  const quickjs = import.meta.resolve("@jitl/quickjs-wasmfile-release-sync/wasm");
  await Deno.copyFile(new URL(quickjs), `${folder}/quickjs.bin`);
  const plugins = [...Deno.readDirSync(`${ROOT}plugins`)].map(({ name }) => `plugins/${name}`);
  const outdir = `--outdir=${folder}/plugins`;
  await deno(Deno.execPath(), "bundle", "--quiet", "--platform=deno", outdir, ...plugins);
}

async function setResources(path: string): Promise<void> {
  // Loaded only for Windows.
  const { setWindowsResources } = await import("./compile/windows_resources.ts");
  const icon = await Deno.readFile(`${ROOT}tools/compile/okta-aws.ico`);
  const { version } = denoJson;
  await Deno.writeFile(path, setWindowsResources(await Deno.readFile(path), { version, icon }));
}

async function compile(bundled: string, output: string, args: readonly string[]): Promise<void> {
  await deno(
    Deno.env.get("OKTA_AWS_COMPILER") ?? Deno.execPath(),
    "compile",
    "--quiet",
    "--no-config",
    "--no-prompt",
    "--no-code-cache",
    "--allow-all",
    "--unstable-worker-options",
    "--v8-flags=--disallow-code-generation-from-strings,--wasm-tiering-budget=2000000000",
    `--include=${bundled}`,
    `--output=${output}`,
    ...args,
    `${bundled}/compiled_entry.js`,
  );
  if (output.endsWith(".exe")) await setResources(output);
}

const { values } = parseArgs({
  options: {
    target: { type: "string", multiple: true, default: [] },
    outdir: { type: "string", default: "dist" },
    preload: { type: "string", multiple: true, default: [] },
  },
});
const targets: Target[] = values.target.includes("all")
  ? [...TARGETS]
  : values.target.map((name) => findTarget(name));
const bundled = `${values.outdir}/bundle`;
const preload = values.preload.map((file) => `--preload=${file}`);
await bundle(bundled);
if (targets.length === 0) {
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  await compile(bundled, `${values.outdir}/okta-aws${suffix}`, preload);
}
for (const { triple, asset } of targets) {
  await compile(bundled, `${values.outdir}/${asset}`, [`--target=${triple}`, ...preload]);
}
