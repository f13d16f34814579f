/** `write-to-credentials PROFILE FILE`: as in aws-okta. @module */

import { profileSectionEdit } from "../../aws/files/profile_section.ts";
import { editFile } from "../../app/edit_file.ts";
import { outputFor } from "../../roles/known_roles.ts";
import { parseIni } from "../../ini/document.ts";
import { editIni } from "../../ini/edit.ts";
import type { Environment } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import { obtainForInvocation } from "../profile_argument.ts";
import { formatMoment } from "../output.ts";

/** Shells set PWD to the current folder. */
function absolutePath(path: string, { get }: Environment): string {
  const folder = get("PWD");
  const isAbsolute = /^([A-Za-z]:)?[\\/]/.test(path);
  return isAbsolute || folder === undefined ? path : `${folder}/${path}`;
}

/**
 * Writes the profile's section and leaves the rest of the file unchanged.
 *
 * @throws {SettingsError} `foreign_profile_keys`, `file_not_writable`
 */
export async function runWriteToCredentials(invocation: Invocation): Promise<void> {
  const { ports, flags, args: [profile, file] } = invocation;
  const { credentials, context, request } = await obtainForInvocation(invocation, "foreground");
  const path = absolutePath(file!, ports.environment);
  const legacySecurityToken = context.settings.program.legacy_security_token ?? false;
  const content = {
    profile: profile!,
    credentials,
    region: request.profileRegion,
    output: outputFor(context, request.chain.at(-1)!.roleArn),
    legacySecurityToken,
  };
  await editFile(context, {
    path,
    isPrivate: true,
    change(text) {
      const document = parseIni(text);
      return editIni(document, [profileSectionEdit(document, content)]);
    },
  });
  const until = formatMoment(credentials.expiration.getTime(), ports.clock.now());
  if (!flags.quiet) {
    ports.output.notice(
      `wrote ${showUntrusted(profile!)} to ${showUntrusted(path)}, valid until ${until}\n`,
    );
  }
}
