/**
 * The AWS apps on a person's Okta home page, where only the org is known.
 *
 * @module
 */

import { AssertionError, SettingsError } from "../../errors.ts";
import {
  type AppLink,
  FEDERATION_APP,
  IDENTITY_CENTER_APP,
  processAppLinksResponse,
} from "../client/app_links.ts";
import type { HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Interaction } from "../../app/interaction.ts";
import type { OktaAccount } from "./okta_account.ts";
import { pickApps } from "./pick_apps.ts";

/** How many apps an error lists. */
const LISTED = 10;

/**
 * Finds the AWS federation apps and lets the person pick; the session of the account's jar has to be
 * alive. Where no app says that it is AWS (a company's own SAML app), the person may know which is.
 *
 * @param account The Okta account.
 * @returns Their URLs.
 * @throws {AssertionError} `identity_center` where there is only that.
 * @throws {SettingsError} `no_aws_app`, with the apps that there are.
 */
export async function discoverApps(
  account: OktaAccount,
): Promise<string[]> {
  const links = processAppLinksResponse(await appLinks(account));
  const federation = links.filter(({ appName }) => appName === FEDERATION_APP);
  const identityCenter = links.filter(({ appName }) => appName === IDENTITY_CENTER_APP);
  if (federation.length > 0) {
    await tellPassedOver(account.interaction, identityCenter);
    return (await pickApps(account.interaction, federation)).map(({ linkUrl }) => linkUrl);
  }
  if (identityCenter.length > 0) throw onlyIdentityCenter();
  if (links.length === 0 || !await account.interaction.canAsk()) throw noAwsApp(links);
  await account.interaction.say("none of your Okta apps says that it is AWS");
  const picked = await account.interaction.askChoice(
    "Which one is the AWS app",
    links.map((value) => ({ name: value.label, value })),
  );
  return [picked.linkUrl];
}

async function appLinks(account: OktaAccount): Promise<HttpResponse> {
  const { client, device } = account.session;
  if (device === undefined) return await client.get("/api/v1/users/me/appLinks");
  const { deviceAppLinks } = await import("../device/device_sign_in.ts");
  return await deviceAppLinks({ ...account, device });
}

async function tellPassedOver(interaction: Interaction, apps: readonly AppLink[]): Promise<void> {
  if (apps.length === 0) return;
  const labels = apps.map(({ label }) => showUntrusted(label)).join(", ");
  await interaction.say(`passed over, since it is IAM Identity Center: ${labels}`);
}

function onlyIdentityCenter(): AssertionError {
  return new AssertionError("your AWS app at Okta is IAM Identity Center, not account federation", {
    code: "identity_center",
    hint: "open it once, copy the portal's address, and give it: " +
      "okta-aws init --sso-start-url URL --sso-region REGION",
  });
}

function noAwsApp(links: AppLink[]): SettingsError {
  const labels = links.slice(0, LISTED).map(({ label }) => showUntrusted(label)).join(", ");
  return new SettingsError(`none of your Okta apps is known as AWS: ${labels || "there is none"}`, {
    code: "no_aws_app",
    hint: "copy the link of your AWS app and give it: okta-aws init --sso-url URL",
  });
}
