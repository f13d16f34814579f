import { deepStrictEqual, doesNotMatch, match, rejects, strictEqual } from "node:assert/strict";
import { SecretStoreError } from "../../../src/errors.ts";
import { systemFiles } from "../../../src/platform/files/files.ts";
import {
  accountsIn,
  keychainStore,
  probeKeychain,
} from "../../../src/platform/secret_stores/keychain.ts";
import {
  quoteWord,
  runSecurityLine,
  securityError,
} from "../../../src/platform/secret_stores/security_program.ts";
import { Secret } from "../../../src/secret.ts";
import { type StandIn, standIn } from "../../fakes/secret_stores/stand_ins.ts";
import { inScratchFolder } from "../scratch_folder.ts";

const failing = (code: string) => (error: unknown): boolean =>
  error instanceof SecretStoreError && error.code === code && error.hint !== undefined;

function settings({ tool, folder }: StandIn, keychain?: string) {
  return {
    tool,
    files: systemFiles(),
    secretsFolder: `${folder}/secrets`,
    environment: { all: () => ({ PATH: Deno.env.get("PATH")!, HOME: folder }), home: folder },
    ...(keychain !== undefined && { account: { keychain } }),
  };
}

function keychainTest(name: string, act: (security: StandIn) => Promise<void>): void {
  Deno.test({
    name,
    ignore: Deno.build.os === "windows",
    fn: () => inScratchFolder(async (folder) => await act(await standIn("security", folder))),
  });
}

keychainTest("keychainStore() maps exit codes to error codes", async (security) => {
  const store = keychainStore(settings(security));
  await store.write("work", new Secret("x"));
  for (
    const [refuses, code] of [
      [36, "locked"],
      [29, "locked"],
      [51, "denied"],
      [128, "cancelled"],
      [37, "unavailable"],
      [99, "unavailable"],
    ] as const
  ) {
    await security.behave({ refuses });
    await rejects(store.read("work"), failing(code));
  }
  await rejects(store.write("work", new Secret("y")), failing("unavailable"));
  await rejects(store.remove("work"), failing("unavailable"));
  await rejects(store.list(), failing("unavailable"));
});

keychainTest("keychainStore() keeps secrets out of the arguments", async (security) => {
  const store = keychainStore(settings(security));
  await store.write("work", new Secret("hunter2"));
  await store.read("work");
  const runs = await security.runs();
  match(runs.join("\n"), /^-i$/m);
  doesNotMatch(runs.join("\n"), /hunter2|aHVudGVyM/);
});

keychainTest("keychainStore() uses the keychain of the settings", async (security) => {
  const own = `${security.folder}/my "own" keychain.keychain-db`;
  const store = keychainStore(settings(security, '~/my "own" keychain.keychain-db'));
  await rejects(store.read("work"), failing("unavailable"));
  strictEqual(
    (await probeKeychain(settings(security, own)))?.message,
    "the keychain file does not exist",
  );
  await Deno.writeTextFile(own, "{}");
  await store.write("work", new Secret("x"));
  strictEqual((await store.read("work"))?.reveal(), "x");
  strictEqual(await keychainStore(settings(security)).read("work"), undefined);
  strictEqual(await probeKeychain(settings(security, own)), undefined);
  // A line that is too long would be taken apart, and its rest printed.
  await rejects(
    runSecurityLine(settings(security), ["add-generic-password", "x".repeat(4_000)], 60_000),
    failing("too_large"),
  );
});

keychainTest(
  "keychainStore() decodes a password that security prints in hexadecimal",
  async (security) => {
    const path = `${security.folder}/login.keychain-db`;
    const put = (text: string) =>
      Deno.writeTextFile(path, JSON.stringify({ '["okta-aws","work"]': text }));
    const store = keychainStore(settings(security));
    await put(`v1:${btoa("x")}\n`);
    strictEqual((await store.read("work"))?.reveal(), "x", "a line break makes digits of it");
    await put("gr\xc3\xbcn");
    await rejects(store.read("work"), failing("damaged"));
  },
);

keychainTest("keychainStore() kills security when it hangs", async (security) => {
  await security.behave({ hangs: true });
  const own = { ...settings(security), readTimeoutMilliseconds: 300 };
  await rejects(keychainStore(own).read("work"), failing("timeout"));
});

Deno.test("probeKeychain() reports a missing security", async () => {
  const environment = { all: () => ({}), home: "/" };
  const own = { environment, files: systemFiles(), secretsFolder: "/", tool: "/nonexistent/tool" };
  strictEqual((await probeKeychain(own))?.code, "unavailable");
});

Deno.test("securityError() shows the number for `security error`", () => {
  match(securityError(24).hint!, /security error -232/);
});

Deno.test("quoteWord() quotes what the interactive mode would split", () => {
  deepStrictEqual(["a/b.c", "a b", 'say "\\"', ""].map(quoteWord), [
    "a/b.c",
    '"a b"',
    '"say \\"\\\\\\""',
    '""',
  ]);
});

Deno.test("accountsIn() parses the output of security dump-keychain", () => {
  const item = (service: string, account: string) =>
    `keychain: "/k"
version: 512
class: "genp"
attributes:
    0x00000007 <blob>="label"
    "acct"<blob>=${account}
    "svce"<blob>="${service}"
    "type"<uint32>=<NULL>
`;
  const dump = item("okta-aws", '"work"') + item("okta-aws-part", '"work.1"') +
    item("other", '"x"') + item("okta-aws", "<NULL>") + item("okta-aws", '"home"');
  deepStrictEqual(accountsIn(dump), ["home", "work"]);
  deepStrictEqual(accountsIn(""), []);
});
