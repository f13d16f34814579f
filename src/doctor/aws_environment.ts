/** `doctor`: variables that AWS tools and okta-aws read before any file. @module */

import { stsEndpoint } from "../aws/endpoints.ts";
import { OktaAwsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { readAwsProfiles } from "../aws/files/aws_files.ts";
import { type Check, type DoctorContext, type Finding, findingFromError } from "./finding.ts";

function checkKeys({ context: { ports: { environment: { get } } } }: DoctorContext): Finding[] {
  const hasKeys = get("AWS_ACCESS_KEY_ID") !== undefined;
  // `exec` sets them itself.
  if (!hasKeys || get("OKTA_AWS_PROFILE") !== undefined) return [];
  return [{
    level: "warning",
    code: "environment_keys",
    message: "AWS_ACCESS_KEY_ID is set: AWS tools use it instead of your profiles",
    fix: "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN",
  }];
}

async function checkProfile({ context }: DoctorContext): Promise<Finding[]> {
  const { paths, ports: { files, environment: { get } } } = context;
  const variable = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].find((one) => get(one) !== undefined);
  if (variable === undefined) return [];
  const name = get(variable)!;
  const aws = await readAwsProfiles(files, paths.awsConfig, paths.awsCredentials);
  if (aws.profile(name) !== undefined || aws.hasKeys?.(name)) return [];
  return [{
    level: "warning",
    code: "environment_profile",
    message: `${variable}=${showUntrusted(name)} is not defined`,
    fix: `unset ${variable}, or create the profile: okta-aws refresh (or setup-profiles)`,
  }];
}

/** AWS rejects credentials that another STS made. */
function checkEndpoint(
  { context: { ports: { environment: { get } } } }: DoctorContext,
): Finding[] {
  try {
    const { custom, url } = stsEndpoint({ partition: "aws", get });
    if (!custom) return [];
    const { host } = new URL(url);
    const variable = ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"]
      .find((one) => get(one) !== undefined);
    if (/\.(?:amazonaws|amazonwebservices)\.com(?:\.cn)?$|\.api\.aws$/.test(host)) return [];
    return [{
      level: "warning",
      code: "foreign_endpoint",
      message: `${variable} sends STS calls to ${showUntrusted(host)}`,
      fix: `unset ${variable}, unless you want this`,
    }];
  } catch (error) {
    if (error instanceof OktaAwsError) return [findingFromError(error)];
    throw error;
  }
}

/** Every child process inherits a secret in the environment. */
function checkSecrets({ context }: DoctorContext): Finding[] {
  const { flags, ports: { environment: { get } } } = context;
  const isIntended = flags.backend === "env" || get("OKTA_AWS_BACKEND") === "env";
  const set = ["OKTA_AWS_PASSWORD", "OKTA_AWS_TOTP"].filter((name) => get(name) !== undefined);
  if (set.length === 0 || isIntended) return [];
  return [{
    level: "warning",
    code: "environment_secrets",
    message: `${set.join(" and ")} ${set.length > 1 ? "are" : "is"} set: every program you start ` +
      "can read it; okta-aws itself reads it only with --backend env",
    fix: `unset ${set.join(" ")}`,
  }];
}

/** The check. */
export const awsEnvironment: Check = {
  name: "environment",
  run: async (doctor) => [
    ...checkKeys(doctor),
    ...await checkProfile(doctor),
    ...checkEndpoint(doctor),
    ...checkSecrets(doctor),
  ],
};
