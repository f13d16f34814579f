/** `doctor`: the Okta org, how the user signs in there, and what earlier sign-ins left. @module */

import type { AccountSettings } from "../settings/settings.ts";
import { openAccountState } from "../store/account_state.ts";
import { openSessionStore } from "../okta/sign_in/kept_session.ts";
import {
  isExternal,
  processOrgDescription,
  processWebFingerResponse,
  webFingerPath,
} from "../okta/client/org.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Check, DoctorContext, Finding } from "./finding.ts";

const ENGINES: Record<string, string> = { v1: "Classic Engine", idx: "Identity Engine" };

/** After so many in a row, programs in the background are refused for a while. */
const MOST_UNANSWERED = 3;

function checkEngine(host: string, pipeline: string, { auth }: AccountSettings): Finding {
  const engine = ENGINES[pipeline] ?? showUntrusted(pipeline);
  if (pipeline === "v1" && (auth === "idx" || auth === "device")) {
    return {
      level: "error",
      code: "wrong_engine",
      message: `auth = ${auth} needs Okta Identity Engine, but ${host} runs Classic Engine`,
      fix: "set auth = auto in the settings",
    };
  }
  const more = pipeline === "idx"
    ? "; its policies decide which factors work in a terminal; for FastPass and device checks, " +
      "auth = browser"
    : "";
  return { level: "ok", code: "okta_engine", message: `${host} runs Okta ${engine}${more}` };
}

async function checkOrg(doctor: DoctorContext, account: AccountSettings): Promise<Finding[]> {
  const { org, username, auth } = account;
  if (org === undefined) return [];
  const { response } = await doctor.reach(`${org}/.well-known/okta-organization`);
  if (response === undefined) return [];
  const host = showUntrusted(new URL(org).host);
  const { pipeline } = processOrgDescription(response.body);
  if (pipeline === undefined) {
    return [{
      level: "error",
      code: "not_okta",
      message: `${host} does not answer like an Okta org (HTTP ${response.status})`,
      fix: "set org in the settings to the address of your Okta home page; if it is right, check " +
        "whether a proxy answers",
    }];
  }
  const engine = checkEngine(host, pipeline, account);
  if (username === undefined || auth === "browser" || auth === "device") return [engine];
  const finger = await doctor.reach(`${org}${webFingerPath(username)}`);
  const provider = finger.response && processWebFingerResponse(finger.response);
  if (provider === undefined || !isExternal(provider)) return [engine];
  return [engine, {
    level: "error",
    code: "external_idp",
    message: `your user signs in to ${host} through another provider ` +
      `(${showUntrusted(provider.title ?? provider.type)}), which takes no password from okta-aws`,
    fix: "set auth = browser or auth = device in the settings",
  }];
}

/** What kind of org each account has, and whether it uses another identity provider. */
export const oktaOrg: Check = {
  name: "Okta org",
  async run(doctor) {
    const accounts = [...doctor.context.settings.accounts.values()];
    return (await Promise.all(accounts.map((one) => checkOrg(doctor, one)))).flat();
  },
};

function formatUtc(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

async function checkSession(
  { context: { ports: { files }, paths, settings } }: DoctorContext,
  name: string,
  org: string,
): Promise<Finding[]> {
  const { failed, unanswered } = await (await openAccountState(files, paths.cache, name)).read();
  const { username } = settings.accounts.get(name) ?? {};
  const owner = { cacheDirectory: paths.cache, account: name, org, username };
  const signedInAt = await (await openSessionStore(files, owner)).signedInAt();
  const found: Finding[] = [{
    level: "ok",
    code: "session",
    message: signedInAt === undefined
      ? `${name}: not signed in`
      : `${name}: signed in since ${formatUtc(signedInAt)}`,
  }];
  if (unanswered !== undefined && unanswered.count >= MOST_UNANSWERED) {
    found.push({
      level: "warning",
      code: "unanswered",
      message: `${name}: ${unanswered.count} prompts in a row timed out, the last at ` +
        `${formatUtc(unanswered.at)}: programs in the background get no prompt for a while`,
      fix: "run: okta-aws signin",
    });
  }
  if (failed !== undefined && failed.kind === "SignInError") {
    found.push({
      level: "warning",
      code: "sign_in_failed",
      message: `${name}: the last sign-in failed at ${formatUtc(failed.at)}: ${
        showUntrusted(failed.code)
      }`,
      fix: failed.hint ?? "run: okta-aws signin",
    });
  }
  return found;
}

/** Okta sessions, prompts that timed out and sign-ins that failed. */
export const sessions: Check = {
  name: "sessions",
  async run(doctor) {
    const accounts = [...doctor.context.settings.accounts];
    const found = await Promise.all(
      accounts.map(([name, { org }]) => org === undefined ? [] : checkSession(doctor, name, org)),
    );
    return found.flat();
  },
};
