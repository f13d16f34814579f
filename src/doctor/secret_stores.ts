/** `doctor`: which secret stores work, and whether each account's secrets can be read. @module */

import type { AppContext } from "../app/context.ts";
import { OktaAwsError } from "../errors.ts";
import { isIdentityCenter } from "../identity_center/sso_account.ts";
import { openAccountState } from "../store/account_state.ts";
import { openStore } from "../secrets/open_secrets.ts";
import type { StoreFinding } from "../ports.ts";
import { parseSecretItem } from "../secrets/secret_item.ts";
import { accountName } from "../settings/account_settings.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { toOwnError } from "./context.ts";
import { type Check, type Finding, findingFromError } from "./finding.ts";

/** A slower store delays every command that needs secrets. */
const SLOW_MILLISECONDS = 3_000;

/** Errors of a store that needs a passphrase, for which `doctor` does not ask. */
const NEEDS_PERSON = ["no_terminal", "no_input", "locked", "cancelled"];

function initCommand(name: string): string {
  return `okta-aws init${name === "default" ? "" : ` --account ${name}`}`;
}

async function checkItem(context: AppContext, name: string): Promise<Finding[]> {
  const { clock } = context.ports;
  const began = clock.now();
  const store = await openStore(context, context.settings.accounts.get(name) ?? {}, false);
  const item = await store.read(name);
  const took = clock.now() - began;
  if (item === undefined) {
    return [{
      level: "error",
      code: "no_item",
      message: `no saved password for account ${JSON.stringify(name)} (${store.name})`,
      fix: `run: ${initCommand(name)}`,
    }];
  }
  const { password, totp } = parseSecretItem(item);
  const held = [password && "password", totp && "TOTP secret"].filter((word) => word !== undefined);
  const slow: Finding[] = took < SLOW_MILLISECONDS ? [] : [{
    level: "warning",
    code: "slow_store",
    message: `the secret store (${store.name}) took ${Math.round(took / 1000)} s to answer`,
    fix: "unlock or restart it, or move the secrets: okta-aws secrets move --to file",
  }];
  return [...slow, {
    level: "ok",
    code: "secret_store",
    message: `${name}: ${held.join(", ") || "only a cache key"} in ${store.name}`,
  }];
}

function findingFromStoreError(error: OktaAwsError): Finding {
  if (!NEEDS_PERSON.includes(error.code)) return findingFromError(error);
  return {
    ...findingFromError(error, error.code === "locked" ? "error" : "note"),
    fix: error.hint ?? "unlock it: okta-aws signin",
  };
}

async function checkRejectedPassword(context: AppContext, name: string): Promise<Finding[]> {
  const { ports: { files }, paths } = context;
  const { refusedItem } = await (await openAccountState(files, paths.cache, name)).read();
  if (refusedItem === undefined) return [];
  return [{
    level: "error",
    code: "password_refused",
    message: `the stored password of ${name} was rejected and will not be sent again`,
    fix: `store the new password: ${initCommand(name)}`,
  }];
}

async function checkAccount(context: AppContext, name: string): Promise<Finding[]> {
  const rejected = await checkRejectedPassword(context, name);
  try {
    return [...rejected, ...await checkItem(context, name)];
  } catch (error) {
    return [...rejected, findingFromStoreError(toOwnError(error))];
  }
}

/** Whether each account's secrets can be read, how fast, and which there are. */
export const secretStore: Check = {
  name: "secret store",
  async run({ context }) {
    // An Identity Center account has a secret of ours only if it holds the cache's key.
    const names = [...context.settings.accounts.keys()].filter((name) =>
      !isIdentityCenter(context, name) || context.settings.program.cache === "encrypted"
    );
    return (await Promise.all(names.map((name) => checkAccount(context, name)))).flat();
  },
};

function nameWithReason({ name, why }: StoreFinding): string {
  return why === undefined ? name : `${name} (${showUntrusted(why)})`;
}

/** Which stores this computer has. Opens none: a locked one works. */
export const secretStores: Check = {
  name: "secret backends",
  async run({ context }) {
    const { ports, settings, paths } = context;
    const account = settings.accounts.get(accountName(context)) ?? {};
    const directory = `${paths.settingsDirectory}/secrets`;
    const found = await ports.surveySecretStores({ directory, account });
    const { working = [], idle = [] } = Object.groupBy(
      found,
      ({ works }) => works ? "working" : "idle",
    );
    const parts = [
      ...working.length > 0 ? [`available: ${working.map(nameWithReason).join(", ")}`] : [],
      ...idle.length > 0 ? [`not available: ${idle.map(nameWithReason).join(", ")}`] : [],
    ];
    return [{ level: "note", code: "secret_backends", message: parts.join("; ") }];
  },
};
