/** The readers of all tools, and where their settings are. */

import { readLossless } from "../aws/files/aws_files.ts";
import { readAwsProfiles } from "../aws/files/aws_files.ts";
import { parseSharedConfig } from "../aws/files/shared_config.ts";
import type { LocalContext } from "../app/context.ts";
import { readProcesses } from "./aws_processes.ts";
import { SettingsError } from "../errors.ts";
import { type Found, nothingFound, type Source, type ToolName, TOOLS } from "./found.ts";

type Reader = (source: Source) => Promise<Found>;

const READERS: Record<ToolName, () => Promise<Reader>> = {
  "saml2aws": async () => (await import("./readers/saml2aws.ts")).readSaml2aws,
  "gimme-aws-creds": async () => (await import("./readers/gimme_aws_creds.ts")).readGimmeAwsCreds,
  "okta-aws-cli": async () => (await import("./readers/okta_aws_cli.ts")).readOktaAwsCli,
  "okta-aws-cli-assume-role": async () =>
    (await import("./readers/okta_aws_cli_assume_role.ts")).readAssumeRole,
  "okta-awscli": async () => (await import("./readers/okta_awscli.ts")).readOktaAwscli,
  "aws-okta-processor": async () =>
    (await import("./readers/aws_okta_processor.ts")).readAwsOktaProcessor,
  "tokendito": async () => (await import("./readers/tokendito.ts")).readTokendito,
  "clisso": async () => (await import("./readers/clisso.ts")).readClisso,
  "granted": async () => (await import("./readers/granted.ts")).readGranted,
  "aws-sso-cli": async () => (await import("./readers/aws_sso_cli.ts")).readAwsSsoCli,
  "aws-vault": async () => (await import("./readers/aws_vault.ts")).readAwsVault,
  "aws-okta": async () => (await import("./readers/aws_okta.ts")).readAwsOkta,
};

export async function openSource({ ports, paths, settings }: LocalContext): Promise<Source> {
  const { files, environment } = ports;
  const config = await readLossless(files, paths.awsConfig);
  const credentials = await readLossless(files, paths.awsCredentials);
  const processes = new Map(
    [...readProcesses(config, "config"), ...readProcesses(credentials, "credentials")]
      .map((one) => [one.profile, one]),
  );
  return {
    files,
    environment,
    paths,
    settings,
    processes: [...processes.values()],
    aws: await readAwsProfiles(files, paths.awsConfig, paths.awsCredentials),
    profileNames: [...parseSharedConfig(config, "config").profiles.keys()],
  };
}

/** A file that can't be read keeps one tool from being imported, not all. */
async function readTool(tool: ToolName, source: Source): Promise<Found> {
  const read = await READERS[tool]();
  try {
    return await read(source);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const leftOut = [{ tool, what: "its settings", why: error.message }];
    return { ...nothingFound(tool), leftOut };
  }
}

/** Reads the settings of the tools; those that are not set up here are omitted. */
export async function readTools(
  context: LocalContext,
  tools: readonly ToolName[] = TOOLS,
): Promise<Found[]> {
  const source = await openSource(context);
  const found: Found[] = [];
  for (const tool of tools) found.push(await readTool(tool, source));
  return found.filter(({ files, entries, leftOut, keyring }) =>
    [files, entries, leftOut, keyring].some((one) => one.length > 0)
  );
}
