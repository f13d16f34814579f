import { awsId, awsSessionToken, base64Text } from "../../random_text.ts";
import type { AwsContext } from "../context.ts";
import { portalError } from "./sso_error.ts";
import type { IssuedCredentials } from "../../state.ts";
import type { SimPortalAccount, SimSsoToken } from "./sso_world.ts";

function tokenOf({ world, state, request }: AwsContext): SimSsoToken | undefined {
  const token = state.sso.tokens.get(request.headers.get("x-amz-sso_bearer_token") ?? "");
  return token && !token.revoked && token.expiresAt > world.clock.now() ? token : undefined;
}

function dead(): Response {
  return portalError("UnauthorizedException", "Session token not found or invalid", 401);
}

/** One page of a list; its token is the index of its first item. */
function paged<T>(
  { world, request }: AwsContext,
  items: T[],
): { items: T[]; nextToken: string | null } {
  const size = Math.min(world.sso!.pageSize, Number(request.query.get("max_result") ?? 100));
  const from = Number(atob(request.query.get("next_token") ?? btoa("0")));
  const nextToken = from + size < items.length ? btoa(String(from + size)) : null;
  return { items: items.slice(from, from + size), nextToken };
}

function accountOf({ world, request }: AwsContext): SimPortalAccount | undefined {
  return world.sso!.accounts.find(({ id }) => id === request.query.get("account_id"));
}

/** `GET /assignment/accounts`. */
export function accounts(context: AwsContext): Response {
  if (tokenOf(context) === undefined) return dead();
  const { items, nextToken } = paged(context, context.world.sso!.accounts);
  const accountList = items.map(({ id, name }) => ({
    accountId: id,
    accountName: name,
    emailAddress: `aws+${id}@example.com`,
  }));
  return Response.json({ accountList, nextToken });
}

/** `GET /assignment/roles`. */
export function roles(context: AwsContext): Response {
  if (tokenOf(context) === undefined) return dead();
  const account = accountOf(context);
  if (account === undefined || account.gone) {
    return portalError("ResourceNotFoundException", "Account not found", 404);
  }
  const { items, nextToken } = paged(context, account.roles);
  const roleList = items.map((roleName) => ({ roleName, accountId: account.id }));
  return Response.json({ roleList, nextToken });
}

/** `GET /federation/credentials`. */
export function credentials(context: AwsContext): Response {
  const { world, state, request } = context;
  const token = tokenOf(context);
  if (token === undefined) return dead();
  const roleName = request.query.get("role_name") ?? "";
  if (!accountOf(context)?.roles.includes(roleName)) {
    return portalError("ForbiddenException", "No access", 403);
  }
  state.sso.credentials += 1;
  if (state.sso.credentials === world.sso!.revokeAfter) {
    for (const one of state.sso.tokens.values()) one.revoked = true;
    state.sso.refreshTokens.clear();
  }
  const account = request.query.get("account_id")!;
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = issue(
    context,
    account,
    roleName,
  );
  return Response.json({
    roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration },
  });
}

/** Credentials that STS accepts too; as at AWS, the role's name ends in a hash. */
function issue({ world, state }: AwsContext, account: string, roleName: string): IssuedCredentials {
  const name = `AWSReservedSSO_${roleName}_0123456789abcdef`;
  const issued: IssuedCredentials = {
    accessKeyId: awsId("ASIA"),
    secretAccessKey: base64Text(40),
    sessionToken: awsSessionToken(),
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/jane@example.com`,
    roleArn: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/${
      world.sso!.region
    }/${name}`,
    userId: `${awsId("AROA")}:jane@example.com`,
    expiration: world.clock.now() + world.sso!.credentialSeconds * 1000,
    chained: false,
  };
  state.credentials.set(issued.accessKeyId, issued);
  return issued;
}

/** `POST /logout`. */
export function logout(context: AwsContext): Response {
  const token = tokenOf(context);
  if (token === undefined) return dead();
  token.revoked = true;
  return new Response(null, { status: 200 });
}
