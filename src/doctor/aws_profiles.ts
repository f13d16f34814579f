/** `doctor`: which credentials the profiles of the AWS files would really use. @module */

import { parseSharedConfig, propertyOf, type SharedConfig } from "../aws/files/shared_config.ts";
import { parseTimestamp } from "../aws/timestamp.ts";
import { resolveRoleTarget } from "../roles/role_target.ts";
import { OktaAwsError } from "../errors.ts";
import { splitShellWords } from "../ini/section_name.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { readAwsProfiles, readLossless } from "../aws/files/aws_files.ts";
import { naming, readRoleLists, rolesOf } from "../roles/known_roles.ts";
import { type Check, type DoctorContext, type Finding, findingFromError } from "./finding.ts";

interface Both {
  config: SharedConfig;
  credentials: SharedConfig;
}

async function readBoth({ context: { paths, ports: { files } } }: DoctorContext): Promise<Both> {
  const config = parseSharedConfig(await readLossless(files, paths.awsConfig), "config");
  const text = await readLossless(files, paths.awsCredentials);
  return { config, credentials: parseSharedConfig(text, "credentials") };
}

/** Static keys win over `credential_process`, even after they expire (saml2aws#895). */
function checkShadowed({ config, credentials }: Both): Finding[] {
  return [...config.profiles].filter(([name, section]) =>
    propertyOf(section, "credential_process") !== undefined &&
    propertyOf(credentials.profiles.get(name), "aws_access_key_id") !== undefined
  ).map(([name]) => ({
    level: "error",
    code: "shadowed_profile",
    message:
      `profile ${showUntrusted(name)} has a credential_process, but also static keys in the ` +
      "credentials file: AWS tools use the keys, even expired ones",
    fix: `delete [${
      showUntrusted(name)
    }] from the credentials file, or run: okta-aws setup-profiles`,
  }));
}

/** Only okta-aws; other programs are not checked. */
async function checkPrograms(doctor: DoctorContext, { config }: Both): Promise<Finding[]> {
  const { files } = doctor.context.ports;
  const found = await Promise.all([...config.profiles].map(async ([name, section]) => {
    const process = propertyOf(section, "credential_process") ?? "";
    const [program] = splitShellWords(process) ?? [];
    const isOurs = / cred(?:ential)?-process /.test(process) && program !== undefined;
    if (!isOurs || !/^(?:[\\/]|[A-Za-z]:)/.test(program)) return undefined;
    const facts = await files.facts(program).catch(() => undefined);
    return facts === undefined ? [name, program] as const : undefined;
  }));
  const missing = found.filter((one) => one !== undefined);
  if (missing.length === 0) return [];
  const programs = [...new Set(missing.map(([, program]) => doctor.show(program)))].join(", ");
  return [{
    level: "error",
    code: "stale_credential_process",
    message: `${missing.map(([name]) => showUntrusted(name)).slice(0, 3).join(", ")}` +
      `${
        missing.length > 3 ? ` and ${missing.length - 3} more` : ""
      }: the credential_process runs ` +
      `${programs}, which does not exist`,
    fix: "run: okta-aws setup-profiles",
  }];
}

function checkTokens({ credentials }: Both, now: number): Finding[] {
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
          `[${showUntrusted(name)}] has the aws_security_token of other credentials, and the ` +
          "AWS CLI reads it first",
        fix: `delete aws_security_token from [${showUntrusted(name)}]`,
      });
    }
    if (ends !== undefined && ends.getTime() <= now) {
      found.push({
        level: "warning",
        code: "expired_profile",
        message: `the credentials of [${showUntrusted(name)}] have expired`,
        fix: "run: okta-aws refresh (or setup-profiles, which renews them automatically)",
      });
    }
    return found;
  });
}

/** Profiles whose `source_profile` does not exist or leads back to them. */
async function checkChains(doctor: DoctorContext, { config }: Both): Promise<Finding[]> {
  const { context } = doctor;
  const { paths, ports: { files } } = context;
  const aws = await readAwsProfiles(files, paths.awsConfig, paths.awsCredentials);
  const roles = rolesOf(context, await readRoleLists(context));
  const { prefix } = naming(context);
  const exists = (source: string) =>
    aws.profile(source) !== undefined || aws.hasKeys?.(source) ||
    roles.some(({ profile }) => profile === source || profile === `${prefix}${source}`);
  const found = [...config.profiles].flatMap(([name, section]): Finding[] => {
    const source = propertyOf(section, "source_profile");
    if (source === undefined) return [];
    if (!exists(source)) return [missingSource(name, source)];
    try {
      resolveRoleTarget(name, aws);
      return [];
    } catch (error) {
      if (!(error instanceof OktaAwsError)) throw error;
      // Another program's profile is no problem.
      return error.code === "foreign_profile" ? [] : [findingFromError(error)];
    }
  });
  // Each profile of the loop finds it.
  const loop = found.find(({ code }) => code === "profile_loop");
  return found.filter((finding) => finding.code !== "profile_loop" || finding === loop);
}

function missingSource(name: string, source: string): Finding {
  return {
    level: "error",
    code: "lost_source_profile",
    message: `source_profile of ${showUntrusted(name)} is ${showUntrusted(source)}, ` +
      "which is not defined",
    fix: "correct source_profile, or create that profile: okta-aws refresh",
  };
}

/** The check. */
export const awsProfiles: Check = {
  name: "AWS profiles",
  async run(doctor) {
    const both = await readBoth(doctor);
    return [
      ...checkShadowed(both),
      ...await checkPrograms(doctor, both),
      ...checkTokens(both, doctor.context.ports.clock.now()),
      ...await checkChains(doctor, both),
    ];
  },
};
