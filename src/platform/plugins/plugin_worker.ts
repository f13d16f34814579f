/** The worker of a plugin in JavaScript. @module */

import { servePlugin } from "./serve_plugin.ts";

servePlugin();
