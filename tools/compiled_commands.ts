import type { LoadModule } from "../src/cli/command_code.ts";

/** The files of `src/cli/commands` as literal imports, for the bundler; a test compares the names. */
export const COMMAND_MODULES: Record<string, () => ReturnType<LoadModule>> = {
  completions: () => import("../src/cli/commands/completions.ts"),
  config: () => import("../src/cli/commands/config.ts"),
  console: () => import("../src/cli/commands/console.ts"),
  cred_process: () => import("../src/cli/commands/cred_process.ts"),
  doctor: () => import("../src/cli/commands/doctor.ts"),
  env: () => import("../src/cli/commands/env.ts"),
  exec: () => import("../src/cli/commands/exec.ts"),
  import: () => import("../src/cli/commands/import.ts"),
  init: () => import("../src/cli/commands/init.ts"),
  kube_setup: () => import("../src/cli/commands/kube_setup.ts"),
  kube_token: () => import("../src/cli/commands/kube_token.ts"),
  plugin: () => import("../src/cli/commands/plugin.ts"),
  refresh: () => import("../src/cli/commands/refresh.ts"),
  roles: () => import("../src/cli/commands/roles.ts"),
  secrets: () => import("../src/cli/commands/secrets.ts"),
  serve: () => import("../src/cli/commands/serve.ts"),
  setup_profiles: () => import("../src/cli/commands/setup_profiles.ts"),
  shell_init: () => import("../src/cli/commands/shell_init.ts"),
  signin: () => import("../src/cli/commands/signin.ts"),
  signout: () => import("../src/cli/commands/signout.ts"),
  status: () => import("../src/cli/commands/status.ts"),
  totp: () => import("../src/cli/commands/totp.ts"),
  write_to_credentials: () => import("../src/cli/commands/write_to_credentials.ts"),
};
