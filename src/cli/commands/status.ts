/** `status`: sessions, stored secrets and cached credentials; it opens no secret store. @module */

import type { AppContext, CommonFlags } from "../../app/context.ts";
import { openContext } from "../invocation.ts";
import { isIdentityCenter, ssoSessionOf } from "../../identity_center/sso_account.ts";
import { openAccountState } from "../../store/account_state.ts";
import type { CachedFacts } from "../../credentials/credential_cache.ts";
import { openTokenStore } from "../../okta/device/token_store.ts";
import { openSessionStore } from "../../okta/sign_in/kept_session.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { accountSettings } from "../../settings/account_settings.ts";
import type { Invocation } from "../invocation.ts";
import { formatMoment, formatTable } from "../output.ts";
import { openCache } from "../../credentials/open_cache.ts";

interface AccountStatus {
  portal?: { startUrl: string; sessionExpiration: string | null };
  account: string;
  org: string | null;
  username: string | null;
  backend: string | null;
  secrets: string[];
  passedOver: { name: string; why: string }[];
  passwordRefused: boolean;
  signedIn: string | null;
  credentials: { roleArn: string; endpoint: string; expiration: string }[];
}

/** For the account of `--account`, else for all. */
export async function runStatus({ ports, flags }: Invocation): Promise<void> {
  const context = await openContext(ports, flags, "background");
  const names = selectAccounts(context, flags);
  const cached = await openCache(context).list();
  const live = cached.filter(({ expiration }) => expiration > ports.clock.now());
  const all = await Promise.all(names.map((name) => accountStatus(context, name, live)));
  if (flags.json) return ports.output.answer(`${JSON.stringify(all)}\n`);
  for (const status of all) ports.output.answer(formatStatus(status, ports.clock.now()));
}

function selectAccounts(context: AppContext, { account }: CommonFlags): string[] {
  const names = account === undefined ? [...context.settings.accounts.keys()] : [account];
  // Throws if nothing is set up, or no account of that name.
  if (names.length === 0) accountSettings(context, "default");
  for (const name of names) accountSettings(context, name);
  return names;
}

async function portalStatus(
  context: AppContext,
  name: string,
): Promise<NonNullable<AccountStatus["portal"]>> {
  const { openSsoAccess } = await import("../../identity_center/sso_access.ts");
  const session = await ssoSessionOf(context, name);
  const { tokens } = await openSsoAccess(context, name, session);
  const token = await tokens.read();
  const lives = token !== undefined && token.expiresAt > context.ports.clock.now();
  const sessionExpiration = lives ? new Date(token.expiresAt).toISOString() : null;
  return { startUrl: session.startUrl, sessionExpiration };
}

async function accountStatus(
  context: AppContext,
  name: string,
  live: CachedFacts[],
): Promise<AccountStatus> {
  const { ports, paths, settings } = context;
  const { org, username, auth, oidc_client_id: clientId } = settings.accounts.get(name) ?? {};
  const { stored, refusedItem } = await (await openAccountState(ports.files, paths.cache, name))
    .read();
  const owner = { cacheDirectory: paths.cache, account: name };
  const sessions = org && await openSessionStore(ports.files, { ...owner, org });
  const tokens = org && auth === "device" && clientId !== undefined
    ? await openTokenStore(ports.files, { ...owner, org, clientId })
    : undefined;
  const signedInAt = tokens
    ? (await tokens.times())?.signedInAt
    : sessions && await sessions.signedInAt() || undefined;
  const iso = (moment: number) => new Date(moment).toISOString();
  const portal = isIdentityCenter(context, name)
    ? { portal: await portalStatus(context, name) }
    : {};
  return {
    ...portal,
    account: name,
    org: org ?? null,
    username: username ?? null,
    backend: stored?.backend ?? null,
    secrets: (["password", "totp"] as const).filter((kind) => stored?.[kind]),
    passedOver: stored?.passedOver ?? [],
    passwordRefused: refusedItem !== undefined,
    signedIn: signedInAt === undefined ? null : iso(signedInAt),
    credentials: live.filter(({ account }) => account === name).map((facts) => ({
      roleArn: facts.roleArn,
      endpoint: facts.endpoint,
      expiration: iso(facts.expiration),
    })),
  };
}

function portalLines(
  { account }: AccountStatus,
  { startUrl, sessionExpiration }: NonNullable<AccountStatus["portal"]>,
  moment: (text: string) => string,
): string[] {
  const until = sessionExpiration === null ? "none" : `until ${moment(sessionExpiration)}`;
  return [
    `${account}: IAM Identity Center at ${showUntrusted(startUrl)}`,
    `  session       ${until}`,
  ];
}

function formatStatus(status: AccountStatus, now: number): string {
  const { account, username, org, secrets, backend, passwordRefused, signedIn, passedOver } =
    status;
  const moment = (text: string) => formatMoment(Date.parse(text), now);
  const kept = secrets.length === 0 ? "none stored" : `${secrets.join(", ")} in ${backend}`;
  const lines = status.portal ? portalLines(status, status.portal, moment) : [
    `${account}: ${showUntrusted(username ?? "?")} at ${showUntrusted(org ?? "?")}`,
    `  secrets       ${kept}${passwordRefused ? "; Okta rejected the password" : ""}`,
    ...passedOver.map(({ name, why }) =>
      `                not in ${showUntrusted(name)}: ${showUntrusted(why)}`
    ),
    `  Okta session  ${signedIn === null ? "none" : `since ${moment(signedIn)}`}`,
  ];
  const rows = status.credentials.map((
    { roleArn, expiration, endpoint },
  ) => [`  ${showUntrusted(roleArn)}`, moment(expiration), new URL(endpoint).host]);
  const table = rows.length === 0
    ? "  credentials   none\n"
    : formatTable(["  CREDENTIALS", "VALID UNTIL", "FROM"], rows);
  return `${lines.join("\n")}\n${table}`;
}
