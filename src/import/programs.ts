/** The programs in a `credential_process` that belong to the tools that can be imported. */

import type { ToolName } from "./found.ts";

export const PROGRAMS: ReadonlyMap<string, ToolName> = new Map<string, ToolName>([
  ["saml2aws", "saml2aws"],
  ["gimme-aws-creds", "gimme-aws-creds"],
  ["okta-aws-cli", "okta-aws-cli"],
  ["okta-credential_process", "okta-aws-cli-assume-role"],
  ["okta-awscli", "okta-awscli"],
  ["aws-okta-processor", "aws-okta-processor"],
  ["tokendito", "tokendito"],
  ["clisso", "clisso"],
  ["granted", "granted"],
  ["dgranted", "granted"],
  ["aws-sso", "aws-sso-cli"],
  ["aws-vault", "aws-vault"],
  ["aws-okta", "aws-okta"],
]);
