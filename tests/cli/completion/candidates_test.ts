import assert from "node:assert/strict";
import { COMMANDS } from "../../../src/cli/command_table.ts";
import { offerFor } from "../../../src/cli/completion/candidates.ts";
import type { CompletionNames } from "../../../src/cli/completion/names.ts";

const ADMIN = "arn:aws:iam::111122223333:role/Admin";

const ROLES = [
  { word: "dev/Admin", brief: ADMIN, also: ["okta-dev-Admin"] },
  { word: "dev/ReadOnly", brief: "", also: ["okta-dev-ReadOnly"] },
];

const NAMES: CompletionNames = {
  profiles: () =>
    Promise.resolve([{ word: "legacy", brief: "" }, { word: "$(reboot)", brief: "" }, ...ROLES]),
  roles: () => Promise.resolve(ROLES),
  roleArns: () => Promise.resolve([ADMIN]),
  accounts: () => Promise.resolve(["default", "acme"]),
  clusters: () => Promise.resolve(["prod-eu"]),
};

async function offered(...words: string[]): Promise<string[] | "files"> {
  const offer = await offerFor(words, COMMANDS, NAMES);
  return offer.files ? "files" : offer.candidates.map(({ word }) => word);
}

Deno.test("offerFor() offers commands by their first letters, and aliases once typed", async () => {
  assert.deepEqual(await offered("ref"), ["refresh"]);
  const all = await offered("");
  assert.ok(all.includes("cred-process") && all.includes("help") && !all.includes("add"));
  assert.deepEqual(await offered("log"), ["login"]);
  assert.deepEqual(await offered("--account", "acme", "--json", "cred-p"), ["cred-process"]);
  assert.deepEqual(await offered("help", "setup"), ["setup-profiles"]);
  assert.deepEqual(await offered("nonsense", ""), []);
});

Deno.test("offerFor() offers a group's commands after its name", async () => {
  const load = () => Promise.reject(new Error("is not run"));
  const placeholder = "list|set [password|totp]";
  const group = ["kube token", "kube setup", "secrets"].map((name) => ({
    name,
    brief: `does ${name}`,
    args: { placeholder, brief: "", minimum: 0, maximum: 2 },
    flags: [],
    load,
  }));
  const words = async (...typed: string[]) => {
    const offer = await offerFor(typed, group, NAMES);
    assert.ok(!offer.files);
    return offer.candidates.map(({ word }) => word);
  };
  assert.deepEqual(await words(""), ["kube", "secrets", "help"]);
  assert.deepEqual(await words("kube", ""), ["token", "setup"]);
  assert.deepEqual(await words("kube", "tok"), ["token"]);
  assert.deepEqual(await words("secrets", "s"), ["set"]);
  assert.deepEqual(await words("secrets", "set", ""), ["password", "totp"]);
});

Deno.test("offerFor() offers profiles and roles only where one is expected", async () => {
  assert.deepEqual(await offered("exec", ""), ["legacy", "dev/Admin", "dev/ReadOnly"]);
  assert.deepEqual(await offered("exec", "--force", "dev/R"), ["dev/ReadOnly"]);
  assert.deepEqual(await offered("exec", "dev/Admin", ""), []);
  assert.deepEqual(await offered("refresh", "dev/Admin", "d"), ["dev/ReadOnly"]);
  assert.deepEqual(await offered("write-to-credentials", "okta-dev-Admin", ""), "files");
  assert.deepEqual(await offered("completions", "p"), ["powershell"]);
});

Deno.test("offerFor() offers a role once, by the name that is being typed", async () => {
  assert.deepEqual(await offered("exec", "d"), ["dev/Admin", "dev/ReadOnly"]);
  assert.deepEqual(await offered("exec", "okta-"), ["okta-dev-Admin", "okta-dev-ReadOnly"]);
  assert.deepEqual(await offered("exec", "okta-dev-A"), ["okta-dev-Admin"]);
  assert.deepEqual(await offered("refresh", "okta-dev-Admin", ""), ["dev/ReadOnly"]);
});

Deno.test("offerFor() offers names that contain what is typed if none begins with it", async () => {
  assert.deepEqual(await offered("exec", "read"), ["dev/ReadOnly"]);
  assert.deepEqual(await offered("exec", "/A"), ["dev/Admin"]);
  assert.deepEqual(await offered("exec", "e"), ["legacy", "dev/Admin", "dev/ReadOnly"]);
  assert.deepEqual(await offered("kube", "setup", "--cluster", "eu"), ["prod-eu"]);
  assert.deepEqual(await offered("kube", "setup", "--cluster=EU"), ["--cluster=prod-eu"]);
  assert.deepEqual(await offered("refresh", "--ry-run"), []);
});

Deno.test("offerFor() offers each flag once, and its values", async () => {
  assert.deepEqual(await offered("refresh", "--dr"), ["--dry-run"]);
  assert.deepEqual(await offered("refresh", "--dry-run", "--dr"), []);
  assert.deepEqual(await offered("--acc"), ["--account"]);
  assert.deepEqual(await offered("roles", "--he"), ["--help"]);
  assert.deepEqual(await offered("env", "--shell", "f"), ["fish"]);
  assert.deepEqual(await offered("env", "--shell=f"), ["--shell=fish"]);
  assert.deepEqual(await offered("status", "--account", ""), ["default", "acme"]);
  assert.deepEqual(await offered("status", "-b", "fi"), ["file"]);
  assert.deepEqual(await offered("exec", "-r", "arn:"), [ADMIN]);
  assert.deepEqual(await offered("init", "--qr", ""), "files");
  assert.deepEqual(await offered("console", "--destination", ""), []);
});

Deno.test("offerFor() offers nothing after --", async () => {
  assert.deepEqual(await offered("exec", "dev/Admin", "--", ""), []);
});

Deno.test("offerFor() does not offer names that a shell would run", async () => {
  assert.deepEqual(await offered("env", "$"), []);
});
