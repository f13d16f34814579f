/** `doctor`: the browser that signs in. @module */

import type { AppContext } from "../app/context.ts";
import { OktaAwsError } from "../errors.ts";
import { findAccountBrowser } from "../okta/browser/browser_access.ts";
import type { FoundBrowser } from "../ports.ts";
import { type Check, type DoctorContext, type Finding, findingFromError } from "./finding.ts";

/** No account's: their names begin with a letter or digit. */
const PROFILE = ".doctor";

/** Starts it without a window, in a profile that is deleted afterwards. */
async function drive({ ports, paths, settings }: AppContext, { path }: FoundBrowser) {
  const browsers = await ports.browsers();
  const profile = `${paths.cache}/browser/${PROFILE}`;
  const args = settings.program.browser_args ?? [];
  const quiet = { visible: false, pause: [], onPost: () => {} };
  try {
    const browser = await browsers.launch({ path, args, profile, ...quiet });
    await browser.close();
    return browser.product;
  } finally {
    await browsers.removeProfile(profile);
  }
}

async function check({ context, show }: DoctorContext): Promise<Finding[]> {
  const accounts = [...context.settings.accounts.values()];
  const isUsed = accounts.some(({ auth }) => auth === "browser");
  try {
    const browser = await findAccountBrowser(context);
    const where = `${show(browser.path)}${
      browser.name === browser.path ? "" : ` (${browser.name})`
    }`;
    if (!isUsed) return [{ level: "ok", code: "browser", message: `found ${where}` }];
    const product = await drive(context, browser);
    return [{ level: "ok", code: "browser", message: `can drive ${where}, ${product}` }];
  } catch (error) {
    if (!(error instanceof OktaAwsError)) throw error;
    if (error.code !== "no_browser" || isUsed) return [findingFromError(error)];
    return [{
      level: "ok",
      code: "no_browser",
      message: "none found; no account signs in with one",
    }];
  }
}

/** Which browser is found; if an account signs in with it, whether it can be driven. */
export const browser: Check = { name: "browser", run: check };
