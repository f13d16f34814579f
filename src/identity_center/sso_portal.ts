/**
 * The portal of IAM Identity Center: which accounts and roles a person has, and credentials for them.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html
 * @module
 */

import * as z from "zod/mini";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import { Secret } from "../secret.ts";
import type { SessionCredentials } from "../aws/session_credentials.ts";
import { readSsoAnswer, ssoPortalError } from "./sso_response.ts";

/** An AWS account that the person has. */
export interface PortalAccount {
  /** Twelve digits. */
  accountId: string;
  /** What the organization calls it, untrusted; empty where it has no name. */
  accountName: string;
}

/** One page of a list. */
export interface PortalPage<T> {
  /** What is on it. */
  items: T[];
  /** Asks for the next one; `undefined` on the last. */
  nextToken: string | undefined;
}

/** As many as the API gives. */
const PAGE_SIZE = "100";

function get(portal: string, path: string, token: Secret, query: [string, string][]): HttpRequest {
  return {
    method: "GET",
    url: `${portal}${path}?${new URLSearchParams(query)}`,
    headers: { "Accept": "application/json", "x-amz-sso_bearer_token": token.reveal() },
  };
}

function paging(nextToken: string | undefined): [string, string][] {
  const next: [string, string][] = nextToken === undefined ? [] : [["next_token", nextToken]];
  return [["max_result", PAGE_SIZE], ...next];
}

/**
 * Asks for the person's accounts (`GET /assignment/accounts`).
 *
 * @param portal Where the service is.
 * @param token The access token.
 * @param nextToken Of the page before.
 * @returns The request.
 */
export function accountsRequest(portal: string, token: Secret, nextToken?: string): HttpRequest {
  return get(portal, "/assignment/accounts", token, paging(nextToken));
}

/**
 * Asks for the person's roles in an account (`GET /assignment/roles`).
 *
 * @param portal Where the service is.
 * @param token The access token.
 * @param accountId Which account.
 * @param nextToken Of the page before.
 * @returns The request.
 */
export function rolesRequest(
  portal: string,
  token: Secret,
  accountId: string,
  nextToken?: string,
): HttpRequest {
  return get(portal, "/assignment/roles", token, [["account_id", accountId], ...paging(nextToken)]);
}

/**
 * Asks for credentials (`GET /federation/credentials`).
 *
 * @param portal Where the service is.
 * @param token The access token.
 * @param accountId Which account.
 * @param roleName Which role of it.
 * @returns The request.
 */
export function credentialsRequest(
  portal: string,
  token: Secret,
  accountId: string,
  roleName: string,
): HttpRequest {
  const query: [string, string][] = [["role_name", roleName], ["account_id", accountId]];
  return get(portal, "/federation/credentials", token, query);
}

/**
 * Ends the session (`POST /logout`).
 *
 * @param portal Where the service is.
 * @param token The access token.
 * @returns The request.
 */
export function logoutRequest(portal: string, token: Secret): HttpRequest {
  return { ...get(portal, "/logout", token, []), method: "POST", url: `${portal}/logout` };
}

const nextSchema = z.nullish(z.string());

const accountsSchema = z.object({
  accountList: z.array(
    z.object({ accountId: z.string(), accountName: z.catch(z.string(), "") }),
  ),
  nextToken: nextSchema,
});

const rolesSchema = z.object({
  roleList: z.array(z.object({ roleName: z.string() })),
  nextToken: nextSchema,
});

const credentialsSchema = z.object({
  roleCredentials: z.object({
    accessKeyId: z.string().check(z.minLength(1)),
    secretAccessKey: z.string().check(z.minLength(1)),
    sessionToken: z.string().check(z.minLength(1)),
    expiration: z.number(),
  }),
});

/**
 * Reads the answer to {@linkcode accountsRequest}.
 *
 * @param response The answer.
 * @returns One page.
 * @throws {SignInError} `UnauthorizedException`: the token is dead.
 * @throws {NetworkError} Where the service fails, or it is not that service.
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
 * @param response The answer.
 * @returns One page of names.
 * @throws {AwsError} Where the account is not the person's any more.
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
 * @param response The answer.
 * @returns The credentials; the portal counts their end in milliseconds.
 * @throws {AwsError} `ForbiddenException`, `ResourceNotFoundException`: the role is gone.
 */
export function processCredentials(response: HttpResponse): SessionCredentials {
  const { roleCredentials } = readSsoAnswer(
    response,
    credentialsSchema,
    (refused) => ssoPortalError(refused, "give credentials for this role"),
  );
  return {
    accessKeyId: roleCredentials.accessKeyId,
    secretAccessKey: new Secret(roleCredentials.secretAccessKey),
    sessionToken: new Secret(roleCredentials.sessionToken),
    expiration: new Date(roleCredentials.expiration),
  };
}
