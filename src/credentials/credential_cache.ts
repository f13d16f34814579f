/**
 * Session credentials between runs. An SDK runs `cred-process` in every process (botocore#1148):
 * this cache makes that cheap.
 *
 * @module
 */

import type { Files } from "../ports.ts";
import type { Secret } from "../secret.ts";
import {
  type CredentialDocument,
  isCredentialDocument,
  isFresh,
  isOpen,
  type OpenCredentials,
  toIssued,
} from "./credential_document.ts";
import { hashName, type JsonFile, jsonFile } from "../store/json_file.ts";
import type { IssuedCredentials } from "../aws/session_credentials.ts";
import { type SessionPolicy, sessionPolicyKey } from "../aws/session_policy.ts";

/** One step of a chain of roles, as far as it tells credentials apart. */
export interface CachedStep {
  roleArn: string;
  /** The session's name, if one was asked for. */
  roleSessionName: string | undefined;
  /** The external id, if one was asked for. */
  externalId: string | undefined;
  sourceIdentity?: string;
  tags?: Readonly<Record<string, string>>;
  transitiveTagKeys?: readonly string[];
}

/** Requests with equal keys share credentials. */
export interface CredentialKey {
  /** The Okta account's name. */
  account: string;
  /** The org's origin and the user name there: another person's credentials are never served. */
  org: string;
  username: string;
  /** From the assertion's role to the last one. */
  chain: CachedStep[];
  /** The duration that was asked for, seconds; `max` is a request of its own. */
  duration: number | "max";
  /** The origin of STS. */
  endpoint: string;
  /** Narrows the last role's session. */
  sessionPolicy?: SessionPolicy;
}

/** `file`: 0600, in plain text; `encrypted`: sealed with the account's key; `none`: not kept. */
export type CacheMode = "file" | "encrypted" | "none";

/** Other names in the folder belong to files being written. */
const CACHE_FILE = /^[0-9a-f]{32}\.json$/;

/**
 * The parts of a key, for file names: equal only for equal keys.
 *
 * @returns Texts, the same for the same key alone.
 */
export function credentialKeyParts(key: CredentialKey): string[] {
  const steps = key.chain.flatMap((step) => [
    step.roleArn,
    step.roleSessionName ?? "",
    step.externalId ?? "",
    ...marksOf(step),
  ]);
  const policy = key.sessionPolicy && ["session policy", sessionPolicyKey(key.sessionPolicy)];
  const own = [key.account, key.org, key.username, key.endpoint, String(key.duration)];
  return [...own, ...steps, ...policy ?? []];
}

/** Nothing for most steps, whose names of files are those of older versions. */
function marksOf({ sourceIdentity, tags, transitiveTagKeys }: CachedStep): string[] {
  if (sourceIdentity === undefined && tags === undefined) return [];
  const pairs = Object.entries(tags ?? {}).sort();
  return ["marks", JSON.stringify([sourceIdentity ?? null, pairs, transitiveTagKeys ?? []])];
}

/** Where and how credentials are kept. */
export interface CredentialCache {
  /** The file of a key's credentials. */
  path(key: CredentialKey): Promise<string>;
  /** Gets credentials that are still fresh. */
  read(key: CredentialKey): Promise<IssuedCredentials | undefined>;
  /** Keeps credentials. */
  write(key: CredentialKey, cached: IssuedCredentials): Promise<void>;
  /** Lists what is kept, of any age, without decrypting it: for `status`. */
  list(): Promise<CachedFacts[]>;
  /**
   * Removes an account's credentials, and what can't be read. @returns How many of the account's.
   */
  clear(account: string): Promise<number>;
}

/** What is known about cached credentials without a key. */
export interface CachedFacts {
  /** The Okta account's name. */
  account: string;
  /** The last role of the chain. */
  roleArn: string;
  /** The origin of STS. */
  endpoint: string;
  /** When they end, milliseconds since the Unix epoch. */
  expiration: number;
  /** What they are narrowed to. */
  sessionPolicy?: SessionPolicy;
}

/** What the cache needs. */
export interface CredentialCacheOptions {
  /** Reads and writes. */
  files: Files;
  /** The cache folder. */
  cacheDirectory: string;
  /** How credentials are kept. */
  mode: CacheMode;
  /** The account's key; called only in the mode `encrypted`. */
  sealKey: (account: string) => Promise<Secret>;
  /** Tells the time, milliseconds since the Unix epoch. */
  now: () => number;
}

/** Opens the cache. */
export function openCredentialCache(options: CredentialCacheOptions): CredentialCache {
  const { files, mode, now } = options;
  const folder = `${options.cacheDirectory}/credentials`;
  const openFile = async (key: CredentialKey): Promise<JsonFile<CredentialDocument>> =>
    jsonFile(
      files,
      `${folder}/${await hashName(credentialKeyParts(key))}.json`,
      isCredentialDocument,
      { synced: false },
    );
  const opened = new WeakMap<CredentialKey, Promise<JsonFile<CredentialDocument>>>();
  const fileFor = (key: CredentialKey): Promise<JsonFile<CredentialDocument>> => {
    const file = opened.get(key) ?? openFile(key);
    opened.set(key, file);
    return file;
  };
  const all = async (): Promise<[string, CredentialDocument | undefined][]> => {
    const own = (await files.list(folder)).filter((name) => CACHE_FILE.test(name));
    return await Promise.all(
      own.map(async (name): Promise<[string, CredentialDocument | undefined]> => {
        const path = `${folder}/${name}`;
        return [path, await jsonFile(files, path, isCredentialDocument).read()];
      }),
    );
  };
  return {
    path: async (key) => (await fileFor(key)).path,
    async read(key) {
      if (mode === "none") return undefined;
      const document = await (await fileFor(key)).read();
      if (document === undefined) return undefined;
      if (!isFresh(document.issued, document.expiration, now())) return undefined;
      return await open(key, document, options);
    },
    async write(key, cached) {
      if (mode === "none") return;
      await (await fileFor(key)).write(await close(key, cached, options));
    },
    list: async () => (await all()).flatMap(([, document]) => document ? [toFacts(document)] : []),
    async clear(account) {
      const found = await all();
      const own = found.filter(([, document]) => document?.account === account);
      const unreadable = found.filter(([, document]) => document === undefined);
      await Promise.all([...own, ...unreadable].map(([path]) => files.remove(path)));
      return own.length;
    },
  };
}

/** Without the secrets. */
function toFacts(document: CredentialDocument): CachedFacts {
  const { account, roleArn, endpoint, expiration, sessionPolicy } = document;
  return { account, roleArn, endpoint, expiration, ...(sessionPolicy && { sessionPolicy }) };
}

/** Binds sealed credentials to their request, even if files are renamed. */
function purpose(key: CredentialKey, expiration: number): string {
  return JSON.stringify(["okta-aws credentials", ...credentialKeyParts(key), expiration]);
}

/** What was kept in another mode counts as missing. */
async function openPlain(
  key: CredentialKey,
  document: CredentialDocument,
  { mode, sealKey }: CredentialCacheOptions,
): Promise<OpenCredentials | undefined> {
  if (mode === "file") return document.open;
  if (document.sealed === undefined) return undefined;
  const words = purpose(key, document.expiration);
  const text = await unsealLazily(await sealKey(key.account), words, document.sealed);
  return text === undefined ? undefined : JSON.parse(text) as OpenCredentials;
}

async function open(
  key: CredentialKey,
  document: CredentialDocument,
  options: CredentialCacheOptions,
): Promise<IssuedCredentials | undefined> {
  const plain = await openPlain(key, document, options);
  if (!isOpen(plain)) return undefined;
  return toIssued(document, plain);
}

/** Loads the cipher only if needed. */
async function unsealLazily(key: Secret, words: string, sealed: string) {
  const { unseal } = await import("../store/seal.ts");
  return unseal(key, words, sealed);
}

async function close(
  key: CredentialKey,
  { credentials, issued, assumedRoleArn }: IssuedCredentials,
  { mode, sealKey }: CredentialCacheOptions,
): Promise<CredentialDocument> {
  const plain: OpenCredentials = {
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey.reveal(),
    sessionToken: credentials.sessionToken.reveal(),
  };
  const facts = {
    version: 1 as const,
    account: key.account,
    roleArn: key.chain.at(-1)?.roleArn ?? "",
    assumedRoleArn,
    endpoint: key.endpoint,
    issued,
    expiration: credentials.expiration.getTime(),
    ...(key.sessionPolicy && { sessionPolicy: key.sessionPolicy }),
  };
  if (mode === "file") return { ...facts, open: plain };
  const { seal } = await import("../store/seal.ts");
  const text = JSON.stringify(plain);
  const words = purpose(key, facts.expiration);
  return { ...facts, sealed: await seal(await sealKey(key.account), words, text) };
}
