/**
 * `doctor`: what kind of org it is, and how the person signs in there.
 *
 * @module
 */

import type { AccountSettings } from "../settings/settings.ts";
import {
  isExternal,
  processOrgDescription,
  processWebFingerResponse,
  webFingerPath,
} from "../okta/client/org.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Check, DoctorContext, Finding } from "./finding.ts";

const ENGINES: Record<string, string> = { v1: "Classic Engine", idx: "Identity Engine" };

function engineFinding(host: string, pipeline: string, { auth }: AccountSettings): Finding {
  const engine = ENGINES[pipeline] ?? showUntrusted(pipeline);
  if (pipeline === "v1" && (auth === "idx" || auth === "device")) {
    return {
      level: "error",
      code: "wrong_engine",
      message: `auth = ${auth} needs Okta Identity Engine, and ${host} runs Classic Engine`,
      mend: "set auth = auto in the settings",
    };
  }
  const more = pipeline === "idx"
    ? ": its policies say what a terminal can answer; FastPass and device checks need a browser"
    : "";
  return { level: "ok", code: "okta_engine", message: `${host} runs Okta ${engine}${more}` };
}

function notOkta(host: string, status: number): Finding {
  return {
    level: "error",
    code: "not_okta",
    message: `${host} does not answer as an Okta org (HTTP ${status})`,
    mend:
      "mend org in the settings: it is the address of your Okta home page; or does a proxy answer?",
  };
}

async function findingsOf(context: DoctorContext, account: AccountSettings): Promise<Finding[]> {
  const { org, username } = account;
  if (org === undefined) return [];
  const { response } = await context.reach(`${org}/.well-known/okta-organization`);
  if (response === undefined) return [];
  const host = showUntrusted(new URL(org).host);
  const { pipeline } = processOrgDescription(response.body);
  if (pipeline === undefined) return [notOkta(host, response.status)];
  const engine = engineFinding(host, pipeline, account);
  if (username === undefined) return [engine];
  const finger = await context.reach(`${org}${webFingerPath(username)}`);
  const provider = finger.response && processWebFingerResponse(finger.response);
  if (provider === undefined || !isExternal(provider)) return [engine];
  return [engine, {
    level: "error",
    code: "external_idp",
    message: `your user signs in to ${host} through another provider, ` +
      `${showUntrusted(provider.title ?? provider.type)}: there is no password to send`,
    mend: "set auth = browser or auth = device in the settings",
  }];
}

/** The check. */
export const oktaOrg: Check = {
  name: "Okta org",
  run: async (context) =>
    (await Promise.all(
      [...context.context.settings.accounts.values()].map((one) => findingsOf(context, one)),
    )).flat(),
};
