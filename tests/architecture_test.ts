/**
 * The house rules that a machine can check (ARCHITECTURE.md): which folder may import which, and
 * what may stand where.
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import denoJson from "../deno.json" with { type: "json" };
import { VERSION } from "../src/version.ts";

const ROOT = new URL("../", import.meta.url);
const SOURCE = new URL("src/", ROOT);

/**
 * The rooms, each after all that it may import; a subfolder that is not listed belongs to its
 * parent. `main` has the cached path of `cred-process`, `composition` joins `cli` and `platform`.
 */
const ORDER = [
  ...["errors", "secret", "ports", "untrusted_text", "http_retry", "xml", "html_tokens", "version"],
  ...["is_object", "schemas", "wrap_text"],
  ...["ini", "totp", "oauth", "platform", "store", "aws", "saml", "settings"],
  ...["aws/sts", "aws/files", "okta/client", "app", "secrets", "settings/team"],
  ...["okta/factors", "okta/duo", "okta/classic", "okta/idx", "okta/device", "okta/browser"],
  ...["okta/sign_in"],
  ...["roles", "identity_center", "credentials", "aws/console", "profiles", "accounts"],
  ...[
    "kube",
    "import",
    "plugins",
    "server",
    "doctor",
    "cli",
    "early_start",
    "composition",
    "main",
  ],
];

/** `platform` knows the base alone, and only the joining files know `platform`. */
const BASE = ORDER.slice(0, ORDER.indexOf("ini"));
const ABOVE_PLATFORM = ["early_start", "composition", "main"];

const MOST_FILES = 25;
const MOST_LINES = 300;

interface Edge {
  from: string;
  to: string;
}

function* filesBelow(folder: URL): Generator<URL> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const url = new URL(encodeURIComponent(name) + (isDirectory ? "/" : ""), folder);
    if (isDirectory) yield* filesBelow(url);
    else yield url;
  }
}

const SOURCES = [...filesBelow(SOURCE)].map((url) => url.href).filter((url) => url.endsWith(".ts"));

function inSource(url: string): string {
  return url.slice(SOURCE.href.length);
}

interface ModuleInfo {
  specifier: string;
  dependencies?: {
    specifier: string;
    code?: { specifier?: string };
    type?: { specifier?: string };
  }[];
}

/** All modules that `src` reaches, as Deno itself resolves them: imports of code, of types, lazy. */
async function readModules(): Promise<ModuleInfo[]> {
  const imports = SOURCES.map((url) => `import ${JSON.stringify(url)};`).join("");
  const root = `data:application/typescript,${encodeURIComponent(imports)}`;
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", root],
    cwd: fileURLToPath(ROOT),
    stderr: "inherit",
  }).output();
  assert.ok(success);
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: ModuleInfo[] };
  return modules.filter(({ specifier }) => specifier.startsWith(SOURCE.href));
}

const modules = await readModules();

const edges: Edge[] = modules.flatMap(({ specifier: from, dependencies = [] }) =>
  dependencies.map(({ code, type }) => code?.specifier ?? type?.specifier ?? "")
    .filter((to) => to.startsWith(SOURCE.href))
    .map((to) => ({ from: inSource(from), to: inSource(to) }))
);

/** `okta/idx/idx_move.ts` belongs to `okta/idx`, `errors.ts` to `errors`. */
function roomOf(file: string): string {
  const parts = file.replace(/\.ts$/, "").split("/");
  const candidates = parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
  return candidates.find((candidate) => ORDER.includes(candidate)) ?? parts[0]!;
}

function isAllowed({ from, to }: Edge): boolean {
  const [importer, imported] = [roomOf(from), roomOf(to)];
  if (importer === imported) return true;
  if (importer === "platform") return BASE.includes(imported);
  if (imported === "platform") return ABOVE_PLATFORM.includes(importer);
  return ORDER.indexOf(imported) < ORDER.indexOf(importer);
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf("/")));
}

/** The first circle that a walk along the imports finds. */
function findCycle(links: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    path.push(file);
    for (const next of links.get(file) ?? []) {
      const cycle = visit(next);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    done.add(file);
    return undefined;
  };
  return [...links.keys()].map(visit).find((cycle) => cycle !== undefined);
}

/** Code without comments and strings, roughly: enough to find a name. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(?:^|\s)\/\/.*$/gm, "")
    .replace(/"(?:\\.|[^"\\\n])*"/g, '""');
}

Deno.test("deno info sees every source file and its imports", () => {
  assert.equal(modules.length, SOURCES.length);
  assert.ok(edges.some(({ from, to }) => from === "composition.ts" && to === "cli/run.ts"));
});

Deno.test("every import leads to a file; of the lazy ones the type check does not tell", () => {
  const files = SOURCES.map(inSource);
  assert.deepEqual(edges.filter(({ to }) => to.endsWith(".ts") && !files.includes(to)), []);
});

Deno.test("a lazy import that deno run does not follow names the same file as its type", () => {
  const wrong = SOURCES.flatMap((url) => {
    const text = Deno.readTextFileSync(new URL(url));
    const typed = new Set([...text.matchAll(/typeof import\("(.+?)"\)/g)].map(([, name]) => name));
    const lazy = [...text.matchAll(/\bimport\(\s*"(.+?)" as string,?\s*\)/g)];
    return lazy.map(([, name]) => name!).filter((name) => !typed.has(name))
      .map((name) => `${inSource(url)} → ${name}`);
  });
  assert.deepEqual(wrong, []);
});

Deno.test("imports point one way", () => {
  const wrong = edges.filter((edge) => !isAllowed(edge)).map(({ from, to }) => `${from} → ${to}`);
  assert.deepEqual(wrong, []);
});

Deno.test("every file of src belongs to a room that the order knows", () => {
  const rooms = new Set(SOURCES.map(inSource).map(roomOf));
  assert.deepEqual([...rooms].filter((room) => !ORDER.includes(room)), []);
});

Deno.test("no folder holds more than 25 files of its own, the commands aside", () => {
  const folders = Map.groupBy(SOURCES.map(inSource), folderOf);
  const crowded = [...folders].filter(([folder, files]) =>
    folder !== "cli/commands" && files.length > MOST_FILES
  );
  assert.deepEqual(crowded.map(([folder, files]) => `${folder}: ${files.length}`), []);
});

Deno.test("no file of src is longer than 300 lines", () => {
  const long = SOURCES.map((
    url,
  ) => [url, Deno.readTextFileSync(new URL(url)).split("\n").length - 1])
    .filter(([, lines]) => lines as number > MOST_LINES);
  assert.deepEqual(long.map(([url, lines]) => `${inSource(url as string)}: ${lines}`), []);
});

Deno.test("findCycle() finds a circle where there is one", () => {
  assert.deepEqual(findCycle(new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b"]]])), ["b", "c", "b"]);
  assert.equal(findCycle(new Map([["a", ["b", "c"]], ["b", ["c"]], ["c", []]])), undefined);
});

Deno.test("no file imports itself by way of others, types and lazy imports included", () => {
  const links = Map.groupBy(edges, ({ from }) => from);
  const targets = [...links].map(([from, list]) => [from, list.map(({ to }) => to)] as const);
  assert.equal(findCycle(new Map(targets)), undefined);
});

Deno.test("npm packages are imported by their names in deno.json, node: modules by platform alone", () => {
  const names = Object.keys(denoJson.imports);
  const isFine = (file: string, specifier: string) =>
    /^\.\.?\/.*\.ts$/.test(specifier) || names.includes(specifier) ||
    (specifier.startsWith("node:") && roomOf(file) === "platform");
  const wrong = modules.flatMap(({ specifier, dependencies = [] }) =>
    dependencies.filter((one) => !isFine(inSource(specifier), one.specifier))
      .map((one) => `${inSource(specifier)} → ${one.specifier}`)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("only platform touches Deno.*", () => {
  const wrong = SOURCES.filter((url) => roomOf(inSource(url)) !== "platform")
    .filter((url) => /\bDeno\b/.test(codeOf(Deno.readTextFileSync(new URL(url)))));
  assert.deepEqual(wrong.map(inSource), []);
});

Deno.test("files are called by what they hold, in snake_case", () => {
  const names = SOURCES.map((url) => url.split("/").at(-1)!);
  const wrong = names.filter((name) =>
    !/^[a-z0-9]+(_[a-z0-9]+)*\.ts$/.test(name) ||
    /^(index|utils?|helpers?|common|misc)\.ts$/.test(name)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("VERSION is deno.json's", () => {
  assert.equal(VERSION, denoJson.version);
});

/** Spelled apart, so that this file is not found by its own search. */
const MACHINE = [["/wo", "rk/"], ["/ro", "ot/"], ["registry", ".npmjs"], ["npm", "mirror"]]
  .map((halves) => halves.join(""));

async function filesOfProject(): Promise<string[] | undefined> {
  try {
    const { stdout, success } = await new Deno.Command("git", {
      args: ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
      cwd: fileURLToPath(ROOT),
      stderr: "null",
    }).output();
    if (success) return new TextDecoder().decode(stdout).split("\0").filter((path) => path !== "");
  } catch {
    // No git: there is nothing that tells our files from others.
  }
  return undefined;
}

const projectFiles = await filesOfProject();

Deno.test({
  name: `none of the project's ${projectFiles?.length ?? 0} files names a machine or a registry`,
  ignore: projectFiles === undefined,
  fn() {
    const wrong = projectFiles!.filter((path) => path !== "deno.lock").flatMap((path) => {
      const text = readText(path);
      return MACHINE.filter((word) => text.includes(word)).map((word) => `${path}: ${word}`);
    });
    assert.deepEqual(wrong, []);
  },
});

/** Empty for what is deleted but still tracked, and for folders of other repositories. */
function readText(path: string): string {
  try {
    return Deno.readTextFileSync(new URL(path.split("/").map(encodeURIComponent).join("/"), ROOT));
  } catch {
    return "";
  }
}
