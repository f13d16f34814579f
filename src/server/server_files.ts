/**
 * What the server keeps in the cache: its address while it runs, the token of the credentials, the
 * key of the page's cookies, and one-time codes.
 *
 * @module
 */

import type { LocalContext } from "../app/context.ts";
import type { Ports } from "../ports.ts";
import { Secret } from "../secret.ts";
import {
  hashName,
  isString,
  type JsonFile,
  jsonFile,
  withDocumentLock,
} from "../store/json_file.ts";
import { isToken, randomToken } from "./secret_text.ts";

type Context = LocalContext<Pick<Ports, "files" | "clock" | "environment">>;

/** Where a server listens. */
export interface ServerAddress {
  /** Without a slash at the end. */
  url: string;
  /** The page, without a code. */
  page: string;
  /** The start of the credentials' URLs. */
  credentials: string;
  /** A Unix socket. */
  socket?: string;
}

/** For a page that is opened from what `serve` printed. */
const CODE_MILLISECONDS = 60 * 60_000;

function isAddress(document: unknown): document is ServerAddress {
  const { url, page, credentials } = (document ?? {}) as Partial<ServerAddress>;
  return [url, page, credentials].every(isString);
}

function addressFile({ ports, paths }: Context): JsonFile<ServerAddress> {
  return jsonFile(ports.files, `${paths.cache}/server.json`, isAddress);
}

function lockPath({ paths }: Context, url: string): string {
  return `${paths.cache}/locks/server-${new URL(url).port}.lock`;
}

/** Announces a server that runs. @returns Takes the announcement back. */
export async function announceServer(
  context: Context,
  address: ServerAddress,
): Promise<() => Promise<void>> {
  const { files } = context.ports;
  const lock = await files.lock(lockPath(context, address.url), { timeoutMilliseconds: 1000 });
  const file = addressFile(context);
  await file.write(address);
  return async () => {
    // Another server on another port may have announced itself meanwhile.
    if ((await file.read())?.url === address.url) await file.remove();
    lock?.release();
  };
}

/** The server that runs; `undefined` if there is none. */
export async function runningServer(context: Context): Promise<ServerAddress | undefined> {
  const address = await addressFile(context).read();
  if (address === undefined) return undefined;
  // A server that was killed leaves its file; the kernel has released its lock.
  const lock = await context.ports.files.lock(lockPath(context, address.url), {
    timeoutMilliseconds: 0,
  });
  lock?.release();
  return lock === undefined ? address : undefined;
}

/** The token of the credentials, the same at each start. Also writes the file for `curl -H @FILE`. */
export async function openToken(context: Context): Promise<Secret> {
  const { ports: { files }, paths } = context;
  const token = await keptToken(context, "token");
  const header = new TextEncoder().encode(`Authorization: ${token.reveal()}\n`);
  const path = `${paths.cache}/server/header`;
  await removeIfShared(context, path);
  await files.writeAtomic(path, header, 0o600);
  return token;
}

/** The key that signs the page's cookies. */
export function openPageKey(context: Context): Promise<Secret> {
  return keptToken(context, "page_key");
}

/** Makes a new one if there is none, or if others could read or choose it. */
function keptToken(context: Context, name: string): Promise<Secret> {
  const { files } = context.ports;
  const path = `${context.paths.cache}/server/${name}`;
  return withDocumentLock(files, path, async () => {
    await removeIfShared(context, path);
    const bytes = await files.read(path);
    const text = bytes === undefined ? "" : new TextDecoder().decode(bytes);
    if (isToken(text)) return new Secret(text);
    const token = randomToken();
    // No line end: SDKs send the file as it is.
    await files.writeAtomic(path, new TextEncoder().encode(token), 0o600);
    return new Secret(token);
  });
}

async function removeIfShared({ ports: { files } }: Context, path: string): Promise<void> {
  const facts = await files.facts(path);
  if (((facts?.mode ?? 0) & 0o077) !== 0) await files.remove(path);
}

/** A code that opens the page once. */
export async function issueCode(context: Context): Promise<Secret> {
  const { ports: { files, clock }, paths } = context;
  const folder = `${paths.cache}/server/codes`;
  const code = randomToken();
  const until = new TextEncoder().encode(String(clock.now() + CODE_MILLISECONDS));
  for (const name of await files.list(folder)) {
    const facts = await files.facts(`${folder}/${name}`);
    const isOld = facts !== undefined && facts.modified + CODE_MILLISECONDS < clock.now();
    if (isOld) await files.remove(`${folder}/${name}`);
  }
  await files.writeAtomic(`${folder}/${await hashName([code])}`, until, 0o600);
  return new Secret(code);
}

/** Whether a code was good; it is not any more. */
export async function redeemCode(
  { ports: { files, clock }, paths }: Context,
  code: string,
): Promise<boolean> {
  if (!isToken(code)) return false;
  const path = `${paths.cache}/server/codes/${await hashName([code])}`;
  const bytes = await files.read(path);
  if (bytes === undefined || !await files.remove(path)) return false;
  return Number(new TextDecoder().decode(bytes)) > clock.now();
}
