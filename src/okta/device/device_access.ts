/**
 * What an account with `auth = device` works with.
 *
 * @module
 */

import type { AccountSettings } from "../../settings/settings.ts";
import { SettingsError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { openTokenStore, type TokenStore } from "./token_store.ts";
import { mayOpenBrowser } from "../../app/browser_sign_in.ts";
import type { OktaIdentity } from "../factors/factor_context.ts";
import type { AppContext } from "../../app/context.ts";

/** The device grant of one account. */
export interface DeviceAccess {
  /** The client id of the org's OIDC app. */
  readonly clientId: string;
  /** Tokens between runs. */
  readonly tokens: TokenStore;
  /** Opens a page in the person's browser, where one is at hand. */
  openBrowser(url: Secret): Promise<void>;
}

/**
 * Opens what the device grant needs.
 *
 * @param draft Whose account.
 * @param settings The account's settings.
 * @returns Its parts; `undefined` where the account signs in another way.
 * @throws {SettingsError} `no_oidc_client_id`
 */
export async function openDeviceAccess(
  context: AppContext,
  { name, org }: Pick<OktaIdentity, "name" | "org">,
  { auth, oidc_client_id: clientId }: AccountSettings,
): Promise<DeviceAccess | undefined> {
  if (auth !== "device") return undefined;
  if (clientId === undefined) throw noClientId(name);
  const { ports, paths } = context;
  return {
    clientId,
    tokens: await openTokenStore(ports.files, paths.cache, name, org, clientId),
    async openBrowser(url) {
      if (!mayOpenBrowser(context)) return;
      const browser = ports.environment.get("BROWSER");
      await (await ports.processes()).openBrowser(url, { browser });
    },
  };
}

function noClientId(name: string): SettingsError {
  return new SettingsError(`auth = device needs oidc_client_id, which account ${name} lacks`, {
    code: "no_oidc_client_id",
    hint:
      "ask your Okta administrator for the client id of the org's OIDC app for AWS, and write it " +
      `into [account ${name}] of the settings`,
  });
}
