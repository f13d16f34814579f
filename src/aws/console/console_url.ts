/**
 * A signed link to the AWS console.
 *
 * @module
 */

import { consoleDestination } from "./console_destination.ts";
import { signInOrigin } from "../endpoints.ts";
import { formatLoginUrl, processSigninTokenResponse, signinTokenRequest } from "./federation.ts";
import { AwsError } from "../../errors.ts";
import { sendWithRetry } from "../../http_retry.ts";
import type { Secret } from "../../secret.ts";
import type { CredentialRequest } from "../../credentials/credential_request.ts";
import { openHttp } from "../../app/open_http.ts";
import type { AppContext } from "../../app/context.ts";
import type { IssuedCredentials } from "../session_credentials.ts";

/** Which page of the console. */
export interface ConsoleTarget {
  /** A service's name. */
  service?: string | undefined;
  /** A whole URL. */
  destination?: string | undefined;
  /** Instead of the request's region. */
  region?: string | undefined;
  /** How long the console session may last, seconds; default: AWS's maximum. */
  sessionSeconds?: number | undefined;
}

/** Credentials, and the request that they answer. */
interface ObtainedCredentials extends Pick<IssuedCredentials, "credentials"> {
  request: CredentialRequest;
}

/** How long a console session may last, seconds: AWS's maximum, independent of the credentials. */
const CONSOLE_SECONDS = 43_200;

function originOf(
  { ports: { environment: { get } } }: AppContext,
  { chain, region }: CredentialRequest,
): string {
  return signInOrigin({ partition: chain.at(-1)!.roleArn.split(":")[1]!, region, get });
}

/** Opens the connection that {@linkcode consoleUrl} will need, while credentials are obtained. */
export function connectToSignIn(context: AppContext, request: CredentialRequest): void {
  const connect = async () => (await openHttp(context)).connectEarly?.(originOf(context, request));
  // What is wrong shows when the link is made.
  void connect().catch(() => {});
}

/**
 * Makes the link.
 *
 * @returns A secret: anyone who has it within 15 minutes is signed in.
 * @throws {AwsError} `federation_refused`
 */
export async function consoleUrl(
  context: AppContext,
  { request, credentials }: ObtainedCredentials,
  target: ConsoleTarget,
): Promise<Secret> {
  const { get } = context.ports.environment;
  const partition = request.chain.at(-1)!.roleArn.split(":")[1]!;
  const region = target.region ?? request.region;
  const { service, destination: page, sessionSeconds } = target;
  const destination = consoleDestination({ partition, region, service, destination: page });
  const origin = signInOrigin({ partition, region, get });
  const { org, app } = context.settings.accounts.get(request.oktaAccount) ?? {};
  const signinToken = await signinTokenFor(
    context,
    { origin, request, credentials },
    sessionSeconds,
  );
  const issuer = app?.[0] ?? org ?? origin;
  return formatLoginUrl({ origin, issuer, destination, signinToken });
}

/**
 * AWS refuses a duration for chained roles, and some values for unknown reasons (wnkz/aws-sso#11).
 */
async function signinTokenFor(
  context: AppContext,
  { origin, request: { chain }, credentials }: ObtainedCredentials & { origin: string },
  sessionSeconds = CONSOLE_SECONDS,
): Promise<Secret> {
  const http = await openHttp(context);
  const ask = async (sessionDurationSeconds?: number) => {
    const input = { origin, credentials, sessionDurationSeconds };
    const request = signinTokenRequest(input);
    return processSigninTokenResponse(
      await sendWithRetry({ http, clock: context.ports.clock }, request, { idempotent: true }),
    );
  };
  if (chain.length > 1) return await ask();
  try {
    return await ask(sessionSeconds);
  } catch (error) {
    if (error instanceof AwsError && error.code === "federation_refused") return await ask();
    throw error;
  }
}
