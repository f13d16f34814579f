/**
 * What is checked of an org before the first password is sent.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import {
  type IdentityProvider,
  isExternal,
  processWebFingerResponse,
  webFingerPath,
} from "../client/org.ts";
import { USE_BROWSER } from "../factors/factor_errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { OktaAccount } from "./okta_account.ts";

/**
 * Tells the person what they should know about the org and their identity provider.
 *
 * @throws {SignInError} `external_idp` if the person has no password at Okta.
 */
export async function checkOrg(account: OktaAccount): Promise<void> {
  const { session: { client }, username } = account;
  const [pipeline, webFinger] = await Promise.all([
    client.pipeline(),
    client.get(webFingerPath(username), "GET", "application/jrd+json"),
  ]);
  if (pipeline === "idx") await account.interaction.say(IDENTITY_ENGINE);
  const provider = processWebFingerResponse(webFinger);
  if (provider !== undefined && isExternal(provider)) throw externalProvider(account, provider);
}

const IDENTITY_ENGINE =
  "this org runs Okta Identity Engine: the AWS app's policy decides how you " +
  "sign in; for FastPass and device checks, use auth = browser";

function externalProvider(
  { username }: OktaAccount,
  { type, title }: IdentityProvider,
): SignInError {
  const name = title === undefined ? type : `${title} (${type})`;
  return new SignInError(
    `${showUntrusted(username)} signs in to Okta through another provider, ${showUntrusted(name)}`,
    {
      code: "external_idp",
      hint: `${USE_BROWSER}; no password was sent`,
    },
  );
}
