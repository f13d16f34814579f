/**
 * `doctor`: which certificate is not trusted, and who has issued it.
 *
 * @module
 */

import type { CertificateFacts } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { type Check, type DoctorContext, type Finding, findingOf } from "./finding.ts";

function day(moment: number): string {
  return Number.isFinite(moment) ? new Date(moment).toISOString().slice(0, 10) : "?";
}

function describe(chain: readonly CertificateFacts[]): string {
  const [leaf] = chain as [CertificateFacts];
  const top = chain.at(-1)!.issuer;
  const above = top === leaf.issuer ? "" : `, under ${JSON.stringify(showUntrusted(top))}`;
  return `it is for ${JSON.stringify(showUntrusted(leaf.subject))}, issued by ` +
    `${JSON.stringify(showUntrusted(leaf.issuer))}${above}, ` +
    `valid ${day(leaf.validFrom)} to ${day(leaf.validTo)}`;
}

async function findingsOf(context: DoctorContext, url: string): Promise<Finding[]> {
  const { error } = await context.reach(url);
  if (error?.code !== "tls") return [];
  const probe = await context.probe();
  const proxy = probe.proxyFor(url);
  const chain = await probe.certificates(url);
  const { message, ...found } = findingOf(error);
  const through = proxy && ` (through the proxy ${showUntrusted(proxy.host)})`;
  const facts = chain.length === 0 ? "" : `; ${describe(chain)}`;
  return [{ ...found, code: "certificate", message: `${message}${through ?? ""}${facts}` }];
}

/** The check. */
export const certificates: Check = {
  name: "certificates",
  run: async (context) =>
    (await Promise.all(context.servers.map(({ url }) => findingsOf(context, url)))).flat(),
};
