/**
 * aws-vault: `aws-vault exec --json PROFILE` and `aws-vault export --format=json PROFILE` in the AWS
 * files, for profiles of IAM Identity Center.
 *
 * @see https://github.com/99designs/aws-vault/blob/master/USAGE.md
 */

import { sessionOfProfile } from "../../aws/files/sso_sections.ts";
import { options, parseOptions } from "../aws_processes.ts";
import { type Found, nothingFound, type Source } from "../found.ts";
import { addPortalProfile } from "./portals.ts";

const EXEC_OPTIONS = options(
  ["duration", "region", "mfa-token", "format", "backend", "prompt", "keychain"],
  { d: "duration", t: "mfa-token" },
);

export function readAwsVault({ aws, processes, paths }: Source): Promise<Found> {
  const found = nothingFound("aws-vault");
  for (const { program, args, profile, keys } of processes) {
    if (program !== "aws-vault") continue;
    const { words: [action, target] } = parseOptions(args, EXEC_OPTIONS);
    const leave = (why: string) =>
      void found.leftOut.push({ tool: "aws-vault", what: `profile ${profile}`, why });
    const isPrinted = action === "export" ||
      (action === "exec" && /\s--json(?:\s|$)/.test(` ${args.join(" ")}`));
    if (!isPrinted || target === undefined) {
      leave("its aws-vault command prints no credentials");
      continue;
    }
    const named = aws.profile(target);
    const session = named && sessionOfProfile(named, aws.ssoSections);
    if (session === undefined) {
      leave(`${target} gets its credentials from aws-vault's own keys`);
      continue;
    }
    found.files = [paths.awsConfig];
    addPortalProfile(found, session.name ?? "aws-vault", {
      name: profile,
      startUrl: session.startUrl,
      ssoRegion: session.region,
      accountId: named!.get("sso_account_id"),
      roleName: named!.get("sso_role_name"),
      region: keys.get("region") ?? named!.get("region"),
    });
  }
  return Promise.resolve(found);
}
