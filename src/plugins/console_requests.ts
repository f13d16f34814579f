/**
 * `host.consoleUrl`. Only for the moments after the sign-in: a plugin that is asked in its middle
 * would wait for itself.
 *
 * @module
 */

import { showUntrusted } from "../untrusted_text.ts";
import { consoleUrl } from "../aws/console/console_url.ts";
import type { AppContext } from "../app/context.ts";
import { resolveRequest } from "../credentials/credential_request.ts";
import { obtainCredentials } from "../credentials/obtain_credentials.ts";
import type { PluginRequests } from "./answer_request.ts";

/**
 * What plugins may ask for besides what all may.
 *
 * @returns The answer to `consoleUrl`.
 */
export function consoleRequests(context: AppContext): PluginRequests {
  return {
    async consoleUrl({ permissions }, { profile }) {
      if (!permissions.console) throw new Error('consoleUrl needs the permission "console"');
      if (typeof profile !== "string") throw new Error("consoleUrl wants the name of a profile");
      const request = await resolveRequest(context, profile, {});
      if (request === undefined) throw new Error(`there is no profile ${showUntrusted(profile)}`);
      const cached = await obtainCredentials(context, request, false);
      return (await consoleUrl(context, request, cached, {})).reveal();
    },
  };
}
