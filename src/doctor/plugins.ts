/** `doctor`: whether the enabled plugins are still the files that were approved. @module */

import * as v from "valibot";
import { OktaAwsError } from "../errors.ts";
import { grantOf, hashOf, isBundled, readGrants } from "../plugins/grants.ts";
import { startBundled } from "../plugins/plugin_code.ts";
import { members, object } from "../schemas.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Check, DoctorContext, Finding } from "./finding.ts";

/** The part of the file that matters here; `plugin list` shows the permissions. */
const GRANT = object({
  source: v.union([object({ file: v.string() }), object({ bundled: v.string() })]),
  sha256: v.string(),
});
const GRANTS = object({
  version: v.literal(1),
  // Not v.record(): it drops a plugin called "constructor".
  plugins: v.pipe(members, v.transform(Object.entries), v.array(v.tuple([v.string(), GRANT]))),
});

type Grant = v.InferOutput<typeof GRANT>;

/** A new version of okta-aws may have one that asks for more. */
async function checkBundled({ context }: DoctorContext, name: string): Promise<Finding> {
  const plugin = `plugin ${showUntrusted(name)}`;
  try {
    const grant = grantOf(await readGrants(context), name);
    if (isBundled(grant)) await startBundled(context, await context.ports.pluginStarter(), grant);
    return { level: "ok", code: "plugin", message: `${plugin}: enabled (bundled)` };
  } catch (error) {
    if (!(error instanceof OktaAwsError)) throw error;
    const { code, message, hint } = error;
    return {
      level: "error",
      code,
      message: `${plugin}: ${message}`,
      ...(hint !== undefined && { fix: hint }),
    };
  }
}

async function checkPlugin(
  doctor: DoctorContext,
  name: string,
  { source, sha256 }: Grant,
): Promise<Finding> {
  if ("bundled" in source) return await checkBundled(doctor, name);
  const { context: { ports: { files } }, show } = doctor;
  const plugin = `plugin ${showUntrusted(name)}`;
  const path = show(source.file);
  const bytes = await files.read(source.file).catch(() => undefined);
  if (bytes === undefined) {
    return {
      level: "error",
      code: "plugin_missing",
      message: `${plugin}: ${path} does not exist`,
      fix: `restore the file, or run: okta-aws plugin remove ${showUntrusted(name)}`,
    };
  }
  if (await hashOf(bytes) !== sha256) {
    return {
      level: "error",
      code: "plugin_changed",
      message: `${plugin}: ${path} has changed since you added it, so it does not run`,
      fix: `review the change, then run: okta-aws plugin trust ${showUntrusted(name)}`,
    };
  }
  return { level: "ok", code: "plugin", message: `${plugin}: enabled (${path})` };
}

/** The check. */
export const plugins: Check = {
  name: "plugins",
  async run(doctor) {
    const { paths, ports: { files } } = doctor.context;
    const path = `${paths.settingsDirectory}/grants.json`;
    const bytes = await files.read(path);
    if (bytes === undefined) return [];
    let grants: v.InferOutput<typeof GRANTS>;
    try {
      grants = v.parse(GRANTS, JSON.parse(new TextDecoder().decode(bytes)));
    } catch {
      return [{
        level: "error",
        code: "bad_grants",
        message: `${doctor.show(path)} is damaged: no plugin runs`,
        fix: "delete it, then add the plugins again: okta-aws plugin add",
      }];
    }
    return await Promise.all(
      grants.plugins.map(([name, grant]) => checkPlugin(doctor, name, grant)),
    );
  },
};
