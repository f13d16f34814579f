/**
 * What people call a service, and where its page is in the console.
 *
 * @module
 */

/** A page: its path in the console, and what stands behind `#`. */
export interface ConsoleService {
  /** The path in front of `/home`. */
  path: string;
  /** The part of the page, without `#`. */
  fragment?: string;
}

/** Words that are not the name in the console's URLs; all others are taken for that name. */
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
 * @param name What the person calls it, in any case: `cw`, `cfn`, or the name in the console's URLs.
 * @returns Its path; that of the name itself where it is no word of ours.
 */
export function consoleService(name: string): ConsoleService {
  const word = name.toLowerCase();
  const [path, fragment] = (Object.hasOwn(WORDS, word) ? WORDS[word]! : name).split("#", 2);
  return fragment === undefined ? { path: path! } : { path: path!, fragment };
}
