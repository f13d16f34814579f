/**
 * What the AWS config file says of a profile that `refresh` or `setup-profiles` writes: its section
 * has no role, so that it is no target of its own.
 *
 * @module
 */

import type { LocalContext } from "../app/context.ts";
import { type EndpointKeys, endpointKeys } from "../aws/endpoint_variables.ts";
import { type AwsProfiles, readAwsProfiles } from "../aws/files/aws_files.ts";
import { type PolicyKeys, policyKeys } from "../roles/profile_policy.ts";

/** What a profile says of its session and of endpoints. */
export interface SectionKeys {
  policyKeys?: PolicyKeys;
  endpointKeys?: EndpointKeys;
}

/** The AWS config file is read once for all roles of a command. */
const AWS_PROFILES = new WeakMap<LocalContext, Promise<AwsProfiles>>();

/**
 * Reads the keys of a profile.
 *
 * @param names The first that has a section counts.
 */
export async function sectionKeysOf(
  context: LocalContext,
  ...names: (string | undefined)[]
): Promise<SectionKeys> {
  const { ports: { files }, paths } = context;
  const reading = AWS_PROFILES.get(context) ?? readAwsProfiles(files, paths.awsConfig);
  AWS_PROFILES.set(context, reading);
  const aws = await reading;
  const section = names.map((name) => name && aws.profile(name)).find((one) => one);
  if (!section) return {};
  const [policies, endpoints] = [
    policyKeys([section, aws.okta]),
    endpointKeys((key) => section.get(key) ?? aws.okta.get(key)),
  ];
  return {
    ...(policies && { policyKeys: policies }),
    ...(endpoints && { endpointKeys: endpoints }),
  };
}
