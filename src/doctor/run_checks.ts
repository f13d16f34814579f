/** The checks of `doctor`, and running them. @module */

import { showUntrusted } from "../untrusted_text.ts";
import { awsEnvironment } from "./aws_environment.ts";
import { awsProfiles } from "./aws_profiles.ts";
import { browser } from "./browser.ts";
import { toOwnError } from "./context.ts";
import { awsFiles, privateFiles } from "./files.ts";
import { type Check, type DoctorContext, type Finding, findingFromError } from "./finding.ts";
import { certificates, clock, network } from "./network.ts";
import { oktaOrg, sessions } from "./okta.ts";
import { plugins } from "./plugins.ts";
import { roles } from "./roles.ts";
import { secretStore, secretStores } from "./secret_stores.ts";
import { settingsFile, teamSettings } from "./settings.ts";

/** All checks, in the order of the output. */
export const CHECKS: readonly Check[] = [
  settingsFile,
  teamSettings,
  awsFiles,
  awsProfiles,
  awsEnvironment,
  secretStore,
  secretStores,
  privateFiles,
  network,
  certificates,
  clock,
  oktaOrg,
  sessions,
  browser,
  roles,
  plugins,
];

/** For one check; its requests time out before. */
const LIMIT_MILLISECONDS = 12_000;

/** A finding and the name of its check. */
export type CheckFinding = Finding & { check: string };

async function runWithLimit(check: Check, doctor: DoctorContext): Promise<Finding[]> {
  const { clock } = doctor.context.ports;
  const end = new AbortController();
  const late = clock.sleep(LIMIT_MILLISECONDS, end.signal).then((): Finding[] => [{
    level: "warning",
    code: "check_timeout",
    message: `check timed out after ${LIMIT_MILLISECONDS / 1000} s`,
    fix: "run it again; if that does not help, check the network and the secret store",
  }], () => []);
  try {
    return await Promise.race([check.run(doctor), late]);
  } catch (error) {
    return [findingFromError(toOwnError(error))];
  } finally {
    end.abort();
  }
}

/** Removes user names and the home folder, which messages of errors may hold. */
function redactor({ context: { settings, ports: { environment: { home } } } }: DoctorContext) {
  const names = [...settings.accounts.values()].map(({ username }) => username)
    .filter((name) => name !== undefined && name.length > 2).map((name) => showUntrusted(name!));
  return (text: string) =>
    names.reduce((redacted, name) => redacted.replaceAll(name, "(user)"), text)
      .replaceAll(`${showUntrusted(home)}/`, "~/");
}

/**
 * Runs all checks at once.
 *
 * @returns The findings in the order of the checks, each once; a check that throws is a finding.
 */
export async function runChecks(
  checks: readonly Check[],
  doctor: DoctorContext,
): Promise<CheckFinding[]> {
  const found = await Promise.all(checks.map((check) => runWithLimit(check, doctor)));
  const redact = redactor(doctor);
  const all = checks.flatMap(({ name }, index) =>
    found[index]!.map(({ fix, ...finding }) => ({
      check: name,
      ...finding,
      message: redact(finding.message),
      ...(fix !== undefined && { fix: redact(fix) }),
    }))
  );
  // Several checks may meet the same problem.
  const seen = new Set<string>();
  return all.filter(({ code, message }) => {
    const isNew = !seen.has(`${code} ${message}`);
    seen.add(`${code} ${message}`);
    return isNew;
  });
}
