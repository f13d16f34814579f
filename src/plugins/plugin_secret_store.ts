import { SecretStoreError } from "../errors.ts";
import type { SecretStore } from "../ports.ts";
import { type Grant, readGrants } from "./grants.ts";
import { Secret } from "../secret.ts";
import type { AppContext } from "../app/context.ts";
import { withInteraction } from "../app/open_context.ts";
import { commonEvent } from "./run_hook.ts";
import { runPlugin } from "./run_plugin.ts";

type Operation = "read" | "write" | "remove" | "list";

function unavailable(message: string, hint?: string): SecretStoreError {
  return new SecretStoreError(message, { code: "unavailable", hint });
}

async function findGrant(context: AppContext, plugin: string): Promise<Grant> {
  const grant = (await readGrants(context)).find(({ name }) => name === plugin);
  if (grant?.hooks.includes("secretStore")) return grant;
  throw unavailable(
    `plugin ${plugin} was not added, or stores no secrets`,
    "list the plugins: okta-aws plugin list",
  );
}

/**
 * The secret store of `backend = plugin:NAME`.
 *
 * @throws {SecretStoreError} `unavailable`
 */
export async function pluginSecretStore(
  app: AppContext,
  plugin: string,
  mayAsk: boolean,
): Promise<SecretStore> {
  const context = withInteraction(app, mayAsk ? "foreground" : "background");
  const grant = await findGrant(context, plugin);
  const part = { kind: "hook", name: "secretStore" } as const;
  const perform = async (operation: Operation, account: string, item?: string) => {
    const event = { ...commonEvent(context, account), operation, item };
    const { ok, value, message, hint } = await runPlugin(context, grant, {
      part,
      event,
    });
    if (!ok) throw unavailable(`plugin ${plugin} failed: ${message}`, hint);
    return value;
  };
  const read = async (account: string) => {
    const value = await perform("read", account);
    return typeof value === "string" && value !== "" ? new Secret(value) : undefined;
  };
  return {
    name: `plugin:${plugin}`,
    read,
    async write(account, item) {
      await perform("write", account, item.reveal());
      const kept = await read(account);
      if (kept?.reveal() === item.reveal()) return;
      throw unavailable(`plugin ${plugin} did not return the secret that it stored`);
    },
    remove: async (account) => await perform("remove", account) === true,
    async list() {
      const names = await perform("list", "");
      return Array.isArray(names) ? names.filter((name) => typeof name === "string").sort() : [];
    },
  };
}
