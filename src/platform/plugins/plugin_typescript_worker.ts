/** The worker of a plugin in TypeScript: loads the library that removes types. @module */

import { transform } from "sucrase";
import { servePlugin } from "./serve_plugin.ts";

servePlugin((code) =>
  transform(code, { transforms: ["typescript"], disableESTransforms: true }).code
);
