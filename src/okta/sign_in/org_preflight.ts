/**
 * What an org is like, before the first password goes there: what will work, and what won't.
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
import { showUntrusted } from "../../untrusted_text.ts";
import type { OktaAccount } from "./okta_account.ts";

/**
 * Looks at the org and the person's identity provider, and says what a person should know.
 *
 * @param account The Okta account.
 * @throws {SignInError} `external_idp` where the person has no password at Okta.
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

const IDENTITY_ENGINE = "this org runs Okta Identity Engine: you sign in as its AWS app's policy " +
  "says; FastPass and device checks alone need a browser";

function externalProvider(
  { username }: OktaAccount,
  { type, title }: IdentityProvider,
): SignInError {
  const name = title === undefined ? type : `${title} (${type})`;
  return new SignInError(
    `${showUntrusted(username)} signs in to Okta through another provider, ${showUntrusted(name)}`,
    {
      code: "external_idp",
      hint: "okta-aws has no password to send there, and sent none: this needs a browser",
    },
  );
}
