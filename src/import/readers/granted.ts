/**
 * granted: profiles with `granted_sso_…` keys in the AWS config file.
 *
 * @see https://github.com/common-fate/granted/blob/main/pkg/cfaws/granted_config.go
 */

import { type Found, nothingFound, type Source } from "../found.ts";
import { addPortalProfile } from "./portals.ts";

export function readGranted({ aws, profileNames, processes, paths }: Source): Promise<Found> {
  const found = nothingFound("granted");
  for (const name of profileNames) {
    const keys = aws.profile(name)!;
    if (![...keys.keys()].some((key) => key.startsWith("granted_sso_"))) continue;
    const process = processes.find(({ profile }) => profile === name);
    if (!/^d?granted$/.test(process?.program ?? "")) continue;
    const session = aws.ssoSections?.get(keys.get("sso_session") ?? "");
    addPortalProfile(found, keys.get("sso_session") ?? "granted", {
      name,
      startUrl: keys.get("granted_sso_start_url") ?? session?.get("sso_start_url"),
      ssoRegion: keys.get("granted_sso_region") ?? session?.get("sso_region"),
      accountId: keys.get("granted_sso_account_id"),
      roleName: keys.get("granted_sso_role_name"),
      region: keys.get("region"),
    });
  }
  const isOther = (name: string) =>
    !found.entries.some(({ profiles }) => profiles.some((one) => one.name === name));
  for (const { program, profile } of processes) {
    const isKnown = found.leftOut.some(({ what }) => what === `profile ${profile}`);
    if (!/^d?granted$/.test(program) || !isOther(profile) || isKnown) continue;
    const why = "granted keeps its keys, which don't come from Identity Center";
    found.leftOut.push({ tool: "granted", what: `profile ${profile}`, why });
  }
  if (found.entries.length > 0) found.files.push(paths.awsConfig);
  return Promise.resolve(found);
}
