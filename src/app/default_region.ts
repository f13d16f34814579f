import { isRegion } from "../aws/arn.ts";
import { parseSharedConfig, propertyOf } from "../aws/files/shared_config.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import type { LocalContext } from "./context.ts";

/** The region that AWS tools would use: `AWS_REGION`, the AWS config file's, else us-east-1. */
export async function defaultRegion({ ports, paths }: LocalContext): Promise<string> {
  const { environment: { get }, files } = ports;
  const { profiles } = parseSharedConfig(await readLossless(files, paths.awsConfig), "config");
  const named = get("AWS_REGION") ?? get("AWS_DEFAULT_REGION") ??
    propertyOf(profiles.get("default"), "region");
  return named !== undefined && isRegion(named) ? named : "us-east-1";
}
