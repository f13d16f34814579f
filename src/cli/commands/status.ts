/** `status`: sessions, stored secrets and cached credentials; it opens no secret store. @module */

import type { AppContext, CommonFlags } from "../../app/context.ts";
import { openContext } from "../invocation.ts";
import { isIdentityCenter, ssoSessionOf } from "../../identity_center/sso_account.ts";
import { openAccountState } from "../../store/account_state.ts";
import {
  describeSessionPolicy,
  type SessionPolicy,
  type SessionPolicyJson,
  sessionPolicyToJson,
} from "../../aws/session_policy.ts";
import type { CachedFacts } from "../../credentials/credential_cache.ts";
import { openTokenStore } from "../../okta/device/token_store.ts";
import { openSessionStore } from "../../okta/sign_in/kept_session.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { accountSettings } from "../../settings/account_settings.ts";
import type { Invocation } from "../invocation.ts";
import { formatTimeLeft } from "../../app/time_left.ts";
import { readRoleLists, rolesOf } from "../../roles/known_roles.ts";
import type { KnownRole } from "../../roles/role_match.ts";
import { compareNames, roleLabel } from "../../roles/role_search.ts";
import { formatExpiration, formatMoment } from "../output.ts";
import { type Style, styleOf } from "../style.ts";
import { formatTable } from "../table.ts";
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
  /** When Okta ends the session, if Okta was asked (`signin`). */
  sessionExpiration: string | null;
  credentials: {
    roleArn: string;
    profile: string | null;
    endpoint: string;
    expiration: string;
    sessionPolicy: SessionPolicyJson | null;
  }[];
}

/** For the account of `--account`, else for all. Expired credentials only with `--all`. */
export async function runStatus({ ports, flags }: Invocation): Promise<void> {
  const context = await openContext(ports, flags, "background");
  const names = selectAccounts(context, flags);
  const now = ports.clock.now();
  const cached = await openCache(context).list();
  const live = cached.filter(({ expiration }) => expiration > now);
  const roles = rolesOf(context, await readRoleLists(context));
  const all = await Promise.all(
    names.map((name) => accountStatus(context, name, { cached: live, roles })),
  );
  if (flags.json) return ports.output.answer(`${JSON.stringify(all)}\n`);
  const style = styleOf({ ports, flags }, "answer");
  for (const [index, status] of all.entries()) {
    const expired = cached.filter(({ account, expiration }) =>
      account === status.account && expiration <= now
    );
    if (index > 0) ports.output.answer("\n");
    const page = { status, expired, roles, all: flags.all ?? false };
    ports.output.answer(formatStatus(style, page, now));
  }
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
  { cached, roles }: { cached: readonly CachedFacts[]; roles: readonly KnownRole[] },
): Promise<AccountStatus> {
  const { ports, paths, settings } = context;
  const { org, username, auth, oidc_client_id: clientId } = settings.accounts.get(name) ?? {};
  const { stored, refusedItem } = await (await openAccountState(ports.files, paths.cache, name))
    .read();
  const owner = { cacheDirectory: paths.cache, account: name };
  const sessions = org && await openSessionStore(ports.files, { ...owner, org, username });
  const tokens = org && auth === "device" && clientId !== undefined
    ? await openTokenStore(ports.files, { ...owner, org, clientId })
    : undefined;
  const signedInAt = tokens
    ? (await tokens.times())?.signedInAt
    : sessions && await sessions.signedInAt() || undefined;
  const iso = (moment: number) => new Date(moment).toISOString();
  const expiresAt = signedInAt === undefined
    ? undefined
    : await (sessions || undefined)?.expiresAt();
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
    sessionExpiration: expiresAt === undefined ? null : iso(expiresAt),
    credentials: cached.filter(({ account }) => account === name).map((facts) => ({
      roleArn: facts.roleArn,
      profile: roles.find(({ roleArn }) => roleArn === facts.roleArn)?.profile ?? null,
      endpoint: facts.endpoint,
      expiration: iso(facts.expiration),
      sessionPolicy: sessionPolicyToJson(facts.sessionPolicy),
    })),
  };
}

interface StatusPage {
  status: AccountStatus;
  /** Credentials that have expired; only counted, unless `all`. */
  expired: readonly CachedFacts[];
  roles: readonly KnownRole[];
  all: boolean;
}

function titleOf({ account, portal, username, org }: AccountStatus): string {
  const parts = portal
    ? [account, "IAM Identity Center", portal.startUrl]
    : [account, username ?? "?", org === null ? "?" : new URL(org).host];
  return parts.map(showUntrusted).join(" · ");
}

function sessionLine(
  { good, faint }: Style,
  { portal, signedIn, sessionExpiration }: AccountStatus,
  now: number,
): string {
  const until = Date.parse(portal?.sessionExpiration ?? sessionExpiration ?? "");
  if (until > now) {
    return good(`✓ ${formatTimeLeft(until - now)} (until ${formatMoment(until, now)})`);
  }
  if (until <= now) return faint("expired");
  if (portal || signedIn === null) return faint("none");
  return good(`✓ signed in since ${formatMoment(Date.parse(signedIn), now)}`);
}

function secretsLine({ good, bad, faint }: Style, status: AccountStatus): string {
  const { secrets, backend, passwordRefused } = status;
  if (secrets.length === 0) return faint("none stored");
  const names = secrets.map((kind) => kind === "totp" ? "TOTP" : kind).join(", ");
  return passwordRefused
    ? bad(`✗ ${names} (${backend}); Okta rejected the password`)
    : good(`✓ ${names} (${backend})`);
}

function formatStatus(style: Style, { status, expired, roles, all }: StatusPage, now: number) {
  const { bold, faint } = style;
  const { credentials, portal, passedOver } = status;
  const count = [
    credentials.length > 0 && `${credentials.length} live`,
    expired.length > 0 && `${expired.length} expired${all ? "" : " (--all)"}`,
  ].filter((part) => part !== false).join(", ");
  const lines = [
    bold(titleOf(status)),
    `  ${portal ? "Session     " : "Okta session"}  ${sessionLine(style, status, now)}`,
    ...portal ? [] : [`  Secrets       ${secretsLine(style, status)}`],
    ...passedOver.map(({ name, why }) =>
      faint(`                not in ${showUntrusted(name)}: ${showUntrusted(why)}`)
    ),
    `  Credentials   ${count === "" ? faint("none") : count}`,
  ];
  const live = credentials.map(({ roleArn, expiration, endpoint, sessionPolicy }) => ({
    roleArn,
    until: Date.parse(expiration),
    endpoint,
    policy: sessionPolicy,
  }));
  const gone = all
    ? expired.map(({ roleArn, expiration, endpoint, sessionPolicy }) => ({
      roleArn,
      until: expiration,
      endpoint,
      policy: sessionPolicy,
    }))
    : [];
  const rows = [...live, ...gone].map((one) => credentialRow(one, roles, now))
    .toSorted((a, b) => compareNames(a.join(), b.join()));
  const isLimited = rows.some(([, , policy]) => policy !== "");
  const table = rows.length === 0 ? "" : formatTable({ ...style, columns: style.columns - 2 }, {
    heads: isLimited
      ? ["PROFILE", "ROLE", "LIMITED TO", "EXPIRES", "FROM"]
      : ["PROFILE", "ROLE", "EXPIRES", "FROM"],
    rows: isLimited ? rows : rows.map((row) => row.toSpliced(2, 1)),
    optional: isLimited ? [4, 1] : [3, 1],
  }).replaceAll(/^(?=.)/gm, "  ");
  return `${lines.join("\n")}\n${table}`;
}

interface LiveRow {
  roleArn: string;
  until: number;
  endpoint: string;
  policy: SessionPolicy | SessionPolicyJson | null | undefined;
}

function credentialRow(
  { roleArn, until, endpoint, policy }: LiveRow,
  roles: readonly KnownRole[],
  now: number,
): string[] {
  const role = roles.find((one) => one.roleArn === roleArn);
  return [
    showUntrusted(role?.profile ?? "–"),
    role === undefined ? showUntrusted(roleArn) : roleLabel(role),
    !policy ? "" : showUntrusted(describeSessionPolicy(policy)),
    until > now ? formatExpiration(until, now) : "expired",
    new URL(endpoint).host,
  ];
}
