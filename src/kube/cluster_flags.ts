import type { LocalContext } from "../app/context.ts";

/** The flags that a cluster's section can stand for. */
export interface ClusterFlags {
  /** `--cluster` */
  cluster?: string;
  /** `--profile` */
  profile?: string;
  /** `--region` */
  region?: string;
  /** `--role-arn` */
  roleArn?: string;
  /** `--alias` */
  alias?: string;
}

/**
 * Fills in what the settings say of the cluster that `--cluster` names. A flag that was given wins.
 */
export function withClusterSettings<F extends ClusterFlags>(
  { settings }: Pick<LocalContext, "settings">,
  flags: F,
): F {
  const section = flags.cluster === undefined ? undefined : settings.clusters.get(flags.cluster);
  if (section === undefined) return flags;
  const { role_arn: roleArn, ...others } = section;
  return { ...others, ...(roleArn !== undefined && { roleArn }), ...flags };
}
