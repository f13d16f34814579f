/** The worker entry of the compiled program: the bundler writes it to a file of its own. */

import "../src/platform/plugins/plugin_worker.ts";
