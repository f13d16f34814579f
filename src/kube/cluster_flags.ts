import type { LocalContext } from "../app/context.ts";

/** The flags that a `[cluster NAME]` section can set. */
export interface ClusterFlags {
  cluster?: string;
  profile?: string;
  region?: string;
  roleArn?: string;
  alias?: string;
}

/** Adds the settings of the cluster that `--cluster` names. Flags win over settings. */
export function withClusterSettings<F extends ClusterFlags>(
  { settings }: Pick<LocalContext, "settings">,
  flags: F,
): F {
  const section = flags.cluster === undefined ? undefined : settings.clusters.get(flags.cluster);
  if (section === undefined) return flags;
  const { role_arn: roleArn, ...others } = section;
  return { ...others, ...(roleArn !== undefined && { roleArn }), ...flags };
}
