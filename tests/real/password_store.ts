/** A password store of its own: own home folder, own gpg key without or with a passphrase. @module */

export interface PasswordStore {
  /** The variables with which programs find it. */
  environment: Record<string, string>;
  /** Ends gpg's agent. */
  stop(): Promise<void>;
}

/** What it is made with. */
export interface PasswordStoreOptions {
  /** The key's passphrase; none where it is left out. */
  passphrase?: string;
  /** A shell script in place of pinentry; one that fails where it is left out. */
  pinentry?: string;
  /** The command that makes the store; none where it is empty. */
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

/**
 * Makes a key and a password store.
 *
 * @param folder A scratch folder that becomes HOME.
 * @param options How.
 * @returns The store.
 */
export async function makePasswordStore(
  folder: string,
  { passphrase = "", pinentry = "exit 1", init = ["pass", "init", KEY] }: PasswordStoreOptions = {},
): Promise<PasswordStore> {
  const gnupg = `${folder}/gnupg`;
  await Deno.mkdir(gnupg, { mode: 0o700 });
  await Deno.writeTextFile(`${folder}/pinentry`, `#!/bin/sh\n${pinentry}\n`, { mode: 0o755 });
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

/** Makes a store of gopass's. */
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
