/**
 * `doctor`: where the secrets stand, whether that opens, how long it takes, what is in it.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { OktaAwsError } from "../errors.ts";
import { parseSecretItem } from "../secrets/secret_item.ts";
import { openAccountState } from "../okta/sign_in/account_state.ts";
import { openStore } from "../okta/sign_in/okta_account.ts";
import { isIdentityCenter } from "../identity_center/sso_account.ts";
import { asOwnError } from "./context.ts";
import { type Check, type Finding, findingOf } from "./finding.ts";

/** Slower than this, every run that needs the secrets is felt. */
const SLOW_MILLISECONDS = 3_000;

/** Nobody is asked for a passphrase here. */
const NEEDS_PERSON = ["no_terminal", "no_input", "locked", "cancelled"];

function init(name: string): string {
  return `run: okta-aws init${name === "default" ? "" : ` --account ${name}`}`;
}

async function readItem(context: AppContext, name: string): Promise<Finding[]> {
  const { clock } = context.ports;
  const began = clock.now();
  const store = await openStore(context, context.settings.accounts.get(name) ?? {}, false);
  const item = await store.read(name);
  const took = clock.now() - began;
  if (item === undefined) {
    return [{
      level: "error",
      code: "no_item",
      message: `the secret store (${store.name}) has nothing for ${name}`,
      mend: init(name),
    }];
  }
  const { password, totp } = parseSecretItem(item);
  const held = [password && "password", totp && "TOTP secret"].filter((word) => word !== undefined);
  const message = `${store.name} has for ${name}: ${held.join(", ") || "a key alone"}`;
  const slow: Finding[] = took < SLOW_MILLISECONDS ? [] : [{
    level: "warning",
    code: "slow_store",
    message: `the secret store (${store.name}) took ${Math.round(took / 1000)} s to answer`,
    mend: "unlock or restart it, or move the secrets: okta-aws secrets move --to file",
  }];
  return [...slow, { level: "ok", code: "secret_store", message }];
}

function trouble(error: OktaAwsError): Finding {
  if (!NEEDS_PERSON.includes(error.code)) return findingOf(error);
  return {
    ...findingOf(error, error.code === "locked" ? "error" : "note"),
    mend: error.hint ?? "unlock it: okta-aws signin",
  };
}

async function refusedPassword(context: AppContext, name: string): Promise<Finding[]> {
  const { ports: { files }, paths } = context;
  const { refusedItem } = await (await openAccountState(files, paths.cache, name)).read();
  if (refusedItem === undefined) return [];
  return [{
    level: "error",
    code: "password_refused",
    message: `Okta has refused the stored password of ${name}: nobody sends it again`,
    mend: `${init(name)} and give the new one, before the account locks`,
  }];
}

async function findingsOf(context: AppContext, name: string): Promise<Finding[]> {
  const refused = await refusedPassword(context, name);
  try {
    return [...refused, ...await readItem(context, name)];
  } catch (error) {
    return [...refused, trouble(asOwnError(error))];
  }
}

/** The check. */
export const secretStore: Check = {
  name: "secret store",
  async run({ context }) {
    // A portal's account has a secret of ours only where it keeps the cache's key.
    const names = [...context.settings.accounts.keys()].filter((name) =>
      !isIdentityCenter(context, name) || context.settings.program.cache === "encrypted"
    );
    return (await Promise.all(names.map((name) => findingsOf(context, name)))).flat();
  },
};
