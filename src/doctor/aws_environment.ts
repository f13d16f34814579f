/**
 * `doctor`: variables that AWS tools and okta-aws read before any file.
 *
 * @module
 */

import { stsEndpoint } from "../aws/endpoints.ts";
import { OktaAwsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { readAwsProfiles } from "../aws/files/aws_files.ts";
import { type Check, type DoctorContext, type Finding, findingOf } from "./finding.ts";

function keyFindings({ context: { ports: { environment: { get } } } }: DoctorContext): Finding[] {
  const hasKeys = get("AWS_ACCESS_KEY_ID") !== undefined;
  // `exec` sets them itself.
  if (!hasKeys || get("OKTA_AWS_PROFILE") !== undefined) return [];
  return [{
    level: "warning",
    code: "environment_keys",
    message: "AWS_ACCESS_KEY_ID is set: AWS tools use it in place of the default profile's",
    mend: "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN",
  }];
}

async function profileFindings({ context }: DoctorContext): Promise<Finding[]> {
  const { paths, ports: { files, environment: { get } } } = context;
  const name = get("AWS_PROFILE") ?? get("AWS_DEFAULT_PROFILE");
  if (name === undefined) return [];
  const aws = await readAwsProfiles(files, paths.awsConfig, paths.awsCredentials);
  if (aws.profile(name) !== undefined || aws.hasKeys?.(name)) return [];
  return [{
    level: "warning",
    code: "environment_profile",
    message: `AWS_PROFILE names ${showUntrusted(name)}, which stands in neither AWS file`,
    mend: "unset AWS_PROFILE, or run okta-aws refresh (or setup-profiles) to write the profile",
  }];
}

/** Credentials from elsewhere open nothing at AWS. */
function endpointFindings(
  { context: { ports: { environment: { get } } } }: DoctorContext,
): Finding[] {
  try {
    const { custom, url } = stsEndpoint({ partition: "aws", get });
    if (!custom) return [];
    const { host } = new URL(url);
    if (/\.(?:amazonaws|amazonwebservices)\.com(?:\.cn)?$|\.api\.aws$/.test(host)) return [];
    return [{
      level: "warning",
      code: "foreign_endpoint",
      message: `the environment leads to ${showUntrusted(host)} in place of AWS's STS`,
      mend: "unset AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_STS, unless you mean it",
    }];
  } catch (error) {
    if (error instanceof OktaAwsError) return [findingOf(error)];
    throw error;
  }
}

/** A secret in the environment is inherited by every program. */
function secretFindings({ context }: DoctorContext): Finding[] {
  const { flags, ports: { environment: { get } } } = context;
  const isMeant = flags.backend === "env" || get("OKTA_AWS_BACKEND") === "env";
  const set = ["OKTA_AWS_PASSWORD", "OKTA_AWS_TOTP"].filter((name) => get(name) !== undefined);
  if (set.length === 0 || isMeant) return [];
  return [{
    level: "warning",
    code: "environment_secrets",
    message: `${set.join(" and ")} ${set.length > 1 ? "are" : "is"} set: every program you start ` +
      "can read it, and okta-aws does only with --backend env",
    mend: `unset ${set.join(" ")}`,
  }];
}

/** The check. */
export const awsEnvironment: Check = {
  name: "environment",
  run: async (context) => [
    ...keyFindings(context),
    ...await profileFindings(context),
    ...endpointFindings(context),
    ...secretFindings(context),
  ],
};
