/** Session credentials: issuing them, and checking requests signed with them. */

import { awsId, awsSessionToken, base64Text } from "../random_text.ts";
import type { IssuedCredentials } from "../state.ts";
import { roleArn, type SimAccount, type SimRole } from "../world.ts";
import { stsError } from "./answers.ts";
import type { AwsContext } from "./context.ts";
import { parseSignature, type Signature, verifySignature, type WireRequest } from "./sigv4.ts";

const FIFTEEN_MINUTES = 15 * 60_000;

export interface Issue {
  account: SimAccount;
  role: SimRole;
  sessionName: string;
  durationSeconds: number;
  /** Whether they are obtained with other role credentials. */
  chained: boolean;
}

export function issueCredentials({ world, state }: AwsContext, issue: Issue): IssuedCredentials {
  const { account, role, sessionName } = issue;
  const arn = roleArn(account, role);
  const roleId = state.roleIds.get(arn) ?? awsId("AROA");
  state.roleIds.set(arn, roleId);
  const credentials: IssuedCredentials = {
    accessKeyId: awsId("ASIA"),
    secretAccessKey: base64Text(40),
    sessionToken: awsSessionToken(),
    account: account.id,
    arn: `arn:${
      account.partition ?? "aws"
    }:sts::${account.id}:assumed-role/${role.name}/${sessionName}`,
    roleArn: arn,
    userId: `${roleId}:${sessionName}`,
    expiration: Math.floor(world.clock.now() / 1000) * 1000 +
      (world.aws.lifetimeSeconds ?? issue.durationSeconds) * 1000,
    chained: issue.chained,
  };
  state.credentials.set(credentials.accessKeyId, credentials);
  return credentials;
}

function longLived({ world }: AwsContext, id: string): IssuedCredentials | undefined {
  for (const account of world.accounts) {
    const key = account.accessKeys?.find((one) => one.id === id);
    if (!key) continue;
    return {
      accessKeyId: id,
      secretAccessKey: key.secret,
      sessionToken: undefined,
      account: account.id,
      arn: `arn:${account.partition ?? "aws"}:iam::${account.id}:user/${key.userName}`,
      roleArn: undefined,
      userId: "AIDACKCEVSQ6C2EXAMPLE",
      expiration: Infinity,
      chained: false,
    };
  }
  return undefined;
}

export function findCredentials(context: AwsContext, id: string): IssuedCredentials | undefined {
  return context.state.credentials.get(id) ?? longLived(context, id);
}

function wireRequest({ request }: AwsContext): WireRequest {
  // HTTP/2 has `:authority` in its place.
  const host: [string, string][] = request.headers.has("host") ? [] : [["host", request.url.host]];
  return {
    method: request.method,
    path: request.path,
    query: request.url.search.slice(1),
    headers: [...request.headers, ...host],
    body: request.text,
  };
}

function signingTime(date: string): number {
  return Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"));
}

/** Too old, too new, or of another service. */
function staleness(
  { world }: AwsContext,
  signature: Signature,
  service: string,
): string | undefined {
  const now = world.clock.now();
  const time = signingTime(signature.date);
  const parts = signature.scope.split("/");
  if (parts.length !== 4 || parts[2] !== service || parts[3] !== "aws4_request") {
    return `Credential should be scoped to correct service: '${service}'. `;
  }
  if (parts[0] !== signature.date.slice(0, 8)) {
    return "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP";
  }
  // STS uses the date and ignores X-Amz-Expires of a presigned URL; clusters rely on that.
  if (time + FIFTEEN_MINUTES < now) {
    return `Signature expired: ${signature.date} is now earlier than the limit`;
  }
  if (time > now + FIFTEEN_MINUTES) return `Signature not yet current: ${signature.date}`;
  return undefined;
}

/** The signer, or the error. */
export type Caller = { credentials: IssuedCredentials } | { refusal: Response };

/** How a service reports an error. */
export type Refuse = (status: number, code: string, message: string) => Response;

/** The signer, or the error of STS or another service. */
export async function identifyCaller(
  context: AwsContext,
  service = "sts",
  answer: Refuse = (...error) => stsError(context, ...error),
): Promise<Caller> {
  const refuse = (...error: Parameters<Refuse>): Caller => ({ refusal: answer(...error) });
  const wire = wireRequest(context);
  const parsed = parseSignature(wire);
  if (parsed.kind === "none") {
    return refuse(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
  }
  if (parsed.kind === "incomplete") {
    return refuse(
      400,
      "IncompleteSignature",
      "Authorization header requires 'Credential', 'SignedHeaders', 'Signature' and a date.",
    );
  }
  const { signature } = parsed;
  const credentials = findCredentials(context, signature.accessKeyId);
  if (!credentials || credentials.sessionToken !== signature.sessionToken) {
    const message = "The security token included in the request is invalid.";
    return refuse(403, "InvalidClientTokenId", message);
  }
  const stale = staleness(context, signature, service);
  if (stale !== undefined) return refuse(403, "SignatureDoesNotMatch", stale);
  if (!await verifySignature(wire, signature, credentials.secretAccessKey)) {
    return refuse(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
  }
  if (credentials.expiration <= context.world.clock.now()) {
    return refuse(403, "ExpiredToken", "The security token included in the request is expired");
  }
  return { credentials };
}
