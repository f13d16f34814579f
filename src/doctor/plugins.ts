/** `doctor`: whether the enabled plugins are still the files that were approved. @module */

import * as z from "zod/mini";
import { showUntrusted } from "../untrusted_text.ts";
import type { Check, DoctorContext, Finding } from "./finding.ts";

/** The part of the file that matters here; `plugin list` shows the permissions. */
const GRANTS = z.object({
  version: z.literal(1),
  plugins: z.record(
    z.string(),
    z.object({
      source: z.union([z.object({ file: z.string() }), z.object({ bundled: z.string() })]),
      sha256: z.string(),
    }),
  ),
});

type Grant = z.infer<typeof GRANTS>["plugins"][string];

async function sha256(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))).toHex();
}

async function checkPlugin(
  { context: { ports: { files } }, show }: DoctorContext,
  name: string,
  { source, sha256: approved }: Grant,
): Promise<Finding> {
  const plugin = `plugin ${showUntrusted(name)}`;
  if ("bundled" in source) {
    return { level: "ok", code: "plugin", message: `${plugin}: enabled (bundled)` };
  }
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
  if (await sha256(bytes) !== approved) {
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
    let grants: z.infer<typeof GRANTS>;
    try {
      grants = GRANTS.parse(JSON.parse(new TextDecoder().decode(bytes)));
    } catch {
      return [{
        level: "error",
        code: "bad_grants",
        message: `${doctor.show(path)} is damaged: no plugin runs`,
        fix: "delete it, then add the plugins again: okta-aws plugin add",
      }];
    }
    const entries = Object.entries(grants.plugins);
    return await Promise.all(entries.map(([name, grant]) => checkPlugin(doctor, name, grant)));
  },
};
