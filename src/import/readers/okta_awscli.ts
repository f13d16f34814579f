/**
 * okta-awscli: `~/.okta-aws`, whose sections fall back on `[default]`.
 *
 * @see https://github.com/okta-awscli/okta-awscli#installation
 */

import { options, parseOptions } from "../aws_processes.ts";
import { type Found, nothingFound, type Source } from "../found.ts";
import { readAddress, readRole, readTtl } from "../old_values.ts";
import { readOldIni, valueOf } from "./old_ini.ts";

const TOOL = "okta-awscli";

export async function readOktaAwscli(source: Source): Promise<Found> {
  const found = nothingFound(TOOL);
  const path = `${source.environment.home}/.okta-aws`;
  const sections = await readOldIni(source, found, path) ?? [];
  const base = sections.find(({ name }) => name === "default")?.keys ?? new Map<string, string>();
  for (const { name: label, keys } of sections) {
    const leave = (what: string, why: string) =>
      void found.leftOut.push({ tool: TOOL, what: `[${label}]${what && ` ${what}`}`, why });
    const value = (key: string) => valueOf(keys, key) ?? valueOf(base, key);
    const app = readAddress(value("app-link"));
    const address = readAddress(value("base-url")) ?? app;
    if (valueOf(keys, "password") !== undefined) {
      leave("password", "in plain text there: it never goes into settings; delete it");
    }
    if (address === undefined) {
      leave("", value("base-url") === undefined ? "no base-url" : "base-url is no address");
      continue;
    }
    const roleArn = readRole(valueOf(keys, "role"));
    if (valueOf(keys, "role") !== undefined && !roleArn) leave("role", "not a role's ARN");
    const factor = value("factor")?.toUpperCase();
    if (factor !== undefined && !/^(?:GOOGLE|OKTA|YUBICO|DUO)$/.test(factor)) {
      leave(`factor = ${factor}`, "unknown factor");
    }
    const profile = valueOf(keys, "profile");
    found.entries.push({
      tool: TOOL,
      label,
      org: address.org,
      app: app?.org === address.org ? app.app : undefined,
      username: value("username"),
      mfaProvider: /^(?:GOOGLE|OKTA|YUBICO|DUO)$/.test(factor ?? "") ? factor : undefined,
      sessionTtl: readTtl(value("duration")),
      profiles: profile === undefined ? [] : [{ name: profile, roleArn }],
      password: value("password") === undefined ? undefined : {
        kind: "file",
        path,
        section: valueOf(keys, "password") === undefined ? "default" : label,
        key: "password",
      },
    });
  }
  addProcesses(source, found);
  return found;
}

function addProcesses({ processes }: Source, found: Found): void {
  for (const { program, args, profile } of processes) {
    if (program !== TOOL) continue;
    const { values } = parseOptions(
      args,
      options(["okta-profile", "profile", "username", "password", "token"], {
        o: "okta-profile",
        p: "profile",
        U: "username",
        P: "password",
        t: "token",
      }),
    );
    const label = values.get("okta-profile") ?? "default";
    const entry = found.entries.find((one) => one.label === label);
    if (entry === undefined) {
      const why = `okta-awscli has no usable profile [${label}]`;
      found.leftOut.push({ tool: TOOL, what: `profile ${profile}`, why });
    } else if (!entry.profiles.some(({ name }) => name === profile)) {
      entry.profiles.push({ name: profile, roleArn: entry.profiles[0]?.roleArn });
    }
  }
}
