/**
 * Which page of the console a sign-in URL leads to.
 *
 * @module
 */

import { SettingsError, UsageError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { regionWithin } from "../endpoints.ts";
import { type Partition, partitionNamed } from "../partitions.ts";

/** What page is wanted. */
export interface ConsolePage {
  /** The partition's name, as ARNs have it. */
  partition: string;
  /** Default: the one last used. */
  region?: string | undefined;
  /** A short name (`cw`), or the name in the console's URLs: `codesuite/codecommit`. */
  service?: string | undefined;
  /** A whole URL instead of region and service. */
  destination?: string | undefined;
}

const SERVICE = /^[a-z0-9-]+(\/[a-z0-9-]+)*$/i;

/**
 * The console URL of a page.
 *
 * @returns An absolute `https:` URL within the partition's console.
 * @throws {UsageError} `destination_not_console`, `invalid_service`
 * partition's console, `invalid_service` where the service can't be one.
 * @throws {SettingsError} `no_console_host` for the secret partitions;
 * `invalid_region`.
 */
export function consoleDestination(page: ConsolePage): string {
  const partition = partitionNamed(page.partition);
  if (partition?.consoleHost === undefined) {
    throw new SettingsError(
      `the console of the partition ${showUntrusted(page.partition)} is not known`,
      { code: "no_console_host" },
    );
  }
  const host = partition.consoleHost;
  if (page.destination !== undefined) return checkedDestination(page.destination, host);
  const region = page.region === undefined ? undefined : regionWithin(partition, page.region);
  const { path: service, fragment } = checkedService(page.service);
  const part = fragment === undefined ? "" : `#${fragment}`;
  if (region === undefined) return `https://${host}/${service ? `${service}/home${part}` : ""}`;
  return `https://${region}.${host}/${service ?? "console"}/home?region=${region}${part}`;
}

function checkedService(service: string | undefined): Partial<ConsoleService> {
  if (service === undefined) return {};
  if (SERVICE.test(service)) return consoleService(service);
  throw new UsageError(`${showUntrusted(service)} is not the name of a console service`, {
    code: "invalid_service",
    hint: "use the name in the console's URL (ec2, s3, cloudwatch), or --destination with a URL",
  });
}

function checkedDestination(text: string, host: NonNullable<Partition["consoleHost"]>): string {
  const url = URL.parse(text);
  const isInside = url?.protocol === "https:" && url.username + url.password + url.port === "" &&
    (url.hostname === host || url.hostname.endsWith(`.${host}`));
  if (isInside) return url.href;
  throw new UsageError(`${showUntrusted(text)} is not a page of ${host}`, {
    code: "destination_not_console",
    hint: `use an https: URL on ${host}`,
  });
}

/** A page of the console. */
export interface ConsoleService {
  /** The path before `/home`. */
  path: string;
  /** The part of the page, without `#`. */
  fragment?: string;
}

/** Short names; any other is used as the name in the console's URLs. */
const WORDS: Readonly<Record<string, string>> = {
  apigw: "apigateway",
  "api-gateway": "apigateway",
  asg: "ec2#AutoScalingGroups:",
  ami: "ec2#Images:",
  aurora: "rds",
  autoscaling: "ec2#AutoScalingGroups:",
  cb: "codesuite/codebuild",
  ce: "cost-management",
  cf: "cloudfront/v4",
  cfn: "cloudformation",
  cloudfront: "cloudfront/v4",
  codebuild: "codesuite/codebuild",
  codecommit: "codesuite/codecommit",
  codedeploy: "codesuite/codedeploy",
  codepipeline: "codesuite/codepipeline",
  cost: "cost-management",
  costs: "cost-management",
  cp: "codesuite/codepipeline",
  ct: "cloudtrailv2",
  cloudtrail: "cloudtrailv2",
  cw: "cloudwatch",
  cwl: "cloudwatch#logsV2:log-groups",
  ddb: "dynamodbv2",
  dynamo: "dynamodbv2",
  dynamodb: "dynamodbv2",
  eb: "elasticbeanstalk",
  beanstalk: "elasticbeanstalk",
  ebs: "ec2#Volumes:",
  ecs: "ecs/v2",
  elb: "ec2#LoadBalancers:",
  alb: "ec2#LoadBalancers:",
  nlb: "ec2#LoadBalancers:",
  es: "aos",
  opensearch: "aos",
  eventbridge: "events",
  ga: "globalaccelerator",
  gd: "guardduty",
  idc: "singlesignon",
  sso: "singlesignon",
  l: "lambda",
  logs: "cloudwatch#logsV2:log-groups",
  kafka: "msk",
  org: "organizations/v2",
  orgs: "organizations/v2",
  organizations: "organizations/v2",
  param: "systems-manager/parameters",
  r53: "route53/v2",
  route53: "route53/v2",
  redis: "elasticache",
  redshift: "redshiftv2",
  secrets: "secretsmanager",
  sm: "secretsmanager",
  sfn: "states",
  stepfunctions: "states",
  "step-functions": "states",
  sg: "ec2#SecurityGroups:",
  sh: "securityhub",
  ssm: "systems-manager",
  sq: "servicequotas",
  quotas: "servicequotas",
  ta: "trustedadvisor",
  tg: "ec2#TargetGroups:",
  vpc: "vpcconsole",
  waf: "wafv2",
};

/**
 * The page of a service.
 *
 * @param name What the person calls it, in any case: `cw`, `cfn`, or the name in the console's
 * URLs.
 */
export function consoleService(name: string): ConsoleService {
  const word = name.toLowerCase();
  const [path, fragment] = (Object.hasOwn(WORDS, word) ? WORDS[word]! : name).split("#", 2);
  return fragment === undefined ? { path: path! } : { path: path!, fragment };
}
