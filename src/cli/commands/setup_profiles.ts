/** `setup-profiles`: writes `credential_process` profiles for the known roles. @module */

import { accountName, accountSettings } from "../../settings/account_settings.ts";
import { learnRoles } from "../../credentials/role_source.ts";
import { UsageError } from "../../errors.ts";
import type { AppContext } from "../../app/context.ts";
import { isIdentityCenter } from "../../identity_center/sso_account.ts";
import { setUpProfiles, type WriteSections } from "../../profiles/setup_profiles.ts";
import { grantedRoles, openRoleList } from "../../roles/role_list.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { type Invocation, openForeground } from "../invocation.ts";
import { showPath } from "../output.ts";

/** @throws {UsageError} `not_identity_center` */
async function sdkSections(context: AppContext, name: string): Promise<WriteSections> {
  if (isIdentityCenter(context, name)) {
    const { ssoSections } = await import("../../profiles/setup_sso_profiles.ts");
    return await ssoSections(context, name);
  }
  throw new UsageError(
    `${name} is not an IAM Identity Center account, so SDKs can't sign in to it`,
    {
      code: "not_identity_center",
      hint: "remove --kind: SDKs then call okta-aws",
    },
  );
}

export async function runSetupProfiles({ ports, flags }: Invocation): Promise<void> {
  const context = await openForeground(ports, flags);
  const name = accountName(context);
  accountSettings(context, name);
  const write = flags.kind === "sso" ? await sdkSections(context, name) : undefined;
  let list = await (await openRoleList(ports.files, context.paths.cache, name)).read();
  const nameless = grantedRoles(list).some(({ roleArn }) => list.names[roleArn] === undefined);
  if (nameless || grantedRoles(list).length === 0) {
    list = await learnRoles(context);
  }
  const { profiles, shadowed, diff } = await setUpProfiles(context, list, {
    dryRun: flags.dryRun,
    write,
  });
  if (flags.json) return ports.output.answer(`${JSON.stringify({ profiles, shadowed })}\n`);
  for (const profile of shadowed) {
    ports.output.notice(
      `okta-aws: ${
        showUntrusted(profile)
      } has static keys in the credentials file: AWS tools use ` +
        "them instead of its credential_process, even after they expire\n" +
        "  delete the keys or the credential_process\n",
    );
  }
  const file = showPath(context.paths.awsConfig, ports.environment.home);
  if (flags.dryRun) {
    ports.output.answer(diff);
    if (diff === "" && !flags.quiet) ports.output.notice("Nothing would change\n");
    return;
  }
  if (flags.quiet) return;
  const count = `${profiles.length} profiles`;
  ports.output.notice(
    diff === "" ? `${count} in ${file} are up to date\n` : `wrote ${count} to ${file}\n`,
  );
}
