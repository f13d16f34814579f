/**
 * tokendito: `tokendito.ini`, whose sections inherit from `[default]`.
 *
 * @see https://github.com/dowjones/tokendito/blob/main/docs/README.md
 */

import { parseRoleArn } from "../../aws/arn.ts";
import { type Found, nothingFound, type Source } from "../found.ts";
import { readAddress, readFactorType, readRegion, readRole } from "../old_values.ts";
import { readOldIni, valueOf } from "./old_ini.ts";

const TOOL = "tokendito";

/** tokendito takes any part of a factor's name. */
const FACTORS: Readonly<Record<string, string>> = {
  token: "token:software:totp",
  totp: "token:software:totp",
  "token:software:totp": "token:software:totp",
  push: "push",
  sms: "sms",
  call: "call",
  email: "email",
  question: "question",
};

function pathsOf({ environment: { get, home, os } }: Source): string[] {
  const own = get("TOKENDITO_USER_CONFIG_FILE");
  if (own !== undefined) return [own];
  const file = "tokendito/tokendito.ini";
  if (os === "windows") return [`${get("LOCALAPPDATA") ?? `${home}/AppData/Local`}/${file}`];
  if (os === "linux") return [`${get("XDG_CONFIG_HOME") ?? `${home}/.config`}/${file}`];
  return [`${home}/Library/Application Support/${file}`, `${home}/Library/Preferences/${file}`];
}

export async function readTokendito(source: Source): Promise<Found> {
  const found = nothingFound(TOOL);
  for (const path of pathsOf(source)) {
    const sections = await readOldIni(source, found, path, "default");
    for (const { name: label, keys } of sections ?? []) {
      const leave = (what: string, why: string) =>
        void found.leftOut.push({ tool: TOOL, what: `[${label}]${what && ` ${what}`}`, why });
      const value = (key: string) => valueOf(keys, key);
      const tile = readAddress(value("okta_tile"));
      const address = tile ?? readAddress(value("okta_org"));
      if (value("okta_password") !== undefined) {
        leave("okta_password", "in plain text there: it never goes into settings; delete it");
      }
      if (address === undefined) {
        leave("", "neither okta_tile nor okta_org is an address");
        continue;
      }
      const given = value("okta_mfa")?.toLowerCase();
      const mfaFactorType = FACTORS[given ?? ""] ?? readFactorType(given);
      if (given !== undefined && !mfaFactorType) leave(`okta_mfa = ${given}`, "unknown factor");
      const roleArn = readRole(value("aws_role_arn"));
      if (value("aws_role_arn") !== undefined && !roleArn) {
        leave("aws_role_arn", "not a role's ARN");
      }
      const name = value("aws_profile") ?? (roleArn && parseRoleArn(roleArn)?.roleName);
      const region = readRegion(value("aws_region"));
      const output = value("aws_output");
      found.entries.push({
        tool: TOOL,
        label,
        org: address.org,
        app: tile?.app,
        username: value("okta_username"),
        mfaFactorType,
        region,
        profiles: name === undefined ? [] : [{ name, roleArn, region, output }],
        password: value("okta_password") === undefined ? undefined : {
          kind: "file",
          path,
          section: keys.has("okta_password") ? label : "default",
          key: "okta_password",
        },
      });
    }
  }
  return found;
}
