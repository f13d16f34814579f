/**
 * The short way of `cred-process` and `kube token`: SDKs and kubectl run them for every process of
 * theirs, and nearly always the answer lies in the cache and means what it meant last time. Then
 * neither the settings nor anything that could talk to Okta, AWS or a person is even loaded.
 *
 * @module
 */

import { formatCredentialProcess } from "./credential_process.ts";
import { formatTimestamp } from "../aws/timestamp.ts";
import { resolvePaths } from "../settings/paths.ts";
import { formatExecCredential, isExecVersion, parseExecInfo } from "../kube/exec_credential.ts";
import type { Ports } from "../ports.ts";
import { Secret } from "../secret.ts";
import { openFastPathIndex } from "./fast_path_index.ts";
import { isCredentialDocument, isFresh, toCached } from "./credential_document.ts";
import { jsonFile } from "../store/json_file.ts";
import { isTokenDocument } from "../kube/token_document.ts";

/** The part of the machine that a cache hit needs. */
export type CachePorts = Pick<Ports, "clock" | "environment" | "files">;

/** Reads the answer out of a file of the cache; `undefined` where it is no longer one. */
type Reader = (ports: CachePorts, path: string) => Promise<string | undefined>;

/**
 * Answers `cred-process PROFILE`, as `setup-profiles` writes it, and `kube token` out of the cache.
 *
 * @param ports The machine.
 * @param argv The words behind the program's name.
 * @returns The JSON for the SDK or kubectl, or `undefined` where the long way has to be gone: other
 * words, nothing fresh in the cache, anything that has changed or has to be reported.
 */
export async function readFastPath(
  ports: CachePorts,
  argv: readonly string[],
): Promise<string | undefined> {
  const read = readerFor(argv);
  if (read === undefined) return undefined;
  const { environment, files } = ports;
  try {
    const { cache } = resolvePaths(environment);
    const path = await (await openFastPathIndex(files, environment.get, cache, argv)).read();
    return path === undefined ? undefined : await read(ports, path);
  } catch {
    // The long way meets the same trouble and reports it.
    return undefined;
  }
}

function readerFor([command, word, ...more]: readonly string[]): Reader | undefined {
  if (command === "kube") return word === "token" ? readToken : undefined;
  const isCredProcess = command === "cred-process" || command === "credential-process";
  const isPlain = word !== undefined && !word.startsWith("-") && more.length === 0;
  return isCredProcess && isPlain ? readCredentials : undefined;
}

async function readCredentials(
  { clock, files }: CachePorts,
  path: string,
): Promise<string | undefined> {
  const document = await jsonFile(files, path, isCredentialDocument).read();
  if (document?.open === undefined) return undefined;
  if (!isFresh(document.issued, document.expiration, clock.now())) return undefined;
  const { credentials } = toCached(document, document.open);
  return formatCredentialProcess(credentials, document.roleArn.split(":")[4]);
}

async function readToken(
  { clock, environment, files }: CachePorts,
  path: string,
): Promise<string | undefined> {
  const info = parseExecInfo(environment.get("KUBERNETES_EXEC_INFO"));
  if (info === undefined || !isExecVersion(info.apiVersion)) return undefined;
  const document = await jsonFile(files, path, isTokenDocument).read();
  if (document?.open === undefined || document.expiration <= clock.now()) return undefined;
  const expiration = formatTimestamp(new Date(document.expiration));
  return formatExecCredential(info.apiVersion, new Secret(document.open), expiration);
}
