/**
 * Keeps the keys of the `file` backend in the Linux kernel's user keyring, so that the passphrase is
 * asked once (docs/cli.md, `passphrase_cache`). Done with Debian's keyutils: keys go through standard
 * input, and the kernel removes them at their end.
 *
 * Any program of the same user can read them meanwhile (SECURITY.md).
 *
 * @module
 */

import type { Environment } from "../../ports.ts";
import { runStoreProgram } from "./store_program.ts";

/** What a passphrase and a salt were turned into. */
export interface CachedKey {
  salt: string;
  iterations: number;
  /** Base64. */
  master: string;
}

/** The keys of one folder of secrets. */
export interface KeyCache {
  /** The keys that are still valid; none if the kernel or `keyctl` can't be asked. */
  read(): Promise<CachedKey[]>;
  /** Adds a key; it keeps the time left of those that are there. Returns whether it is kept. */
  add(key: CachedKey): Promise<boolean>;
  clear(): Promise<void>;
}

export interface KeyCacheSettings {
  environment: Pick<Environment, "all">;
  /** The folder whose keys these are. */
  secretsFolder: string;
  seconds: number;
  /** Milliseconds since the Unix epoch (default: the system's clock). */
  now?: () => number;
}

interface Payload {
  /** Milliseconds since the Unix epoch; the kernel's own limit is set after the key is there. */
  until: number;
  keys: CachedKey[];
}

/** `keyctl` answers at once; a hanging one must not stop a command. */
const TIMEOUT_MILLISECONDS = 2000;

/** The kernel takes 32 KiB; nobody has that many accounts. */
const MOST_KEYS = 40;

/** All rights for the processes of the user, whether or not their session has linked the keyring. */
const RIGHTS = "0x3f3f0000";

async function descriptionOf(secretsFolder: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secretsFolder));
  return `okta-aws:${new Uint8Array(digest).toHex().slice(0, 32)}`;
}

function parsePayload(text: string): Payload | undefined {
  try {
    const { until, keys } = JSON.parse(text);
    const isKey = ({ salt, iterations, master }: CachedKey) =>
      typeof salt === "string" && typeof master === "string" && Number.isInteger(iterations);
    return typeof until === "number" && Array.isArray(keys) && keys.every(isKey)
      ? { until, keys }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Opens the cache; nothing is asked until it is used. */
export function openKeyCache(settings: KeyCacheSettings): KeyCache {
  const { environment, secretsFolder, seconds, now = Date.now } = settings;
  const keyctl = async (args: readonly string[], input = ""): Promise<string | undefined> => {
    const ended = await runStoreProgram({
      environment,
      program: "keyctl",
      args,
      input,
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    });
    return ended.kind === "ended" && ended.code === 0 ? ended.stdout : undefined;
  };
  const find = async () =>
    (await keyctl(["search", "@u", "user", await descriptionOf(secretsFolder)]))?.trim();
  const load = async (): Promise<Payload | undefined> => {
    const id = await find();
    const payload = id && parsePayload(await keyctl(["pipe", id]) ?? "");
    return payload && payload.until > now() ? payload : undefined;
  };
  const clear = async () => {
    const id = await find();
    if (id !== undefined) await keyctl(["unlink", id, "@u"]);
  };
  return {
    read: async () => (await load())?.keys ?? [],
    clear,
    async add(key) {
      const known = await load();
      const until = known?.until ?? now() + seconds * 1000;
      const others = (known?.keys ?? []).filter(({ salt }) => salt !== key.salt);
      const payload: Payload = { until, keys: [key, ...others].slice(0, MOST_KEYS) };
      const description = await descriptionOf(secretsFolder);
      const id = (await keyctl(["padd", "user", description, "@u"], JSON.stringify(payload)))
        ?.trim();
      if (id === undefined) return false;
      const left = Math.max(1, Math.ceil((until - now()) / 1000));
      await keyctl(["setperm", id, RIGHTS]);
      if (await keyctl(["timeout", id, String(left)]) !== undefined) return true;
      // Without an end it must not stay.
      await clear();
      return false;
    },
  };
}
