/**
 * The contract on the stores that come with an operating system or beside it: on the real program
 * where the system is the right one, on its stand-in elsewhere.
 */

import type { BackendName } from "../../../src/ports.ts";
import { systemFiles } from "../../../src/platform/files/files.ts";
import { dpapiStore } from "../../../src/platform/secret_stores/dpapi.ts";
import { keychainStore } from "../../../src/platform/secret_stores/keychain.ts";
import { passStore } from "../../../src/platform/secret_stores/pass.ts";
import { wincredStore } from "../../../src/platform/secret_stores/wincred.ts";
import { neededVariables, pathWith } from "../../fakes/programs.ts";
import { standIn, type StandInName } from "../../fakes/secret_stores/stand_ins.ts";
import { inScratchFolder } from "../scratch_folder.ts";
import { runContract, type Subject } from "./contract.ts";

const system = Deno.build.os;
const files = systemFiles();

/** What a backend is opened with, besides what every one of them gets. */
interface Opening {
  os: "linux" | "darwin" | "windows";
  tool?: string;
  account?: { keychain: string };
  environment: Record<string, string>;
}

const STORES = {
  keychain: { module: "keychain.ts", open: keychainStore },
  dpapi: { module: "dpapi.ts", open: dpapiStore },
  wincred: { module: "wincred.ts", open: wincredStore },
  pass: { module: "pass.ts", open: passStore },
};

function subject(name: keyof typeof STORES, folder: string, opening: Opening): Subject {
  const { os, environment, tool, account } = opening;
  const own = {
    secretsFolder: `${folder}/secrets`,
    ...(tool !== undefined && { tool }),
    ...(account !== undefined && { account }),
  };
  const get = (key: string) => environment[key];
  const { module, open } = STORES[name];
  const here = (path: string) => new URL(`../../../src/platform/${path}`, import.meta.url).href;
  return {
    environment,
    open: () =>
      open({ ...own, files, environment: { os, get, all: () => environment, home: folder } }),
    script: `
      import { ${name}Store } from ${JSON.stringify(here(`secret_stores/${module}`))};
      import { systemFiles } from ${JSON.stringify(here("files/files.ts"))};
      const store = ${name}Store({
        ...${JSON.stringify(own)}, files: systemFiles(),
        environment: {
          os: ${JSON.stringify(os)}, home: ${JSON.stringify(folder)},
          get: (name) => Deno.env.get(name), all: () => Deno.env.toObject(),
        },
      });`,
  };
}

function contractTest(
  name: string,
  ignore: boolean,
  open: (folder: string) => Promise<Subject>,
): void {
  Deno.test({
    name: `the contract holds for ${name}`,
    ignore,
    fn: (t) => inScratchFolder(async (folder) => await runContract(t, await open(folder))),
  });
}

/** On Windows only for a program that it has, and that is no `.exe` file of its own. */
function standInTest(
  name: keyof typeof STORES & BackendName,
  os: Opening["os"],
  program: StandInName,
): void {
  const ignore = system === "windows" && program !== "gopass";
  contractTest(`${name} on a stand-in for ${program}`, ignore, async (folder) => {
    const { tool } = await standIn(program, folder);
    const environment = { ...neededVariables(), PATH: pathWith(folder), HOME: folder };
    // `pass` is looked up in PATH.
    return subject(name, folder, { os, environment, ...(name !== "pass" && { tool }) });
  });
}

standInTest("keychain", "darwin", "security");
standInTest("dpapi", "windows", "powershell.exe");
standInTest("wincred", "windows", "powershell.exe");
standInTest("pass", "linux", "gopass");

async function security(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("/usr/bin/security", { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

contractTest("keychain on a keychain of macOS's", system !== "darwin", async (folder) => {
  const keychain = `${folder}/tests.keychain-db`;
  await security("create-keychain", "-p", "for the tests", keychain);
  await security("unlock-keychain", "-p", "for the tests", keychain);
  return subject("keychain", folder, {
    os: "darwin",
    account: { keychain },
    environment: Deno.env.toObject(),
  });
});

/** The items are the person's own neighbours: not without having been asked for. */
const mayUseVault = Deno.env.get("OKTA_AWS_REAL_STORES") === "1";

for (const tool of ["powershell.exe", "pwsh.exe"]) {
  for (const name of ["dpapi", "wincred"] as const) {
    const ignore = system !== "windows" || (name === "wincred" && !mayUseVault);
    contractTest(`${name} on Windows' own ${tool}`, ignore, (folder) => {
      const environment = Deno.env.toObject();
      return Promise.resolve(subject(name, folder, { os: "windows", tool, environment }));
    });
  }
}
