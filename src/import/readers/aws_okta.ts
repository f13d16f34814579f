/**
 * aws-okta: its keys in the AWS config file are ours, so what is left are its keyring items (org, user
 * name, password), and `aws-okta cred-process PROFILE`.
 *
 * @see https://github.com/segmentio/aws-okta/blob/master/lib/keyring.go
 */

import { type Entry, type Found, type FoundProfile, nothingFound, type Source } from "../found.ts";

const TOOL = "aws-okta";

export function readAwsOkta(source: Source): Promise<Found> {
  const found = nothingFound(TOOL);
  const { aws, profileNames, processes, settings, paths } = source;
  const usual = settings.program.default_account ?? "default";
  const accounts = new Map<string, FoundProfile[]>();
  const profilesOf = (account: string) => {
    const known = accounts.get(account) ?? [];
    accounts.set(account, known);
    return known;
  };
  const keyOf = (name: string, key: string) => aws.profile(name)?.get(key) ?? aws.okta.get(key);
  if (aws.okta.has("aws_saml_url")) profilesOf(aws.okta.get("okta_account_name") ?? usual);
  for (const name of profileNames) {
    if (!aws.profile(name)!.has("aws_saml_url")) continue;
    profilesOf(keyOf(name, "okta_account_name") ?? usual);
  }
  for (const { program, args, profile } of processes) {
    if (program !== TOOL) continue;
    const serves = args.filter((word) => !word.startsWith("-")).at(1);
    if (args.find((word) => !word.startsWith("-")) !== "cred-process" || serves === undefined) {
      const why = "its aws-okta command is not cred-process PROFILE";
      found.leftOut.push({ tool: TOOL, what: `profile ${profile}`, why });
      continue;
    }
    profilesOf(keyOf(serves, "okta_account_name") ?? usual).push({ name: profile, serves });
  }
  for (const [account, profiles] of accounts) addAccount(source, found, account, profiles);
  if (found.entries.length > 0 || found.keyring.length > 0) found.files.push(paths.awsConfig);
  return Promise.resolve(found);
}

function addAccount(
  { settings, aws, profileNames }: Source,
  found: Found,
  account: string,
  profiles: FoundProfile[],
): void {
  const known = settings.accounts.get(account);
  const entry: Entry = { tool: TOOL, label: account, profiles, accountName: account };
  if (known?.org !== undefined) {
    // Set up already, by init: only what still runs aws-okta is of interest.
    const { org, username } = known;
    if (profiles.length > 0) found.entries.push({ ...entry, org, username });
    return;
  }
  const all = [aws.okta, ...profileNames.map((name) => aws.profile(name)!)];
  const app = all.map((keys) => keys.get("aws_saml_url")).find((url) => url !== undefined);
  const key = account === "default" ? "okta-creds" : `okta-creds-${account}`;
  found.keyring.push({
    shown: `the keyring item ${key} of aws-okta`,
    item: {
      attributes: { profile: key },
      keychain: { kind: "generic", service: "aws-okta-login", account: key },
    },
    entry: { ...entry, app },
  });
}
