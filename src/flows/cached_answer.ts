/**
 * The short way of `cred-process`: SDKs run it for every process of theirs, and nearly always the
 * answer lies in the cache. Then neither the command table nor anything that could talk to Okta, AWS
 * or a person is even loaded.
 *
 * @module
 */

import { formatCredentialProcess } from "../aws/credential_process.ts";
import type { Clock, Environment, Files } from "../ports.ts";
import { openCredentialCache } from "../store/credential_cache.ts";
import { cacheKey, resolveRequest } from "./credential_request.ts";
import { openProgram } from "./program.ts";

/** The part of the machine that a cache hit needs. */
export interface CachePorts {
  /** The time. */
  clock: Clock;
  /** The files. */
  files: Files;
  /** The environment. */
  environment: Environment;
}

/**
 * Answers `cred-process PROFILE` out of the cache, where the command line is as `setup-profiles`
 * writes it.
 *
 * @param ports The machine.
 * @param argv The words behind the program's name.
 * @returns The JSON for the SDK, or `undefined` where the long way has to be gone: other words,
 * flags, nothing fresh in the cache, or anything that has to be reported.
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

async function lookUp(ports: CachePorts, profile: string): Promise<string | undefined> {
  const program = await openProgram(ports, {});
  if ((program.settings.program.cache ?? "file") !== "file") return undefined;
  const request = await resolveRequest(program, profile, {});
  if (request === undefined) return undefined;
  const cache = openCredentialCache({
    files: ports.files,
    cacheDirectory: program.paths.cache,
    mode: "file",
    now: () => ports.clock.now(),
    sealKey: () => Promise.reject(new Error("a plain cache needs no key")),
  });
  const cached = await cache.read(cacheKey(request));
  const accountId = request.chain.at(-1)?.roleArn.split(":")[4];
  return cached && formatCredentialProcess(cached.credentials, accountId);
}
