/**
 * The fast path of `cred-process` and `kube token`: SDKs and kubectl run them once per process, and
 * nearly always the answer is in the cache and the command line means what it meant last time. Then
 * neither the settings nor anything that could talk to Okta, AWS or a person is loaded.
 *
 * @module
 */

import type { Ports } from "../ports.ts";
import { resolvePaths } from "../settings/paths.ts";
import { jsonFile } from "../store/json_file.ts";
import {
  type CredentialDocument,
  formatCredentialProcess,
  isCredentialDocument,
  isFresh,
  type OpenCredentials,
  toIssued,
} from "./credential_document.ts";
import { type Meaning, openFastPathIndex } from "./fast_path_index.ts";

/** The part of the machine that a cache hit needs. */
export type CachePorts = Pick<Ports, "clock" | "environment" | "files">;

/** A command that may have a fast path. */
export interface FastCommand {
  /** Whether a command line may be answered from the cache. */
  matches(argv: readonly string[]): boolean;
  /** Reads the answer from a file of the cache; `undefined` if it can't be used any more. */
  read(ports: CachePorts, path: string): Promise<string | undefined>;
}

/**
 * `cred-process PROFILE`, as `setup-profiles` writes it, and with flags that mean the same each time.
 */
export const CRED_PROCESS: FastCommand = {
  matches: ([command, ...more]) =>
    (command === "cred-process" || command === "credential-process") && more.length > 0,
  async read(ports, path) {
    const document = await readFreshDocument(ports, path);
    if (document === undefined) return undefined;
    const { credentials } = toIssued(document, document.open);
    return formatCredentialProcess(credentials, document.roleArn.split(":")[4]);
  },
};

/** A file of the cache with credentials in plain text that may still be returned. */
export async function readFreshDocument(
  { clock, files }: CachePorts,
  path: string,
): Promise<CredentialDocument & { open: OpenCredentials } | undefined> {
  const document = await jsonFile(files, path, isCredentialDocument).read();
  if (document?.open === undefined) return undefined;
  if (!isFresh(document.issued, document.expiration, clock.now())) return undefined;
  return { ...document, open: document.open };
}

/**
 * Answers a command line from the cache.
 *
 * @returns `undefined` if the command has to run in full: another command, nothing fresh in the
 * cache, anything that has changed or has to be reported.
 */
export async function readFastPath(
  ports: CachePorts,
  argv: readonly string[],
  command: FastCommand,
): Promise<string | undefined> {
  if (!command.matches(argv)) return undefined;
  try {
    const meaning = await readMeaning(ports, argv);
    return meaning && await command.read(ports, meaning.document);
  } catch {
    // The full run meets the same trouble and reports it.
    return undefined;
  }
}

/** What a command line meant last time, if nothing has changed since. */
export async function readMeaning(
  ports: CachePorts,
  argv: readonly string[],
): Promise<Meaning | undefined> {
  const { cache } = resolvePaths(ports.environment);
  // The full run repairs or reports it.
  if (!await ports.files.isPrivateFolder(cache)) return undefined;
  return await openFastPathIndex(ports, cache, argv).read();
}
