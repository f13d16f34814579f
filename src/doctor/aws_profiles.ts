/**
 * `doctor`: the profiles of the AWS files: which credentials would really be used.
 *
 * @module
 */

import { parseSharedConfig, propertyOf, type SharedConfig } from "../aws/files/shared_config.ts";
import { parseTimestamp } from "../aws/sts/timestamp.ts";
import { resolveRoleTarget } from "../roles/role_target.ts";
import { OktaAwsError } from "../errors.ts";
import { splitShellWords } from "../ini/section_name.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { readAwsProfiles, readLossless } from "../aws/files/aws_files.ts";
import { naming, readRoleLists, rolesOf } from "../roles/known_roles.ts";
import { type Check, type DoctorContext, type Finding, findingOf } from "./finding.ts";

interface Both {
  config: SharedConfig;
  credentials: SharedConfig;
}

async function readBoth({ context: { paths, ports: { files } } }: DoctorContext): Promise<Both> {
  const config = parseSharedConfig(await readLossless(files, paths.awsConfig), "config");
  const text = await readLossless(files, paths.awsCredentials);
  return { config, credentials: parseSharedConfig(text, "credentials") };
}

/** Static keys win over `credential_process`, and nobody asks anew when they end (saml2aws#895). */
function shadowFindings({ config, credentials }: Both): Finding[] {
  return [...config.profiles].filter(([name, section]) =>
    propertyOf(section, "credential_process") !== undefined &&
    propertyOf(credentials.profiles.get(name), "aws_access_key_id") !== undefined
  ).map(([name]) => ({
    level: "error",
    code: "shadowed_profile",
    message:
      `the profile ${showUntrusted(name)} has a credential_process, and static keys in the ` +
      "credentials file: AWS tools use those, even expired ones",
    mend: `delete [${
      showUntrusted(name)
    }] from the credentials file, or run: okta-aws setup-profiles`,
  }));
}

/** Ours alone: what other people's programs do is theirs. */
async function programFindings(doctor: DoctorContext, { config }: Both): Promise<Finding[]> {
  const { files } = doctor.context.ports;
  const found = await Promise.all([...config.profiles].map(async ([name, section]) => {
    const process = propertyOf(section, "credential_process") ?? "";
    const [program] = splitShellWords(process) ?? [];
    const isOurs = / cred(?:ential)?-process /.test(process) && program !== undefined;
    if (!isOurs || !/^(?:[\\/]|[A-Za-z]:)/.test(program)) return undefined;
    const facts = await files.facts(program).catch(() => undefined);
    return facts === undefined ? [name, program] as const : undefined;
  }));
  const lost = found.filter((one) => one !== undefined);
  if (lost.length === 0) return [];
  const programs = [...new Set(lost.map(([, program]) => doctor.show(program)))].join(", ");
  return [{
    level: "error",
    code: "stale_credential_process",
    message: `${lost.map(([name]) => showUntrusted(name)).slice(0, 3).join(", ")}` +
      `${lost.length > 3 ? ` and ${lost.length - 3} more` : ""}: the credential_process runs ` +
      `${programs}, which is not there`,
    mend: "run: okta-aws setup-profiles",
  }];
}

function tokenFindings({ credentials }: Both, now: number): Finding[] {
  return [...credentials.profiles].flatMap(([name, section]): Finding[] => {
    const token = propertyOf(section, "aws_session_token");
    const legacy = propertyOf(section, "aws_security_token");
    const ends = parseTimestamp(propertyOf(section, "x_security_token_expires") ?? "");
    const found: Finding[] = [];
    if (legacy !== undefined && token !== undefined && legacy !== token) {
      found.push({
        level: "error",
        code: "old_security_token",
        message:
          `[${showUntrusted(name)}] has an aws_security_token of other credentials, and the ` +
          "AWS CLI reads that one first",
        mend: `delete aws_security_token from [${showUntrusted(name)}]`,
      });
    }
    if (ends !== undefined && ends.getTime() <= now) {
      found.push({
        level: "warning",
        code: "expired_profile",
        message: `the credentials of [${showUntrusted(name)}] have expired`,
        mend: "run: okta-aws refresh (or setup-profiles, and they renew themselves)",
      });
    }
    return found;
  });
}

/** A profile that its source leads nowhere, or in a circle. */
async function chainFindings(doctor: DoctorContext, { config }: Both): Promise<Finding[]> {
  const { context } = doctor;
  const { paths, ports: { files } } = context;
  const aws = await readAwsProfiles(files, paths.awsConfig, paths.awsCredentials);
  const roles = rolesOf(context, await readRoleLists(context));
  const { prefix } = naming(context);
  const isThere = (source: string) =>
    aws.profile(source) !== undefined || aws.hasKeys?.(source) ||
    roles.some(({ profile }) => profile === source || profile === `${prefix}${source}`);
  const found = [...config.profiles].flatMap(([name, section]): Finding[] => {
    const source = propertyOf(section, "source_profile");
    if (source === undefined) return [];
    if (!isThere(source)) return [lostSource(name, source)];
    try {
      resolveRoleTarget(name, aws);
      return [];
    } catch (error) {
      if (!(error instanceof OktaAwsError)) throw error;
      // A profile that is not for us is nothing wrong.
      return error.code === "foreign_profile" ? [] : [findingOf(error)];
    }
  });
  // Every profile of a circle finds it.
  const loop = found.find(({ code }) => code === "profile_loop");
  return found.filter((finding) => finding.code !== "profile_loop" || finding === loop);
}

function lostSource(name: string, source: string): Finding {
  return {
    level: "error",
    code: "lost_source_profile",
    message: `source_profile of ${showUntrusted(name)} names ${showUntrusted(source)}, ` +
      "which stands in neither AWS file",
    mend: "mend source_profile, or write that profile: okta-aws refresh",
  };
}

/** The check. */
export const awsProfiles: Check = {
  name: "AWS profiles",
  async run(context) {
    const both = await readBoth(context);
    return [
      ...shadowFindings(both),
      ...await programFindings(context, both),
      ...tokenFindings(both, context.context.ports.clock.now()),
      ...await chainFindings(context, both),
    ];
  },
};
