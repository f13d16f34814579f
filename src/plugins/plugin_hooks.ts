import type { PluginHooks } from "../app/context.ts";

/** The hooks of {@linkcode PluginHooks}; their code is loaded when it is first needed. */
export const pluginHooks: PluginHooks = {
  async openSecretStore(context, plugin, mayAsk) {
    const { pluginSecretStore } = await import("./plugin_secret_store.ts");
    return await pluginSecretStore(context, plugin, mayAsk);
  },
  async answerFactor(context, account, factor) {
    const { answerByPlugin } = await import("./hooks.ts");
    return await answerByPlugin(context, account, factor);
  },
};
