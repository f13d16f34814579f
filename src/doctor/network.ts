/**
 * `doctor`: whether Okta and AWS can be reached: names, proxy, connection.
 *
 * @module
 */

import { OktaAwsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { type Check, type DoctorContext, type Finding, findingOf, type Server } from "./finding.ts";

/** Said in full by the check of certificates. */
const OTHERS = ["tls"];

async function proxyOf(context: DoctorContext, url: string): Promise<Finding | string> {
  try {
    const proxy = (await context.probe()).proxyFor(url);
    return proxy === undefined
      ? "directly"
      : `through the proxy ${showUntrusted(proxy.host)} (${proxy.variable})`;
  } catch (error) {
    if (error instanceof OktaAwsError) return findingOf(error);
    throw error;
  }
}

async function findingsOf(context: DoctorContext, { name, url }: Server): Promise<Finding[]> {
  const way = await proxyOf(context, url);
  if (typeof way !== "string") return [way];
  const { error, took } = await context.reach(url);
  const host = showUntrusted(new URL(url).host);
  if (error !== undefined && !OTHERS.includes(error.code)) {
    const { message, ...found } = findingOf(error);
    const addresses = await (await context.probe()).lookUp(new URL(url).hostname);
    const at = addresses.length === 0 ? "" : `; it is at ${addresses.slice(0, 3).join(", ")}`;
    return [{ ...found, message: `${name}: ${message} (asked ${way}${at})` }];
  }
  const where = error === undefined ? `${host} answers, ${way}, ${took} ms` : `${host}, ${way}`;
  return [{ level: "ok", code: "reached", message: `${name}: ${where}` }];
}

/** Several servers may have the same trouble with the same variable. */
function once(findings: readonly Finding[]): Finding[] {
  const seen = new Map(findings.map((finding) => [finding.message, finding]));
  return [...seen.values()];
}

/** The check. */
export const network: Check = {
  name: "network",
  run: async (context) =>
    once((await Promise.all(context.servers.map((one) => findingsOf(context, one)))).flat()),
};
