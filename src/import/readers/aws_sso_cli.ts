/**
 * aws-sso-cli: `SSOConfig` of its `config.yaml`, and `aws-sso … process --arn ARN` in the AWS files.
 *
 * @see https://github.com/synfinatic/aws-sso-cli/blob/main/docs/config.md
 */

import { parseRoleArn } from "../../aws/arn.ts";
import { options, parseOptions } from "../aws_processes.ts";
import { type Found, nothingFound, type Source } from "../found.ts";
import { readRegion } from "../old_values.ts";
import { mapsOf, readOldYaml, textOf, type YamlMap } from "./old_yaml.ts";
import { addPortalProfile, portalEntry } from "./portals.ts";

const TOOL = "aws-sso-cli";

const PROCESS_OPTIONS = options(
  ["arn", "sso", "url-action", "account", "role", "config", "profile", "browser"],
  { S: "sso", u: "url-action", A: "account", R: "role", a: "arn", p: "profile", b: "browser" },
);

async function configPath({ files, environment: { get, home } }: Source): Promise<string> {
  const own = get("AWS_SSO_CONFIG");
  if (own !== undefined) return own.replace(/^~(?=\/)/, home);
  const old = `${home}/.aws-sso/config.yaml`;
  if (await files.facts(old) !== undefined) return old;
  return `${get("XDG_CONFIG_HOME") ?? `${home}/.config`}/aws-sso/config.yaml`;
}

export async function readAwsSsoCli(source: Source): Promise<Found> {
  const found = nothingFound(TOOL);
  const document = await readOldYaml(source, found, await configPath(source)) ?? {};
  const portals = new Map(mapsOf(document.SSOConfig));
  for (const [label, portal] of portals) addPortal(found, label, portal, document);
  const usual = textOf(document, "DefaultSSO") ?? "Default";
  for (const { program, args, profile, keys } of source.processes) {
    if (program !== "aws-sso") continue;
    const { values } = parseOptions(args, PROCESS_OPTIONS);
    const label = values.get("sso") ?? usual;
    const portal = portals.get(label) ?? {};
    const arn = parseRoleArn(values.get("arn") ?? "");
    addPortalProfile(found, label, {
      name: profile,
      ...portalOf(portal),
      accountId: arn?.accountId ?? values.get("account"),
      roleName: arn?.roleName ?? values.get("role"),
      region: keys.get("region") ?? textOf(portal, "DefaultRegion") ??
        textOf(document, "DefaultRegion"),
    });
  }
  return found;
}

function portalOf(
  portal: YamlMap,
): { startUrl: string | undefined; ssoRegion: string | undefined } {
  return { startUrl: textOf(portal, "StartUrl"), ssoRegion: textOf(portal, "SSORegion") };
}

function addPortal(found: Found, label: string, portal: YamlMap, document: YamlMap): void {
  const { startUrl, ssoRegion } = portalOf(portal);
  const entry = portalEntry(found, label, startUrl, ssoRegion);
  if (entry === undefined) {
    found.leftOut.push({ tool: TOOL, what: label, why: "no usable StartUrl and SSORegion" });
    return;
  }
  const region = textOf(portal, "DefaultRegion") ?? textOf(document, "DefaultRegion");
  entry.region ??= readRegion(region);
  for (const [accountId, account] of mapsOf(portal.Accounts)) {
    const name = textOf(account, "Name");
    if (name !== undefined) found.accountNames.set(accountId, name);
    for (const [roleName, role] of mapsOf(account.Roles)) {
      const profile = textOf(role, "Profile");
      if (textOf(role, "Via") !== undefined) {
        const why = "a chain (Via): write it as a profile with source_profile";
        found.leftOut.push({ tool: TOOL, what: `role ${accountId}/${roleName}`, why });
      } else if (profile !== undefined) {
        addPortalProfile(found, label, {
          name: profile,
          startUrl,
          ssoRegion,
          accountId,
          roleName,
          region: textOf(role, "DefaultRegion") ?? textOf(account, "DefaultRegion") ?? region,
        });
      }
    }
  }
}
