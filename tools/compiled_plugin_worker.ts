/**
 * The entry of a plugin's worker in the compiled program: a file of its own in the bundle.
 *
 * @module
 */

import "../src/platform/plugins/plugin_worker.ts";
