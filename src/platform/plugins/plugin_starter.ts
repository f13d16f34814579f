/** The `PluginStarter` port. A bundled plugin doesn't wait for the code of the sandbox. @module */

import type { Environment, PluginStarter } from "../../ports.ts";
import { locate } from "./granted_places.ts";

type Bundled = typeof import("./bundled_plugins.ts");
type Sandbox = typeof import("./plugin_sandbox.ts");

export function systemPluginStarter(environment: Environment): PluginStarter {
  const bundled = async () => await import("./bundled_plugins.ts" as string) as Bundled;
  return {
    async start(setup) {
      const { startInSandbox } = await import("./plugin_sandbox.ts" as string) as Sandbox;
      return await startInSandbox(environment, setup);
    },
    startBundled: async (name) => await (await bundled()).startBundledPlugin(name),
    locate: (path) => Promise.resolve(locate(path)),
    bundled: async () => await (await bundled()).bundledPlugins(),
  };
}
