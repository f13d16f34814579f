/**
 * The signed calls of STS, by AWS's own client. Every option is explicit: otherwise it reads the
 * environment and the shared config files, which may name other endpoints, and may run us again.
 *
 * @module
 */

import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  STSClient,
  type STSClientConfig,
  STSServiceException,
} from "@aws-sdk/client-sts";
import { OktaAwsError } from "../../errors.ts";
import type { HttpRequest } from "../../ports.ts";
import { VERSION } from "../../version.ts";
import type { StsEndpoint } from "../endpoints.ts";
import type { SessionPolicy } from "../session_policy.ts";
import { sendToSts, STS_ACCEPT } from "./send_to_sts.ts";
import type {
  AssumeRoleInput,
  SigningCredentials,
  SigningOptions,
  StsTransport,
} from "./sts_calls.ts";
import { type StsAction, stsError } from "./sts_errors.ts";
import {
  type AssumedRole,
  type CallerIdentity,
  malformed,
  type StsAnswer,
  toAssumedRole,
  toCallerIdentity,
} from "./sts_response.ts";

/** One call. */
interface Call {
  action: StsAction;
  endpoint: StsEndpoint;
  credentials: SigningCredentials;
  /** Whether it may be sent twice. */
  repeatable: boolean;
  /** How far STS's clock is ahead of ours, milliseconds. */
  skew?: number;
}

/** What the client hands to its request handler. */
interface ClientRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** These are the connection's own, or ours. */
const OWN_HEADERS = ["host", "content-length", "user-agent"];

function toHttpRequest(request: ClientRequest, repeatable: boolean): HttpRequest {
  const { protocol, hostname, port, path, body = "" } = request;
  const headers = Object.entries(request.headers).filter(([name]) =>
    !OWN_HEADERS.includes(name.toLowerCase())
  );
  return {
    method: "POST",
    url: `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`,
    // Accept is added after the signature: a proxy may rewrite it.
    headers: { ...Object.fromEntries(headers), accept: STS_ACCEPT },
    body,
    repeatable,
  };
}

function createClient(
  transport: StsTransport,
  { action, endpoint, credentials, repeatable, skew = 0 }: Call,
  onAnswer: (answer: StsAnswer) => void,
): STSClient {
  const requestHandler = {
    metadata: { handlerProtocol: "http/1.1" },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    /** Retries, proxies and limits are those of all our requests. */
    async handle(request: ClientRequest) {
      const sent = toHttpRequest(request, repeatable);
      const answer = await sendToSts(transport, { action, endpoint, request: sent });
      const { response, root } = answer;
      onAnswer(answer);
      const body = new TextEncoder().encode(response.body);
      // The client takes any 200 for success.
      const statusCode = root.name === "ErrorResponse" && response.status < 400
        ? 400
        : response.status;
      return { response: { statusCode, headers: {}, body } };
    },
  };
  const { kind = { fips: false, dualStack: false } } = endpoint;
  const config: STSClientConfig & { ignoreConfiguredEndpointUrls: true } = {
    region: endpoint.region,
    // Otherwise it takes the regional one.
    ...((endpoint.custom || endpoint.global) && { endpoint: endpoint.url }),
    ignoreConfiguredEndpointUrls: true,
    useFipsEndpoint: kind.fips,
    useDualstackEndpoint: kind.dualStack,
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey.reveal(),
      ...(credentials.sessionToken && { sessionToken: credentials.sessionToken.reveal() }),
    },
    systemClockOffset: transport.clock.now() + skew - Date.now(),
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    authSchemePreference: ["sigv4"],
    sigv4aSigningRegionSet: [endpoint.region],
    userAgentAppId: "",
    defaultUserAgentProvider: () => Promise.resolve([["okta-aws", VERSION]]),
    requestHandler: requestHandler as unknown as NonNullable<STSClientConfig["requestHandler"]>,
  };
  return new STSClient(config);
}

async function call<T>(
  transport: StsTransport,
  details: Call,
  send: (client: STSClient) => Promise<T>,
): Promise<{ output: T; answer: StsAnswer }> {
  const { action } = details;
  let answer: StsAnswer | undefined;
  const client = createClient(transport, details, (one) => void (answer = one));
  try {
    const output = await send(client);
    return { output, answer: answer! };
  } catch (error) {
    if (error instanceof OktaAwsError) throw error;
    const got = answer as StsAnswer | undefined;
    // Not the client's error as a cause: it carries the answer, with credentials perhaps.
    if (error instanceof STSServiceException && got !== undefined) {
      const skew = details.skew === undefined && skewOf(transport, details, got);
      if (skew) return await call(transport, { ...details, skew }, send);
      throw toError(action, error, got);
    }
    if (got !== undefined) throw malformed(action, unreadable(error));
    throw error;
  } finally {
    client.destroy();
  }
}

/** AWS refuses a signature that is five minutes old, or from the future. */
const MOST_SKEW_MILLISECONDS = 4 * 60_000;

/** By how much our clock is wrong, if that is why a signature may have been refused. */
function skewOf(
  { clock }: StsTransport,
  { repeatable }: Call,
  { response: { headers, body } }: StsAnswer,
): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  const skew = date - clock.now();
  const isSignature = repeatable &&
    /<Code>\s*(?:SignatureDoesNotMatch|RequestExpired|RequestTimeTooSkewed)\s*</.test(body);
  return isSignature && Math.abs(skew) > MOST_SKEW_MILLISECONDS ? skew : undefined;
}

/** The client's error has what STS said under `Error`. */
function toError(
  action: StsAction,
  error: STSServiceException,
  { response, root }: StsAnswer,
): OktaAwsError {
  const { Code = "", Message = "" } =
    (error as STSServiceException & { Error?: { Code?: string; Message?: string } }).Error ?? {};
  return stsError(action, { status: response.status, code: Code, message: Message, root });
}

/** The only member of an answer that is more than text. */
function unreadable(error: unknown): string {
  const isTime = error instanceof Error && /RFC-?3339|timestamp|date/i.test(error.message);
  return isTime ? "Expiration" : "XML";
}

function policyInput(policy: SessionPolicy | undefined) {
  if (policy === undefined) return {};
  const { arns, document } = policy;
  return {
    ...(arns.length > 0 && { PolicyArns: arns.map((arn) => ({ arn })) }),
    ...(document !== undefined && { Policy: document }),
  };
}

export async function assumeRole(
  transport: StsTransport,
  input: AssumeRoleInput,
): Promise<AssumedRole> {
  const { endpoint, credentials, tokenCode, tags = {}, transitiveTagKeys = [] } = input;
  const action = "AssumeRole";
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const command = new AssumeRoleCommand({
    RoleArn: input.roleArn,
    RoleSessionName: input.roleSessionName,
    ExternalId: input.externalId,
    SerialNumber: input.serialNumber,
    TokenCode: tokenCode?.reveal(),
    DurationSeconds: input.durationSeconds,
    SourceIdentity: input.sourceIdentity,
    ...(Tags.length > 0 && { Tags }),
    ...(transitiveTagKeys.length > 0 && { TransitiveTagKeys: [...transitiveTagKeys] }),
    ...policyInput(input.sessionPolicy),
  });
  const { output, answer } = await call(
    transport,
    { action, endpoint, credentials, repeatable: tokenCode === undefined },
    (client) => client.send(command),
  );
  return toAssumedRole(action, output, answer);
}

export async function callerIdentity(
  transport: StsTransport,
  { endpoint, credentials }: SigningOptions,
): Promise<CallerIdentity> {
  const action = "GetCallerIdentity";
  const { output } = await call(
    transport,
    { action, endpoint, credentials, repeatable: true },
    (client) => client.send(new GetCallerIdentityCommand({})),
  );
  return toCallerIdentity(output);
}
