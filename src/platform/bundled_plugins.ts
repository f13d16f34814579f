/**
 * The plugins that come with the program, as text: they run in the sandbox like any other.
 *
 * @module
 */

import awslogin from "../../plugins/awslogin.ts" with { type: "text" };
import kubeconfig from "../../plugins/kubeconfig.ts" with { type: "text" };

/** Their text, by name. */
export const BUNDLED_PLUGINS: Readonly<Record<string, string>> = { awslogin, kubeconfig };
