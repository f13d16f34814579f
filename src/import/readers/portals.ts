/** Profiles of IAM Identity Center, as the three tools for it name them. */

import { isAccountId, isRegion } from "../../aws/arn.ts";
import { parseStartUrl } from "../../aws/start_url.ts";
import { ssoRoleArn } from "../../aws/sso_session.ts";
import type { Entry, Found, FoundProfile } from "../found.ts";
import { readRegion } from "../old_values.ts";

/** A role of the portal. */
export interface PortalProfile {
  name: string;
  startUrl: string | undefined;
  ssoRegion: string | undefined;
  accountId: string | undefined;
  roleName: string | undefined;
  region?: string | undefined;
}

/** Adds a profile to the entry of its portal, or says why not. */
export function addPortalProfile(found: Found, label: string, profile: PortalProfile): void {
  const { name, startUrl, ssoRegion, accountId = "", roleName = "" } = profile;
  const leave = (why: string) =>
    void found.leftOut.push({ tool: found.tool, what: `profile ${name}`, why });
  const entry = portalEntry(found, label, startUrl, ssoRegion);
  if (entry === undefined) return leave("no start URL and region of IAM Identity Center");
  if (!isAccountId(accountId) || !/^[\w+=,.@-]{1,64}$/.test(roleName)) {
    return leave("no account id and role");
  }
  const roleArn = ssoRoleArn(accountId, roleName, ssoRegion!);
  const planned: FoundProfile = { name, roleArn, region: readRegion(profile.region) };
  entry.profiles = [...entry.profiles.filter((one) => one.name !== name), planned];
}

/** The entry of a portal, made at its first profile. */
export function portalEntry(
  found: Found,
  label: string,
  startUrl: string | undefined,
  region: string | undefined,
): Entry | undefined {
  const url = readStartUrl(startUrl);
  if (url === undefined || region === undefined || !isRegion(region)) return undefined;
  const known = found.entries.find(({ portal }) =>
    portal?.startUrl === url && portal.region === region
  );
  if (known !== undefined) return known;
  const entry: Entry = { tool: found.tool, label, portal: { startUrl: url, region }, profiles: [] };
  found.entries.push(entry);
  return entry;
}

function readStartUrl(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : parseStartUrl(text);
  } catch {
    return undefined;
  }
}
