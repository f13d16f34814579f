/** `shell-init SHELL`: prints a function that sets the credentials of a role. @module */

import { guessShell } from "../../credentials/shell_environment.ts";
import { UsageError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";

// The answer is read before it is evaluated, so that a failure leaves the shell as it was.
const POSIX = `# assume ROLE sets credentials in this shell, assume --unset removes them.
# OKTA_AWS_PROFILE names the role, for your prompt.
assume() {
  local code
  code="$(okta-aws env --shell SHELL "$@")" && eval "$code"
}
`;

const FUNCTIONS: Record<string, string> = {
  bash: POSIX.replace("SHELL", "bash"),
  zsh: POSIX.replace("SHELL", "zsh"),
  fish: `# assume ROLE sets credentials in this shell, assume --unset removes them.
# OKTA_AWS_PROFILE names the role, for your prompt.
function assume
  set -l code (okta-aws env --shell fish $argv | string collect)
  and eval $code
end
`,
  powershell: `# assume ROLE sets credentials in this shell, assume --unset removes them.
# $env:OKTA_AWS_PROFILE names the role, for your prompt.
function assume {
  $code = okta-aws env --shell powershell @args
  if ($LASTEXITCODE -eq 0) { Invoke-Expression ($code -join "\`n") }
}
`,
};

/** For the shell that runs it if none is named. */
export async function runShellInit({ ports, args: [named] }: Invocation): Promise<void> {
  const { environment: { get, os } } = ports;
  const shell = named ??
    guessShell({ get, os, parent: await (await ports.processes()).parentName() });
  const code = FUNCTIONS[shell];
  if (code === undefined) {
    throw new UsageError(`there is no function for ${showUntrusted(shell)}`, {
      code: "unknown_shell",
      hint: `use one of ${Object.keys(FUNCTIONS).join(", ")}`,
    });
  }
  ports.output.answer(code);
}
