/**
 * What people type, by command: shown in the help and in the documents, run by a test.
 *
 * @module
 */

/** A command line, and what it is for. */
export type Example = readonly [commandLine: string, purpose: string];

const EXAMPLES: Record<string, readonly Example[]> = {
  init: [
    ["okta-aws init", "asks for everything, and signs in to prove it"],
  ],
  refresh: [
    ["okta-aws refresh", "a profile for every role"],
    ["okta-aws refresh 'prod/*' --dry-run", "what would change for the account prod"],
    ["okta-aws refresh dev/Developer --as default", "one role, as the profile default"],
  ],
  "cred-process": [
    ["okta-aws cred-process okta-dev-Developer --pretty", "what an AWS SDK gets, indented"],
  ],
  exec: [
    ["okta-aws exec dev/Developer -- aws sts get-caller-identity", "one command with credentials"],
    [
      "okta-aws exec dev/Admin -t 2h -- sh -c 'echo $AWS_REGION'",
      "credentials that live two hours",
    ],
  ],
  env: [
    ['eval "$(okta-aws env dev/Developer)"', "credentials in this shell"],
    ["okta-aws env dev/Developer --shell fish", "the same for another shell"],
  ],
  console: [
    ["okta-aws console dev/Developer --service s3 --print", "the URL of S3's console, signed in"],
  ],
  roles: [
    ["okta-aws roles", "which roles you have, and until when"],
    ["okta-aws roles --refresh --json", "asked anew, for a script"],
  ],
  status: [["okta-aws status", "what is cached and stored"]],
  signin: [["okta-aws signin", "answer what Okta asks now, so that nothing asks later"]],
  signout: [["okta-aws signout --all", "forget the session, credentials and profiles"]],
  "setup-profiles": [
    ["okta-aws setup-profiles --dry-run", "what would be written to ~/.aws/config"],
    ["okta-aws setup-profiles", "AWS tools fetch credentials by themselves from now on"],
  ],
  "write-to-credentials": [
    ["okta-aws write-to-credentials dev/Developer ./credentials", "into a file of its own"],
  ],
  "kube setup": [
    [
      "okta-aws kube setup --cluster web --profile dev/Admin --region eu-central-1",
      "kubectl gets its tokens from okta-aws from now on",
    ],
    ["okta-aws kube setup --all --region eu-central-1 --dry-run", "every cluster of every role"],
  ],
  "kube token": [
    [
      "okta-aws kube token --cluster web --profile dev/Admin --region eu-central-1",
      "what kubectl gets",
    ],
  ],
  secrets: [["okta-aws secrets list", "what is stored, by name"]],
  "plugin list": [["okta-aws plugin list", "the plugins, and what each may touch"]],
  "plugin add": [["okta-aws plugin add awslogin --yes", "turn on a plugin that comes along"]],
  doctor: [["okta-aws doctor", "what is wrong, and how to mend it"]],
  completions: [
    ["okta-aws completions bash > ./okta-aws.bash", "for your shell's start-up file to source"],
  ],
  totp: [["okta-aws totp", "the code that the browser asks for"]],
};

/**
 * A command's examples.
 *
 * @param command Its name.
 * @returns None, one or more.
 */
export function examplesOf(command: string): readonly Example[] {
  return EXAMPLES[command] ?? [];
}
