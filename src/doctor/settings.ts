/** `doctor`: the settings file, what overrides it, and the settings of a team. @module */

import { openTeamRecords } from "../settings/team/team_records.ts";
import { expectedSetting, isSettingsSection } from "../settings/settings.ts";
import { OktaAwsError } from "../errors.ts";
import { parseIni } from "../ini/document.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { accountName, backendFor } from "../settings/account_settings.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import type { AppContext } from "../app/context.ts";
import { isIdentityCenter, ssoSessionOf } from "../identity_center/sso_account.ts";
import { duplicateFindings } from "./files.ts";
import { type Check, type DoctorContext, type Finding, findingFromError } from "./finding.ts";

/** Anyone who can change the settings decides where passwords are sent. */
const OTHERS_WRITE = 0o022;

async function checkFile(doctor: DoctorContext): Promise<Finding[]> {
  const { context, settingsError, show } = doctor;
  const { paths, ports: { files } } = context;
  const path = show(paths.settings);
  if (settingsError !== undefined) return await checkLines(doctor, settingsError);
  const facts = await files.facts(paths.settings);
  if (facts === undefined || context.settings.accounts.size === 0) {
    const message = facts === undefined ? `no settings file (${path})` : `${path} has no account`;
    return [{ level: "error", code: "not_set_up", message, fix: "run: okta-aws init" }];
  }
  const open: Finding = {
    level: "error",
    code: "settings_mode",
    message: `${path} is writable by other users, who could redirect your password`,
    fix: `chmod 600 ${path}`,
  };
  const isOpen = ((facts.mode ?? 0) & OTHERS_WRITE) !== 0;
  const text = await readLossless(files, paths.settings);
  const consequence = "the last one counts";
  const duplicates = duplicateFindings({ text, path, level: "warning", consequence });
  return [...duplicates, isOpen ? open : { level: "ok", code: "settings", message: path }];
}

/** All wrong lines; other commands stop at the first one. */
async function checkLines(
  { context: { paths: { settings }, ports: { files } }, show }: DoctorContext,
  error: OktaAwsError,
): Promise<Finding[]> {
  const path = show(settings);
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
  return found.length > 0 ? found : [findingFromError(error)];
}

function badLine(path: string, line: number, what: string): Finding {
  return {
    level: "error",
    code: "bad_settings",
    message: `${path}, line ${line}: ${what}`,
    fix: "correct or delete that line",
  };
}

/** An Identity Center account may have its settings in the AWS config file. */
async function missingPortalSettings(context: AppContext, name: string): Promise<string[]> {
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

async function checkAccounts({ context }: DoctorContext): Promise<Finding[]> {
  const found = [...context.settings.accounts].map(async ([name, account]): Promise<Finding[]> => {
    const { org, username, app = [] } = account;
    const missing = isIdentityCenter(context, name) ? await missingPortalSettings(context, name) : [
      ...(org === undefined ? ["org"] : []),
      ...(username === undefined ? ["username"] : []),
      ...(app.length === 0 ? ["app"] : []),
    ];
    const option = name === "default" ? "" : ` --account ${name}`;
    return missing.length === 0 ? [] : [{
      level: "error",
      code: "account_incomplete",
      message: `[account ${name}] has no ${missing.join(", ")}`,
      fix: `run: okta-aws init${option}`,
    }];
  });
  return (await Promise.all(found)).flat();
}

/** The account and secret store that flags, environment and settings select. */
function checkSelection({ context }: DoctorContext): Finding[] {
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
      message: `${source} selects the account ${showUntrusted(name)}, which is not set up`,
      fix: `set it to one of ${[...settings.accounts.keys()].join(", ")}, ` +
        `or run: okta-aws init --account ${showUntrusted(name)}`,
    });
  }
  try {
    backendFor(context, settings.accounts.get(name) ?? {});
  } catch (error) {
    if (!(error instanceof OktaAwsError)) throw error;
    found.push(findingFromError(error));
  }
  return found;
}

/** The settings file, and what overrides it. */
export const settingsFile: Check = {
  name: "settings",
  run: async (doctor) => [
    ...await checkFile(doctor),
    ...await checkAccounts(doctor),
    ...checkSelection(doctor),
  ],
};

/** Settings that a team publishes. */
export const teamSettings: Check = {
  name: "team settings",
  async run({ context: { ports: { files }, paths } }) {
    const records = Object.entries(await openTeamRecords(files, paths.settingsDirectory).read());
    return records.map(([source, { checked, waiting }]): Finding => {
      const from = showUntrusted(source);
      if (waiting === undefined) {
        const day = new Date(checked).toISOString().slice(0, 10);
        return { level: "ok", code: "team_settings", message: `${from}, checked on ${day}` };
      }
      return {
        level: "warning",
        code: "team_settings_waiting",
        message: `${from} changes where you sign in and needs your approval`,
        fix: "run in a terminal: okta-aws refresh",
      };
    });
  },
};
