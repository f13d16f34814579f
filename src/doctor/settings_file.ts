/**
 * `doctor`: the settings file, and what in the environment stands above it.
 *
 * @module
 */

import type { Paths } from "../settings/paths.ts";
import { expectedSetting, isSettingsSection } from "../settings/settings.ts";
import { OktaAwsError } from "../errors.ts";
import { parseIni } from "../ini/document.ts";
import type { Files } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { accountName, backendFor } from "../settings/account_settings.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import type { AppContext } from "../app/context.ts";
import { isIdentityCenter, ssoSessionOf } from "../identity_center/sso_account.ts";
import { duplicateFindings } from "./duplicates.ts";
import { type Check, type DoctorContext, type Finding, findingOf } from "./finding.ts";

/** Whoever may write the settings says where passwords go. */
const OTHERS_WRITE = 0o022;

async function fileFindings({ context, settingsError, show }: DoctorContext): Promise<Finding[]> {
  const { paths, ports: { files } } = context;
  const path = show(paths.settings);
  if (settingsError !== undefined) return await brokenFindings(files, paths, path, settingsError);
  const facts = await files.facts(paths.settings);
  if (facts === undefined || context.settings.accounts.size === 0) {
    const message = facts === undefined
      ? `there is no settings file (${path})`
      : `${path} names no Okta account`;
    return [{ level: "error", code: "not_set_up", message, mend: "run: okta-aws init" }];
  }
  const open: Finding = {
    level: "error",
    code: "settings_mode",
    message: `others may write the settings (${path}), and so say where your password goes`,
    mend: `chmod 600 ${path}`,
  };
  const isOpen = ((facts.mode ?? 0) & OTHERS_WRITE) !== 0;
  const text = await readLossless(files, paths.settings);
  const doubles = duplicateFindings(text, path, "warning", "the last one counts");
  return [...doubles, isOpen ? open : { level: "ok", code: "settings", message: path }];
}

/** All that is wrong, where other commands stop at the first line. */
async function brokenFindings(
  files: Files,
  { settings }: Paths,
  path: string,
  error: OktaAwsError,
): Promise<Finding[]> {
  const { sections } = parseIni(await readLossless(files, settings).catch(() => ""));
  const found = sections.flatMap(({ name: header, line, properties }): Finding[] => {
    const [, kind = "", name = ""] = /^(\S+)\s*(.*)$/.exec(header) ?? [];
    if (kind === "plugin") return [];
    const shown = `[${showUntrusted(header)}]`;
    if (!isSettingsSection(kind, name)) return [badLine(path, line, `unknown section ${shown}`)];
    return properties.flatMap(({ key, value, line }) => {
      const expected = expectedSetting(kind, key, value);
      const what = `${showUntrusted(key)} in ${shown} is not ${expected}`;
      return expected === undefined ? [] : [badLine(path, line, what)];
    });
  });
  return found.length > 0 ? found : [findingOf(error)];
}

function badLine(path: string, line: number, what: string): Finding {
  return {
    level: "error",
    code: "bad_settings",
    message: `${path}, line ${line}: ${what}`,
    mend: "mend or delete that line",
  };
}

/** What a portal's account lacks may stand in the AWS config file. */
async function lacksPortal(context: AppContext, name: string): Promise<string[]> {
  try {
    await ssoSessionOf(context, name);
    return [];
  } catch (error) {
    if (error instanceof OktaAwsError && error.code === "not_set_up") {
      return ["sso_start_url", "sso_region"];
    }
    throw error;
  }
}

async function accountFindings({ context }: DoctorContext): Promise<Finding[]> {
  const found = [...context.settings.accounts].map(async ([name, account]): Promise<Finding[]> => {
    const { org, username, app = [] } = account;
    const lacks = isIdentityCenter(context, name) ? await lacksPortal(context, name) : [
      ...(org === undefined ? ["org"] : []),
      ...(username === undefined ? ["username"] : []),
      ...(app.length === 0 ? ["app"] : []),
    ];
    const option = name === "default" ? "" : ` --account ${name}`;
    return lacks.length === 0 ? [] : [{
      level: "error",
      code: "account_incomplete",
      message: `[account ${name}] lacks ${lacks.join(", ")}`,
      mend: `run: okta-aws init${option}`,
    }];
  });
  return (await Promise.all(found)).flat();
}

/** The account and the backend that flags, environment and settings choose. */
function choiceFindings({ context }: DoctorContext): Finding[] {
  const { settings, ports: { environment }, flags } = context;
  if (settings.accounts.size === 0) return [];
  const name = accountName(context);
  const found: Finding[] = [];
  if (!settings.accounts.has(name)) {
    const source = flags.account !== undefined
      ? "--account"
      : environment.get("OKTA_AWS_ACCOUNT") !== undefined
      ? "OKTA_AWS_ACCOUNT"
      : "default_account in [okta-aws]";
    found.push({
      level: "error",
      code: "unknown_account",
      message: `${source} chooses the Okta account ${showUntrusted(name)}, which is not set up`,
      mend: `set it to one of ${[...settings.accounts.keys()].join(", ")}, ` +
        `or run: okta-aws init --account ${showUntrusted(name)}`,
    });
  }
  try {
    backendFor(context, settings.accounts.get(name) ?? {});
  } catch (error) {
    if (!(error instanceof OktaAwsError)) throw error;
    found.push(findingOf(error));
  }
  return found;
}

/** The check. */
export const settingsFile: Check = {
  name: "settings",
  run: async (context) => [
    ...await fileFindings(context),
    ...await accountFindings(context),
    ...choiceFindings(context),
  ],
};
