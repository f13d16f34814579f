/**
 * Runs the checks of `doctor`, all at once, none of them for long.
 *
 * @module
 */

import { asOwnError } from "./context.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { type Check, type DoctorContext, type Finding, findingOf } from "./finding.ts";

/** How long one check may take; requests give up before. */
const LIMIT_MILLISECONDS = 12_000;

/** A finding, and whose it is. */
export type CheckFinding = Finding & {
  /** The check's name. */
  check: string;
};

async function limited(check: Check, context: DoctorContext): Promise<Finding[]> {
  const { clock } = context.context.ports;
  const end = new AbortController();
  const late = clock.sleep(LIMIT_MILLISECONDS, end.signal).then((): Finding[] => [{
    level: "warning",
    code: "check_timeout",
    message: `this could not be found out in ${LIMIT_MILLISECONDS / 1000} s`,
    mend: "run it again; if it stays so, look at the network and the secret store",
  }], () => []);
  try {
    return await Promise.race([check.run(context), late]);
  } catch (error) {
    return [findingOf(asOwnError(error))];
  } finally {
    end.abort();
  }
}

/** Messages of errors may name files and the person: what is pasted into an issue must not. */
function masker({ context: { settings, ports: { environment: { home } } } }: DoctorContext) {
  const names = [...settings.accounts.values()].map(({ username }) => username)
    .filter((name) => name !== undefined && name.length > 2).map((name) => showUntrusted(name!));
  return (text: string) =>
    names.reduce((masked, name) => masked.replaceAll(name, "(user)"), text)
      .replaceAll(`${showUntrusted(home)}/`, "~/");
}

/**
 * Runs checks.
 *
 * @param checks The checks.
 * @param context What they work with.
 * @returns What they found, in the order of the checks. A check that fails is a finding itself.
 */
export async function runChecks(
  checks: readonly Check[],
  context: DoctorContext,
): Promise<CheckFinding[]> {
  const found = await Promise.all(checks.map((check) => limited(check, context)));
  const mask = masker(context);
  const all = checks.flatMap(({ name }, index) =>
    found[index]!.map(({ mend, ...finding }) => ({
      check: name,
      ...finding,
      message: mask(finding.message),
      ...(mend !== undefined && { mend: mask(mend) }),
    }))
  );
  // What several checks stumble over is said once.
  const seen = new Set<string>();
  return all.filter(({ code, message }) => {
    const isNew = !seen.has(`${code} ${message}`);
    seen.add(`${code} ${message}`);
    return isNew;
  });
}
