/** What is loaded for answers that people and programs wait for again and again. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../", import.meta.url);

interface Graph {
  modules: { specifier: string; dependencies?: { code?: { specifier?: string } }[] }[];
}

/** The code that Deno loads to import a file, lazy imports included; types don't count. */
async function loadedBy(file: string): Promise<string[]> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-check", file],
    cwd: fileURLToPath(ROOT),
    stderr: "inherit",
  }).output();
  assert.ok(success);
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as Graph;
  const byName = new Map(modules.map((one) => [one.specifier, one]));
  const found = new Set<string>();
  const visit = (specifier: string | undefined) => {
    if (specifier === undefined || found.has(specifier)) return;
    found.add(specifier);
    const { dependencies = [] } = byName.get(specifier) ?? {};
    for (const { code } of dependencies) visit(code?.specifier);
  };
  visit(new URL(file, ROOT).href);
  return [...found].map((specifier) => specifier.replace(ROOT.href, ""));
}

/** Modules that read settings, run commands or talk to anybody, and packages. */
const HEAVY =
  /^npm:|^src\/(?:settings\/settings|composition|cli\/(?:commands|parse))|^src\/(?:okta|app\/open)/;

for (
  const [what, file, most] of [
    ["a cached cred-process", "src/main.ts", 15],
    ["a cached exec or env, besides", "src/cli/cached_child.ts", 16],
    ["--version", "src/version.ts", 1],
    ["--help", "src/cli/standalone.ts", 14],
    ["Tab", "src/cli/completion/candidates.ts", 22],
  ] as const
) {
  Deno.test(`${what} loads no command, no settings parser and no package`, async () => {
    const loaded = await loadedBy(file);
    assert.deepEqual(loaded.filter((one) => HEAVY.test(one)), []);
    assert.ok(loaded.length <= most, `${loaded.length} modules:\n${loaded.join("\n")}`);
  });
}

for (
  const [what, file, most] of [
    ["a command, before its own code,", "src/composition.ts", 70],
    ["cred-process, before it asks Okta,", "src/cli/commands/cred_process.ts", 70],
  ] as const
) {
  Deno.test(`${what} loads nothing that is rarely needed`, async () => {
    const loaded = await loadedBy(file);
    assert.ok(loaded.length <= most, `${loaded.length} modules:\n${loaded.join("\n")}`);
  });
}
