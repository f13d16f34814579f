/**
 * The links of awslogin: `/awslogin?baseProfile=P&roleArn=ARN…` leads to the AWS console.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { consoleUrl } from "../aws/console/console_url.ts";
import { type CredentialRequest, requestFrom } from "../credentials/credential_request.ts";
import { obtainCredentials } from "../credentials/obtain_credentials.ts";
import { UsageError } from "../errors.ts";
import { resolveKnownProfile } from "../profiles/resolve_profile.ts";
import type { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Obtain } from "./credential_service.ts";

/** The shortest session that AWS allows, the longest, and the longest of a chained role; seconds. */
const SECONDS = { least: 900, most: 43_200, chained: 3600 };

/** What a link asks for. */
export interface AwsLogin {
  profile: string;
  roleArn: string | undefined;
  sessionName: string | undefined;
  /** Seconds. */
  ttl: number | undefined;
  destination: string | undefined;
  service: string | undefined;
  region: string | undefined;
  isText: boolean;
}

/** @throws {UsageError} `no_profile`, `bad_session_name`, `bad_duration`, `bad_format` */
export function parseAwsLogin(query: URLSearchParams): AwsLogin {
  const get = (name: string) => query.get(name) || undefined;
  const profile = get("baseProfile") ?? get("profile");
  if (profile === undefined) {
    throw new UsageError("the link names no profile", {
      code: "no_profile",
      hint: "add baseProfile=PROFILE to the link",
    });
  }
  const format = get("format");
  if (format !== undefined && format !== "txt" && format !== "html") {
    throw new UsageError("the link's format is unknown", {
      code: "bad_format",
      hint: "use format=txt, or leave it out",
    });
  }
  return {
    profile,
    // ARNs and session names may have a plus and never a space, which is how a query reads one.
    roleArn: get("roleArn")?.replaceAll(" ", "+"),
    sessionName: checkedSessionName(get("sessionName")?.replaceAll(" ", "+")),
    ttl: parseTtl(get("ttl")),
    destination: get("destination"),
    service: get("service"),
    region: get("region"),
    isText: format === "txt",
  };
}

function checkedSessionName(name: string | undefined): string | undefined {
  if (name === undefined || /^[\w+=,.@-]{2,64}$/.test(name)) return name;
  throw new UsageError(`${showUntrusted(name)} can't be a session's name`, {
    code: "bad_session_name",
    hint: "use 2 to 64 letters, digits and + = , . @ - _",
  });
}

function parseTtl(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`${showUntrusted(text)} is not a number of seconds`, {
    code: "bad_duration",
    hint: "use seconds, such as ttl=3600",
  });
}

/** A sign-in URL, and what was not done as asked. */
export interface AwsLoginResult {
  url: Secret;
  notes: string[];
}

/** Makes a sign-in URL; nobody is asked. */
export async function awsLogin(
  context: AppContext,
  login: AwsLogin,
  obtain: Obtain,
): Promise<AwsLoginResult> {
  const { destination, service, region, ttl } = login;
  const page = { destination, service, region };
  const base = await resolveKnownProfile(context, login.profile, {});
  const { request: plain } = base === undefined ? await obtain(login.profile) : { request: base };
  const request = requestFor(plain, login);
  const isChained = request.source !== undefined || request.chain.length > 1;
  const { seconds, notes } = cutTtl(ttl, isChained);
  if (login.sessionName !== undefined && !isChained) {
    notes.push("sessionName is ignored: Okta names the session of this role");
  }
  const wanted = isChained && seconds !== undefined
    ? { ...request, assumeRoleSeconds: seconds }
    : request;
  const { credentials } = await obtainCredentials(context, wanted);
  const url = await consoleUrl(context, { request: wanted, credentials }, {
    ...page,
    ...(!isChained && { sessionSeconds: seconds }),
  });
  return { url, notes };
}

function requestFor(
  request: CredentialRequest,
  { roleArn, sessionName }: AwsLogin,
): CredentialRequest {
  const { chain, ...rest } = roleArn === undefined ? request : requestFrom(request, roleArn);
  const last = chain.at(-1)!;
  if (sessionName === undefined || chain.length < 2) return { chain, ...rest };
  return { ...rest, chain: [...chain.slice(0, -1), { ...last, roleSessionName: sessionName }] };
}

function cutTtl(
  ttl: number | undefined,
  isChained: boolean,
): { seconds: number | undefined; notes: string[] } {
  if (ttl === undefined) return { seconds: undefined, notes: [] };
  const most = isChained ? SECONDS.chained : SECONDS.most;
  const seconds = Math.min(most, Math.max(SECONDS.least, ttl));
  const note = `ttl ${ttl} is out of AWS's range (${SECONDS.least} to ${most}): using ${seconds}`;
  return { seconds, notes: seconds === ttl ? [] : [note] };
}
