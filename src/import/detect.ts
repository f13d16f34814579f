/** Which tools are set up here, told by their files alone: nothing is read but the AWS files. */

import { readLossless } from "../aws/files/aws_files.ts";
import type { LocalContext } from "../app/context.ts";
import { readProcesses } from "./aws_processes.ts";
import { type ToolName, TOOLS } from "./found.ts";
import { PROGRAMS } from "./programs.ts";

/** Below the home folder. */
const FILES: readonly (readonly [string, ToolName])[] = [
  [".saml2aws", "saml2aws"],
  [".okta_aws_login_config", "gimme-aws-creds"],
  [".okta/okta.yaml", "okta-aws-cli"],
  [".okta/config.properties", "okta-aws-cli-assume-role"],
  [".okta-aws", "okta-awscli"],
  [".config/tokendito/tokendito.ini", "tokendito"],
  ["Library/Application Support/tokendito/tokendito.ini", "tokendito"],
  [".clisso.yaml", "clisso"],
  [".aws-sso/config.yaml", "aws-sso-cli"],
  [".config/aws-sso/config.yaml", "aws-sso-cli"],
];

export async function detectTools({ ports, paths }: LocalContext): Promise<ToolName[]> {
  const { files, environment: { home } } = ports;
  const found = new Set<ToolName>();
  for (const [file, tool] of FILES) {
    if ((await files.facts(`${home}/${file}`))?.size) found.add(tool);
  }
  const config = readProcesses(await readLossless(files, paths.awsConfig), "config");
  const credentials = readProcesses(await readLossless(files, paths.awsCredentials), "credentials");
  for (const { program } of [...config, ...credentials]) {
    const tool = PROGRAMS.get(program);
    if (tool !== undefined) found.add(tool);
  }
  return TOOLS.filter((tool) => found.has(tool));
}
