/**
 * The AWS apps on a person's Okta home page, where only the org is known.
 *
 * @module
 */

import { AssertionError, SettingsError } from "../errors.ts";
import {
  type AppLink,
  FEDERATION_APP,
  IDENTITY_CENTER_APP,
  processAppLinksResponse,
} from "../okta/app_links.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { OktaAccount } from "./okta_account.ts";

/** How many apps an error lists. */
const LISTED = 10;

/**
 * Finds the AWS federation apps; the session of the account's jar has to be alive.
 *
 * @param account The Okta account.
 * @returns Their URLs.
 * @throws {AssertionError} `identity_center` where there is only that.
 * @throws {SettingsError} `no_aws_app`, with the apps that there are.
 */
export async function discoverApps({ client }: OktaAccount): Promise<string[]> {
  const links = processAppLinksResponse(await client.get("/api/v1/users/me/appLinks"));
  const federation = links.filter(({ appName }) => appName === FEDERATION_APP);
  if (federation.length > 0) return federation.map(({ linkUrl }) => linkUrl);
  if (links.some(({ appName }) => appName === IDENTITY_CENTER_APP)) throw onlyIdentityCenter();
  throw noAwsApp(links);
}

function onlyIdentityCenter(): AssertionError {
  return new AssertionError("your AWS app at Okta is IAM Identity Center, not account federation", {
    code: "identity_center",
    hint: "this version signs in through the app AWS Account Federation: ask your Okta " +
      "administrator for it",
  });
}

function noAwsApp(links: AppLink[]): SettingsError {
  const labels = links.slice(0, LISTED).map(({ label }) => showUntrusted(label)).join(", ");
  return new SettingsError(`none of your Okta apps is known as AWS: ${labels || "there is none"}`, {
    code: "no_aws_app",
    hint: "copy the link of your AWS app and give it: okta-aws init --sso-url URL",
  });
}
