/**
 * `doctor`: the plugins that were granted something, and whether they are still what was granted.
 *
 * @module
 */

import * as z from "zod/mini";
import { showUntrusted } from "../untrusted_text.ts";
import type { Check, DoctorContext, Finding } from "./finding.ts";

/** As far as it matters here: what the plugins may touch is `plugin list`'s to say. */
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

async function findingOf(
  { context: { ports: { files } }, show }: DoctorContext,
  name: string,
  { source, sha256: granted }: Grant,
): Promise<Finding> {
  const plugin = `the plugin ${showUntrusted(name)}`;
  if ("bundled" in source) {
    return { level: "ok", code: "plugin", message: `${plugin} is granted, a bundled one` };
  }
  const bytes = await files.read(source.file).catch(() => undefined);
  if (bytes === undefined) {
    return {
      level: "error",
      code: "plugin_missing",
      message: `${plugin} is gone: ${show(source.file)}`,
      mend: `put it back, or run: okta-aws plugin remove ${showUntrusted(name)}`,
    };
  }
  if (await sha256(bytes) !== granted) {
    return {
      level: "error",
      code: "plugin_changed",
      message: `${plugin} has changed since it was granted (${
        show(source.file)
      }), and does not run`,
      mend: `look at it, then run: okta-aws plugin trust ${showUntrusted(name)}`,
    };
  }
  return { level: "ok", code: "plugin", message: `${plugin} is granted: ${show(source.file)}` };
}

/** The check. */
export const plugins: Check = {
  name: "plugins",
  async run(context) {
    const { paths, ports: { files } } = context.context;
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
        message: `${context.show(path)} is damaged: no plugin runs`,
        mend: "delete it and add the plugins again: okta-aws plugin add",
      }];
    }
    const entries = Object.entries(grants.plugins);
    return await Promise.all(entries.map(([name, grant]) => findingOf(context, name, grant)));
  },
};
