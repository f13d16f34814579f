/**
 * The portal of IAM Identity Center: which accounts and roles a person has, and credentials for
 * them.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html
 * @module
 */

import * as v from "valibot";
import { NetworkError } from "../errors.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import { number, object } from "../schemas.ts";
import { Secret } from "../secret.ts";
import type { SsoRole } from "../aws/sso_session.ts";
import type { SessionCredentials } from "../aws/session_credentials.ts";
import { readSsoAnswer, ssoPortalError } from "./sso_response.ts";

/** An AWS account of the person. */
export interface PortalAccount {
  /** Twelve digits. */
  accountId: string;
  /** Untrusted; empty if it has no name. */
  accountName: string;
}

/** One page of a list. */
export interface PortalPage<T> {
  items: T[];
  /** Asks for the next one; `undefined` on the last. */
  nextToken: string | undefined;
}

/** The API's maximum. */
const PAGE_SIZE = "100";

function get(url: string, token: Secret, query: [string, string][]): HttpRequest {
  return {
    method: "GET",
    url: `${url}?${new URLSearchParams(query)}`,
    headers: { "Accept": "application/json", "x-amz-sso_bearer_token": token.reveal() },
  };
}

function paging(nextToken: string | undefined): [string, string][] {
  const next: [string, string][] = nextToken === undefined ? [] : [["next_token", nextToken]];
  return [["max_result", PAGE_SIZE], ...next];
}

/** Asks for the person's accounts (`GET /assignment/accounts`). */
export function accountsRequest(portal: string, token: Secret, nextToken?: string): HttpRequest {
  return get(`${portal}/assignment/accounts`, token, paging(nextToken));
}

/** Asks for the person's roles in an account (`GET /assignment/roles`). */
export function rolesRequest(
  portal: string,
  token: Secret,
  { accountId, nextToken }: { accountId: string; nextToken?: string | undefined },
): HttpRequest {
  return get(`${portal}/assignment/roles`, token, [
    ["account_id", accountId],
    ...paging(nextToken),
  ]);
}

/** Asks for credentials (`GET /federation/credentials`). */
export function credentialsRequest(
  portal: string,
  token: Secret,
  { accountId, roleName }: SsoRole,
): HttpRequest {
  const query: [string, string][] = [["role_name", roleName], ["account_id", accountId]];
  return get(`${portal}/federation/credentials`, token, query);
}

/** Ends the session (`POST /logout`). */
export function logoutRequest(portal: string, token: Secret): HttpRequest {
  return { ...get(`${portal}/logout`, token, []), method: "POST", url: `${portal}/logout` };
}

const nextSchema = v.nullish(v.string());

const accountsSchema = object({
  accountList: v.array(
    object({ accountId: v.string(), accountName: v.fallback(v.string(), "") }),
  ),
  nextToken: nextSchema,
});

const rolesSchema = object({
  roleList: v.array(object({ roleName: v.string() })),
  nextToken: nextSchema,
});

/** Milliseconds: 1973, which is what seconds would look like, and 2286. */
const [LEAST_EXPIRATION, MOST_EXPIRATION] = [1e11, 1e13];

/** Safe in a line of a file and in an environment variable. */
const PRINTABLE = /^[\x21-\x7e]+$/;

const credentialsSchema = object({
  roleCredentials: object({
    accessKeyId: v.pipe(v.string(), v.regex(/^\w{1,128}$/)),
    secretAccessKey: v.pipe(v.string(), v.regex(PRINTABLE)),
    sessionToken: v.pipe(v.string(), v.regex(PRINTABLE)),
    expiration: v.pipe(number, v.minValue(LEAST_EXPIRATION), v.maxValue(MOST_EXPIRATION)),
  }),
});

/**
 * Reads the answer to {@linkcode accountsRequest}.
 *
 * @throws {SignInError} `UnauthorizedException`: the token is dead.
 * @throws {NetworkError} If the service fails, or it was not the service that answered.
 */
export function processAccounts(response: HttpResponse): PortalPage<PortalAccount> {
  const { accountList, nextToken } = readSsoAnswer(
    response,
    accountsSchema,
    (refused) => ssoPortalError(refused, "list your accounts"),
  );
  return { items: accountList, nextToken: nextToken || undefined };
}

/**
 * Reads the answer to {@linkcode rolesRequest}.
 *
 * @throws {AwsError} If the person has lost the account.
 */
export function processRoles(response: HttpResponse): PortalPage<string> {
  const { roleList, nextToken } = readSsoAnswer(
    response,
    rolesSchema,
    (refused) => ssoPortalError(refused, "list the roles of an account"),
  );
  return { items: roleList.map(({ roleName }) => roleName), nextToken: nextToken || undefined };
}

/**
 * Reads the answer to {@linkcode credentialsRequest}.
 *
 * @returns The credentials; the portal counts their end in milliseconds.
 * @throws {AwsError} `ForbiddenException`, `ResourceNotFoundException`: the role is gone.
 * @throws {NetworkError} `bad_answer`, also for credentials that have expired.
 */
export function processCredentials(response: HttpResponse): SessionCredentials {
  const { roleCredentials } = readSsoAnswer(
    response,
    credentialsSchema,
    (refused) => ssoPortalError(refused, "give credentials for this role"),
  );
  // By AWS's own clock: ours may be off.
  const now = Date.parse(response.headers.get("date") ?? "");
  if (roleCredentials.expiration <= now) {
    throw new NetworkError("IAM Identity Center gave credentials that have expired", {
      code: "bad_answer",
      hint: "try again; then check whether a proxy is in between",
    });
  }
  return {
    accessKeyId: roleCredentials.accessKeyId,
    secretAccessKey: new Secret(roleCredentials.secretAccessKey),
    sessionToken: new Secret(roleCredentials.sessionToken),
    expiration: new Date(roleCredentials.expiration),
  };
}
