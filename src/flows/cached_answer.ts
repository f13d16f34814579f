/**
 * The short way of `cred-process`: SDKs run it for every process of theirs, and nearly always the
 * answer lies in the cache and means what it meant last time. Then neither the settings nor anything
 * that could talk to Okta, AWS or a person is even loaded.
 *
 * @module
 */

import { formatCredentialProcess } from "../aws/credential_process.ts";
import { resolvePaths } from "../config/paths.ts";
import type { Ports } from "../ports.ts";
import { openAnswerMemo } from "../store/answer_memo.ts";
import { isCredentialDocument, isFresh, toCached } from "../store/credential_document.ts";
import { jsonFile } from "../store/json_file.ts";

/** The part of the machine that a cache hit needs. */
export type CachePorts = Pick<Ports, "clock" | "environment" | "files">;

/**
 * Answers `cred-process PROFILE` out of the cache, where the command line is as `setup-profiles`
 * writes it.
 *
 * @param ports The machine.
 * @param argv The words behind the program's name.
 * @returns The JSON for the SDK, or `undefined` where the long way has to be gone: other words,
 * flags, nothing fresh in the cache, anything that has changed or has to be reported.
 */
export async function cachedAnswer(
  ports: CachePorts,
  argv: readonly string[],
): Promise<string | undefined> {
  const [command, profile, ...more] = argv;
  const isCredProcess = command === "cred-process" || command === "credential-process";
  if (!isCredProcess || profile === undefined || profile.startsWith("-") || more.length > 0) {
    return undefined;
  }
  try {
    return await lookUp(ports, profile);
  } catch {
    // The long way meets the same trouble and reports it.
    return undefined;
  }
}

async function lookUp(
  { clock, environment, files }: CachePorts,
  profile: string,
): Promise<string | undefined> {
  const { cache } = resolvePaths(environment);
  const path = await (await openAnswerMemo(files, environment.get, cache, profile)).read();
  if (path === undefined) return undefined;
  const document = await jsonFile(files, path, isCredentialDocument).read();
  if (document?.open === undefined) return undefined;
  if (!isFresh(document.issued, document.expiration, clock.now())) return undefined;
  const { credentials } = toCached(document, document.open);
  return formatCredentialProcess(credentials, document.roleArn.split(":")[4]);
}
