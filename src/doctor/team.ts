/**
 * `doctor`: the settings that come from a team.
 *
 * @module
 */

import { openTeamRecords } from "../settings/team/team_records.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Check, Finding } from "./finding.ts";

/** The check. */
export const team: Check = {
  name: "team settings",
  async run({ context: { ports: { files }, paths } }) {
    const records = Object.entries(await openTeamRecords(files, paths.settingsDirectory).read());
    return records.map(([source, { checked, waiting }]): Finding => {
      const from = showUntrusted(source);
      if (waiting === undefined) {
        const day = new Date(checked).toISOString().slice(0, 10);
        return { level: "ok", code: "team_settings", message: `${from}, looked at on ${day}` };
      }
      return {
        level: "warning",
        code: "team_settings_waiting",
        message: `${from} changes where you sign in, and waits for your yes`,
        mend: "run at a terminal: okta-aws refresh",
      };
    });
  },
};
