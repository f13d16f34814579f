/**
 * The `config.json` of the AWS STS Token Generator (aws-sts, `aws-token`), read as team settings.
 *
 * @see https://github.com/Earnest-Labs/aws-sts
 */

import { isObject } from "../../is_object.ts";
import { isAccountAlias } from "../../aws/arn.ts";
import { expectedSetting } from "../settings.ts";
import { notAppLink, parseAppLink, type TeamProblem, type TeamSection } from "./team_keys.ts";

type Members = Record<string, unknown>;

/** An AWS account. */
interface Entry {
  alias: string;
  id: string;
  app: string | undefined;
}

/** Its example writes `idpEntryUrl`, its documentation `idPEntryUrl`. */
function entryUrl(members: Members): unknown {
  return members["idpEntryUrl"] ?? members["idPEntryUrl"];
}

/** Recognized by its accounts, and a sign-in address for all or one of them. */
export function isTokenGeneratorConfig(document: unknown): document is Members {
  if (!isObject(document) || !isObject(document["accounts"])) return false;
  const each = Object.values(document["accounts"]).filter(isObject);
  return [document, ...each].some((members) => entryUrl(members) !== undefined);
}

/** aws-sts allows any name; IAM wants `prod-eu` for `Prod_EU`. */
function toAlias(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
}

function accountId(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value).padStart(12, "0") : value;
  return typeof text === "string" && /^\d{12}$/.test(text.trim()) ? text.trim() : undefined;
}

/** Reads one file and collects its problems. */
class Reader {
  readonly problems: TeamProblem[] = [];

  note(path: string, what: string): undefined {
    this.problems.push({ path, what });
    return undefined;
  }

  app(value: unknown, path: string): string | undefined {
    const app = typeof value === "string" ? parseAppLink(value) : undefined;
    return app ?? this.note(path, notAppLink(value));
  }

  text(members: Members, key: string, setting: [kind: string, key: string]): string | undefined {
    const value = members[key];
    if (value === undefined || value === "") return undefined;
    if (typeof value !== "string") return this.note(key, "is not a string");
    const expected = expectedSetting(...setting, value);
    if (expected === undefined) return value;
    return this.note(key, `is ${JSON.stringify(value)}, not ${expected}`);
  }

  entry(name: string, value: unknown): Entry | undefined {
    const path = `accounts.${name}`;
    const members = isObject(value) ? value : { accountNumber: value };
    const numberPath = isObject(value) ? `${path}.accountNumber` : path;
    const id = accountId(members["accountNumber"]);
    if (id === undefined) return this.note(numberPath, "is not an account id of 12 digits");
    const alias = toAlias(name);
    if (!isAccountAlias(alias)) return this.note(path, "can't become an account alias");
    const url = entryUrl(members);
    return { alias, id, app: url === undefined ? undefined : this.app(url, `${path}.idpEntryUrl`) };
  }
}

/** Of several names for one account, keeps the default account's, else the first. */
function byAccount(entries: readonly Entry[], preferred: string | undefined): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const entry of entries) {
    if (!found.has(entry.id) || entry.alias === preferred) found.set(entry.id, entry);
  }
  return found;
}

function setKeys(keys: Record<string, string | undefined>): [string, string][] {
  return Object.entries(keys).filter((pair): pair is [string, string] => pair[1] !== undefined);
}

/**
 * Converts `idPEntryUrl`/`idpEntryUrl` to apps (for all or for each account), accounts to
 * `[aws-account]` with an alias, `defaultAccount` to the default PROFILE, and `outputFormat` and
 * `region`. Ignores `awsConfigPath`.
 *
 * @param account The name for the Okta account.
 */
export function readTokenGeneratorConfig(
  document: Members,
  account: string,
): { sections: TeamSection[]; problems: TeamProblem[] } {
  const reader = new Reader();
  const { provider, defaultAccount } = document;
  if (provider !== undefined && provider !== "okta") {
    reader.note("provider", `is ${JSON.stringify(provider)}, not okta`);
  }
  const region = reader.text(document, "region", ["account", "region"]);
  const output = reader.text(document, "outputFormat", ["aws-account", "output"]);
  const shared = entryUrl(document) === undefined
    ? undefined
    : reader.app(entryUrl(document), "idpEntryUrl");
  const named = document["accounts"] as Members;
  const entries = Object.entries(named).map(([name, value]) => reader.entry(name, value))
    .filter((entry) => entry !== undefined);
  if (defaultAccount !== undefined && !Object.hasOwn(named, String(defaultAccount))) {
    reader.note("defaultAccount", `is ${JSON.stringify(defaultAccount)}, not one of accounts`);
  }
  const preferred = defaultAccount === undefined ? undefined : toAlias(String(defaultAccount));
  const apps = [...new Set([shared, ...entries.map(({ app }) => app)])]
    .filter((app) => app !== undefined);
  const orgs = new Set(apps.map((app) => new URL(app).origin));
  if (orgs.size > 1) {
    reader.note("accounts", `have apps of different orgs: ${[...orgs].join(", ")}`);
  }
  const sections: TeamSection[] = [
    {
      section: `account ${account}`,
      keys: setKeys({ org: [...orgs][0], app: apps.join(" "), region }),
    },
    ...[...byAccount(entries, preferred)].map(([id, { alias, app }]) => ({
      section: `aws-account ${id}`,
      keys: setKeys({ alias, output, app }),
    })),
    ...(preferred === undefined
      ? []
      : [{ section: "okta-aws", keys: setKeys({ default_profile: preferred }) }]),
  ];
  return { sections, problems: reader.problems };
}
