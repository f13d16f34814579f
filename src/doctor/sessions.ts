/**
 * `doctor`: what earlier runs left: Okta sessions, prompts that nobody answered, sign-ins that failed.
 *
 * @module
 */

import { openAccountState } from "../okta/sign_in/account_state.ts";
import { openSessionStore } from "../okta/sign_in/session_store.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Check, DoctorContext, Finding } from "./finding.ts";

/** So many in a row, and background callers are turned away for a while. */
const MOST_UNANSWERED = 3;

function iso(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

async function findingsOf(
  { context: { ports: { files }, paths } }: DoctorContext,
  name: string,
  org: string,
): Promise<Finding[]> {
  const { failed, unanswered } = await (await openAccountState(files, paths.cache, name)).read();
  const signedInAt = await (await openSessionStore(files, paths.cache, name, org)).signedInAt();
  const found: Finding[] = [{
    level: "ok",
    code: "session",
    message: signedInAt === undefined
      ? `${name}: no Okta session is kept`
      : `${name}: an Okta session is kept, of ${iso(signedInAt)}`,
  }];
  if (unanswered !== undefined && unanswered.count >= MOST_UNANSWERED) {
    found.push({
      level: "warning",
      code: "unanswered",
      message: `${name}: nobody answered ${unanswered.count} prompts in a row, the last at ` +
        `${iso(unanswered.at)}: background callers are turned away for a while`,
      mend: "run: okta-aws signin",
    });
  }
  if (failed !== undefined && !failed.unanswered) {
    found.push({
      level: "warning",
      code: "sign_in_failed",
      message: `${name}: the last sign-in failed at ${iso(failed.at)}: ${
        showUntrusted(failed.code)
      }`,
      mend: failed.hint ?? "run: okta-aws signin",
    });
  }
  return found;
}

/** The check. */
export const sessions: Check = {
  name: "sessions",
  async run(context) {
    const accounts = [...context.context.settings.accounts];
    const found = await Promise.all(
      accounts.map(([name, { org }]) => org === undefined ? [] : findingsOf(context, name, org)),
    );
    return found.flat();
  },
};
