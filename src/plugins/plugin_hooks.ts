import type { PluginHooks } from "../app/context.ts";

type PluginSecretStore = typeof import("./plugin_secret_store.ts");
type Hooks = typeof import("./hooks.ts");

/** The hooks of {@linkcode PluginHooks}; their code is loaded when it is first needed. */
export const pluginHooks: PluginHooks = {
  async openSecretStore(context, plugin, mayAsk) {
    const { pluginSecretStore } = await import(
      "./plugin_secret_store.ts" as string
    ) as PluginSecretStore;
    return await pluginSecretStore(context, plugin, mayAsk);
  },
  async answerFactor(context, account, factor) {
    const { answerByPlugin } = await import("./hooks.ts" as string) as Hooks;
    return await answerByPlugin(context, account, factor);
  },
};
