/**
 * All checks of `doctor`, in the order in which they are shown; each is a file beside this one.
 *
 * @module
 */

import { awsEnvironment } from "./aws_environment.ts";
import { awsFiles } from "./aws_files.ts";
import { awsProfiles } from "./aws_profiles.ts";
import { certificates } from "./certificates.ts";
import { clock } from "./clock.ts";
import type { Check } from "./finding.ts";
import { network } from "./network.ts";
import { oktaOrg } from "./okta_org.ts";
import { plugins } from "./plugins.ts";
import { privateFiles } from "./private_files.ts";
import { roles } from "./roles.ts";
import { secretStore } from "./secret_store.ts";
import { secretStores } from "./secret_stores.ts";
import { sessions } from "./sessions.ts";
import { settingsFile } from "./settings_file.ts";
import { team } from "./team.ts";

/** The checks. */
export const CHECKS: readonly Check[] = [
  settingsFile,
  team,
  awsFiles,
  awsProfiles,
  awsEnvironment,
  secretStore,
  secretStores,
  privateFiles,
  network,
  certificates,
  clock,
  oktaOrg,
  sessions,
  roles,
  plugins,
];
