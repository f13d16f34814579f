/**
 * Assertions between processes: forty that want forty roles need one. STS takes an assertion for
 * five minutes; until then it is kept beside the session, sealed with the same key.
 *
 * @module
 */

import type { Files } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import {
  hashName,
  hasVersion,
  isRecordOf,
  isString,
  type JsonFile,
  jsonFile,
} from "../../store/json_file.ts";
import { seal, type SealKey, unseal } from "../../store/seal.ts";
import { type KeptFor, userOf } from "./kept_session.ts";

export interface StoredAssertion {
  /** When it was fetched, milliseconds since the Unix epoch. */
  fetched: number;
  /** Where the form goes. */
  action: string;
  /** base64 */
  samlResponse: Secret;
  relayState: string | undefined;
}

interface SealedAssertion {
  fetched: number;
  sealed: string;
}

interface SealedAssertions {
  version: 1;
  /** By hash of the app's URL. */
  apps: Record<string, SealedAssertion>;
}

/** The assertion file of one account. */
export interface AssertionStore {
  /** When an app's assertion was fetched, milliseconds since the Unix epoch; needs no key. */
  fetchedAt(app: string): Promise<number | undefined>;
  /** The app's assertion, or `undefined` if there is none that this key opens. */
  read(key: SealKey, app: string): Promise<StoredAssertion | undefined>;
  /** Only for the holder of the account's lock. */
  write(key: SealKey, app: string, assertion: StoredAssertion): Promise<void>;
  /** @returns Whether there were any. */
  remove(): Promise<boolean>;
}

function isSealedAssertion(value: unknown): value is SealedAssertion {
  const { fetched, sealed } = (value ?? {}) as Partial<SealedAssertion>;
  return isString(sealed) && Number.isFinite(fetched);
}

function isSealedAssertions(document: unknown): document is SealedAssertions {
  return hasVersion(document, 1) &&
    isRecordOf((document as SealedAssertions).apps, isSealedAssertion);
}

/** The assertion store of one account. */
export async function openAssertionStore(
  files: Files,
  { cacheDirectory, account, org, username }: KeptFor,
): Promise<AssertionStore> {
  const name = await hashName([account, org, "assertions"]);
  const path = `${cacheDirectory}/sessions/${name}.json`;
  const file: JsonFile<SealedAssertions> = jsonFile(files, path, isSealedAssertions, {
    synced: false,
  });
  const user = userOf({ username });
  const purpose = (app: string, fetched: number) =>
    JSON.stringify(["okta-aws assertion", account, org, user, app, fetched]);
  const find = async (app: string) => (await file.read())?.apps[await hashName([app])];
  return {
    fetchedAt: async (app) => (await find(app))?.fetched,
    async read(key, app) {
      const found = await find(app);
      if (found === undefined) return undefined;
      const text = await unseal(key, purpose(app, found.fetched), found.sealed);
      if (text === undefined) return undefined;
      const { action, samlResponse, relayState } = JSON.parse(text);
      return { fetched: found.fetched, action, samlResponse: new Secret(samlResponse), relayState };
    },
    async write(key, app, { fetched, action, samlResponse, relayState }) {
      const text = JSON.stringify({ action, samlResponse: samlResponse.reveal(), relayState });
      const sealed = await seal(key, purpose(app, fetched), text);
      const apps = (await file.read())?.apps;
      await file.write({
        version: 1,
        apps: { ...apps, [await hashName([app])]: { fetched, sealed } },
      });
    },
    remove: () => file.remove(),
  };
}
