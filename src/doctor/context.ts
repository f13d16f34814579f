/** Opens what the checks of one `doctor` share, even with broken settings. @module */

import { ssoEndpoints, stsEndpoint } from "../aws/endpoints.ts";
import { resolvePaths } from "../settings/paths.ts";
import { Fault, OktaAwsError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { grantedRoles } from "../roles/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { type AppContext, type CommonFlags, openLocalContext } from "../app/context.ts";
import { withInteraction } from "../app/open_context.ts";
import { readRoleLists } from "../roles/known_roles.ts";
import { openHttp } from "../app/open_http.ts";
import { isIdentityCenter, ssoSessionOf } from "../identity_center/sso_account.ts";
import { pluginHooks } from "../plugins/plugin_hooks.ts";
import type { DoctorContext, Reached, Server } from "./finding.ts";

/** Below the time limit of a check. */
const TIMEOUT_MILLISECONDS = 8_000;

/** Wraps what is not an error of ours in a {@linkcode Fault}. */
export function toOwnError(error: unknown): OktaAwsError {
  if (error instanceof OktaAwsError) return error;
  return new Fault(error instanceof Error ? error.message : String(error), error);
}

async function openContextOrEmpty(
  ports: Ports,
  flags: CommonFlags,
): Promise<{ context: AppContext; settingsError: OktaAwsError | undefined }> {
  try {
    // Not openContext(), which repairs the cache folder: a check reports it.
    const context = withInteraction(
      { ...await openLocalContext(ports, flags), plugins: pluginHooks },
      "foreground",
    );
    return { context, settingsError: undefined };
  } catch (error) {
    const { parseSettings } = await import("../settings/settings.ts");
    const paths = resolvePaths(ports.environment, flags.config);
    const settings = parseSettings("", paths.settings);
    const local = { ports, plugins: pluginHooks, flags, paths, settings };
    return { context: withInteraction(local, "foreground"), settingsError: toOwnError(error) };
  }
}

/** The services behind the portals of IAM Identity Center; another check reports broken settings. */
async function portalServers(context: AppContext): Promise<Server[]> {
  const { settings: { accounts }, ports: { environment: { get } } } = context;
  const names = [...accounts.keys()].filter((name) => isIdentityCenter(context, name));
  const servers = names.map(async (name): Promise<Server[]> => {
    try {
      const { oidc, portal } = ssoEndpoints((await ssoSessionOf(context, name)).region, get);
      return [oidc, portal].map(({ url }) => ({ name: "IAM Identity Center", url }));
    } catch {
      return [];
    }
  });
  const byUrl = new Map((await Promise.all(servers)).flat().map((server) => [server.url, server]));
  return [...byUrl.values()];
}

/** Each org and portal of the settings, and the STS of each partition with known roles. */
async function listServers(context: AppContext): Promise<Server[]> {
  const { settings: { accounts }, ports: { environment: { get } } } = context;
  const orgs = new Set(
    [...accounts.values()].map(({ org }) => org).filter((org) => org !== undefined),
  );
  const lists = await readRoleLists(context).catch(() => []);
  const found = lists.flatMap(grantedRoles).map(({ roleArn }) => roleArn.split(":")[1]!);
  const region = [...accounts.values()].find((account) => account.region)?.region;
  const sts = [...new Set(found.length === 0 ? ["aws"] : found)].flatMap((partition) => {
    try {
      return [stsEndpoint({ partition, region, get }).url];
    } catch {
      // Another check reports an endpoint that can't be used.
      return [];
    }
  });
  return [
    ...[...orgs].map((org) => ({ name: "Okta", url: `${org}/.well-known/okta-organization` })),
    ...await portalServers(context),
    ...[...new Set(sts)].map((url) => ({ name: "AWS STS", url })),
  ];
}

async function send(context: AppContext, url: string): Promise<Reached> {
  const { clock } = context.ports;
  const began = clock.now();
  const done = () => ({ url, at: (began + clock.now()) / 2, took: clock.now() - began });
  try {
    const http = await openHttp(context);
    const headers = { Accept: "application/json" };
    const timeoutMilliseconds = TIMEOUT_MILLISECONDS;
    const response = await http.send({ method: "GET", url, headers, timeoutMilliseconds });
    return { ...done(), response };
  } catch (error) {
    return { ...done(), error: toOwnError(error) };
  }
}

/** Opens the context of the checks; broken settings become `settingsError`. */
export async function openDoctor(ports: Ports, flags: CommonFlags): Promise<DoctorContext> {
  const { context, settingsError } = await openContextOrEmpty(ports, flags);
  const asked = new Map<string, Promise<Reached>>();
  const { home } = ports.environment;
  return {
    context,
    settingsError,
    servers: await listServers(context),
    reach(url) {
      const answer = asked.get(url) ?? send(context, url);
      asked.set(url, answer);
      return answer;
    },
    probe: () => ports.networkProbe(),
    show: (path) =>
      showUntrusted(path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path),
  };
}
