/** A password store with its own home folder and GPG key. */

import { writeShellProgram } from "../fakes/programs.ts";

export interface PasswordStore {
  /** Environment variables for programs that use it. */
  environment: Record<string, string>;
  /** Stops gpg-agent. */
  stop(): Promise<void>;
}

export interface PasswordStoreOptions {
  /** Default: none. */
  passphrase?: string;
  /** A shell script used as pinentry; default: one that fails. */
  pinentry?: string;
  /** The command that creates the store; empty: none. */
  init?: readonly string[];
}

const KEY = "okta-aws tests <tests@example.com>";

async function run(
  environment: Record<string, string>,
  [program, ...args]: readonly string[],
): Promise<void> {
  const { success, stderr } = await new Deno.Command(program!, {
    args,
    env: environment,
    clearEnv: true,
    stdin: "null",
  }).output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
}

/** Creates a GPG key and a password store; `folder`, a scratch folder, becomes HOME. */
export async function makePasswordStore(
  folder: string,
  { passphrase = "", pinentry = "exit 1", init = ["pass", "init", KEY] }: PasswordStoreOptions = {},
): Promise<PasswordStore> {
  const gnupg = `${folder}/gnupg`;
  await Deno.mkdir(gnupg, { mode: 0o700 });
  await writeShellProgram(`${folder}/pinentry`, pinentry);
  await Deno.writeTextFile(
    `${gnupg}/gpg-agent.conf`,
    `pinentry-program ${folder}/pinentry\nmax-cache-ttl 0\ndefault-cache-ttl 0\ns2k-count 65536\n`,
  );
  const environment = { PATH: Deno.env.get("PATH")!, HOME: folder, GNUPGHOME: gnupg };
  const generate = ["--quick-generate-key", KEY, "future-default", "default", "never"];
  const given = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", passphrase];
  await run(environment, ["gpg", ...given, ...generate]);
  if (init.length > 0) await run(environment, init);
  return { environment, stop: () => run(environment, ["gpgconf", "--kill", "all"]) };
}

/** Creates a gopass store. */
export const GOPASS_INIT: readonly string[] = [
  "gopass",
  "--yes",
  "init",
  "--crypto",
  "gpgcli",
  "--storage",
  "fs",
  "tests@example.com",
];
