/**
 * `doctor`: which secret backends this machine has, and which of them work.
 *
 * @module
 */

import type { StoreFinding } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { accountName } from "../settings/account_settings.ts";
import type { Check } from "./finding.ts";

/** Why one does not work, or what is to be known of one that does. */
function withReason({ name, why }: StoreFinding): string {
  return why === undefined ? name : `${name} (${showUntrusted(why)})`;
}

/** The check. No store is opened for it: one that is locked works. */
export const secretStores: Check = {
  name: "secret backends",
  async run({ context }) {
    const { ports, settings, paths } = context;
    const account = settings.accounts.get(accountName(context)) ?? {};
    const directory = `${paths.settingsDirectory}/secrets`;
    const found = await ports.surveySecretStores({ directory, account });
    const { working = [], idle = [] } = Object.groupBy(
      found,
      ({ works }) => works ? "working" : "idle",
    );
    const words = [
      ...working.length > 0 ? [`usable here: ${working.map(withReason).join(", ")}`] : [],
      ...idle.length > 0 ? [`not usable: ${idle.map(withReason).join(", ")}`] : [],
    ];
    return [{ level: "note", code: "secret_backends", message: words.join("; ") }];
  },
};
