/** Examples for the help and docs/commands; a test runs them. @module */

export type Example = readonly [commandLine: string, purpose: string];

const EXAMPLES: Record<string, readonly Example[]> = {
  init: [
    ["okta-aws init", "ask for all settings, then sign in to check them"],
  ],
  import: [
    ["okta-aws import --dry-run", "show what would be imported"],
    ["okta-aws import saml2aws --yes", "import the settings of one tool without asking"],
    ["okta-aws import --undo", "put back what the last import replaced"],
  ],
  refresh: [
    ["okta-aws refresh", "write a profile for every role"],
    ["okta-aws refresh '*prod/*' --dry-run", "show what would change for account prod"],
    ["okta-aws refresh dev/Developer --as default", "write one role as profile default"],
  ],
  "cred-process": [
    ["okta-aws cred-process okta-dev-Developer --pretty", "print what an AWS SDK gets"],
  ],
  exec: [
    [
      "okta-aws exec dev/Developer -- aws sts get-caller-identity",
      "run one command with credentials",
    ],
    [
      "okta-aws exec dev/Admin -t 2h -- sh -c 'echo $AWS_REGION'",
      "use credentials that last two hours",
    ],
  ],
  env: [
    ['eval "$(okta-aws env dev/Developer)"', "set credentials in this shell"],
    ["okta-aws env dev/Developer --shell fish", "print the code for fish"],
  ],
  console: [
    ["okta-aws console dev/Developer --service s3 --print", "print a URL that opens S3, signed in"],
    ["okta-aws console dev/Developer dev/Admin --print", "print one URL for each role"],
  ],
  roles: [
    ["okta-aws roles", "list your roles and when their credentials expire"],
    ["okta-aws roles --refresh --json", "fetch the roles from Okta, for a script"],
  ],
  status: [["okta-aws status", "show what is cached and stored"]],
  signin: [["okta-aws signin", "sign in now, so that later commands don't ask"]],
  signout: [["okta-aws signout --all", "remove the session, credentials and profiles"]],
  "setup-profiles": [
    ["okta-aws setup-profiles --dry-run", "show what would change in ~/.aws/config"],
    ["okta-aws setup-profiles", "AWS tools call okta-aws automatically"],
  ],
  "write-to-credentials": [
    ["okta-aws write-to-credentials dev/Developer ./credentials", "write to a separate file"],
  ],
  "kube setup": [
    [
      "okta-aws kube setup --cluster web --profile dev/Admin --region eu-central-1",
      "add one cluster",
    ],
    [
      "okta-aws kube setup --all --region eu-central-1 --dry-run",
      "show every cluster of every role",
    ],
  ],
  "kube token": [
    [
      "okta-aws kube token --cluster web --profile dev/Admin --region eu-central-1",
      "print what kubectl gets",
    ],
  ],
  config: [
    ["okta-aws config set region eu-central-1", "change one setting"],
    ["okta-aws config list", "show all settings"],
  ],
  "shell-init": [
    [
      "okta-aws shell-init bash > ./assume.bash",
      'add to ~/.bashrc: eval "$(okta-aws shell-init bash)"',
    ],
  ],
  secrets: [["okta-aws secrets list", "list what is stored; no secret is shown"]],
  "plugin list": [["okta-aws plugin list", "list plugins and their permissions"]],
  "plugin add": [["okta-aws plugin add awslogin --yes", "enable a bundled plugin"]],
  doctor: [["okta-aws doctor", "check everything"]],
  completions: [
    [
      "okta-aws completions bash > ./okta-aws.bash",
      'add to ~/.bashrc: eval "$(okta-aws completions bash)"',
    ],
    [
      "okta-aws completions zsh > ./okta-aws.zsh",
      "add to ~/.zshrc, after compinit: source <(okta-aws completions zsh)",
    ],
    [
      "okta-aws completions fish > ./okta-aws.fish",
      "add to ~/.config/fish/config.fish: okta-aws completions fish | source",
    ],
  ],
  totp: [["okta-aws totp", "print the code that Okta asks for"]],
};

/** The examples of a command; there may be none. */
export function examplesOf(command: string): readonly Example[] {
  return EXAMPLES[command] ?? [];
}
