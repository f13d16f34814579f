/**
 * The AWS apps on a person's Okta home page, for an account of which only the org is known.
 *
 * @module
 */

import { AssertionError, SettingsError } from "../../errors.ts";
import type { Interaction } from "../../app/interaction.ts";
import type { HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import {
  type AppLink,
  FEDERATION_APP,
  IDENTITY_CENTER_APP,
  processAppLinksResponse,
} from "../client/app_links.ts";
import type { OktaAccount } from "./okta_account.ts";

/** How many apps an error lists. */
const LISTED = 10;

/**
 * Finds the URLs of the AWS federation apps, and lets the person pick; the account's session has to be
 * alive. If no app says that it is AWS (a company's own SAML app), the person may know which one is.
 *
 * @throws {AssertionError} `identity_center` if there is nothing else.
 * @throws {SettingsError} `no_aws_app`, with the apps that there are.
 */
export async function discoverApps(account: OktaAccount): Promise<string[]> {
  const { interaction } = account;
  const links = processAppLinksResponse(await appLinks(account));
  const federation = links.filter(({ appName }) => appName === FEDERATION_APP);
  const identityCenter = links.filter(({ appName }) => appName === IDENTITY_CENTER_APP);
  if (federation.length > 0) {
    await tellSkipped(interaction, identityCenter);
    return (await pickApps(interaction, federation)).map(({ linkUrl }) => linkUrl);
  }
  if (identityCenter.length > 0) throw onlyIdentityCenter();
  if (links.length === 0 || !await interaction.canAsk()) throw noAwsApp(links);
  await interaction.say("none of your Okta apps is marked as AWS");
  const picked = await interaction.askChoice(
    "Which app is AWS",
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

async function tellSkipped(interaction: Interaction, apps: readonly AppLink[]): Promise<void> {
  if (apps.length === 0) return;
  const labels = apps.map(({ label }) => showUntrusted(label)).join(", ");
  await interaction.say(`skipped (Identity Center): ${labels}`);
}

/** At least one, in the order of the home page; all if there is one or nobody can be asked. */
async function pickApps(interaction: Interaction, apps: readonly AppLink[]): Promise<AppLink[]> {
  if (apps.length === 1 || !await interaction.canAsk()) return [...apps];
  // Two apps of one name are told apart by their links.
  const count = (label: string) => apps.filter((app) => app.label === label).length;
  return await interaction.askChoices(
    `Select AWS apps (${apps.length} found)`,
    apps.map((app) => ({
      name: count(app.label) === 1 ? app.label : `${app.label} (${pathOf(app)})`,
      value: app,
    })),
  );
}

function pathOf({ linkUrl }: AppLink): string {
  return URL.parse(linkUrl)?.pathname ?? linkUrl;
}

function onlyIdentityCenter(): AssertionError {
  return new AssertionError("your AWS app at Okta is IAM Identity Center, not account federation", {
    code: "identity_center",
    hint: "open the app, copy the portal's address, and run: " +
      "okta-aws init --sso-start-url URL --sso-region REGION",
  });
}

function noAwsApp(links: AppLink[]): SettingsError {
  const labels = links.slice(0, LISTED).map(({ label }) => showUntrusted(label)).join(", ");
  return new SettingsError(`found no AWS app at Okta (your apps: ${labels || "none"})`, {
    code: "no_aws_app",
    hint: "copy the link of your AWS app and run: okta-aws init --sso-url URL",
  });
}
