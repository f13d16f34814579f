/** `doctor`: DNS, proxy, connection, TLS certificate and clock of each server. @module */

import { OktaAwsError } from "../errors.ts";
import type { CertificateFacts } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import {
  type Check,
  type DoctorContext,
  type Finding,
  findingFromError,
  type Server,
} from "./finding.ts";

/** The certificate check reports these in full. */
const REPORTED_ELSEWHERE = ["tls"];

/** One-time codes are valid for 30 seconds. */
const CODES_MILLISECONDS = 25_000;

/** AWS accepts signatures and assertions that are up to five minutes off. */
const AWS_MILLISECONDS = 5 * 60_000;

async function forEachServer(
  doctor: DoctorContext,
  check: (doctor: DoctorContext, server: Server) => Promise<Finding[]>,
): Promise<Finding[]> {
  return (await Promise.all(doctor.servers.map((server) => check(doctor, server)))).flat();
}

async function describeRoute(doctor: DoctorContext, url: string): Promise<Finding | string> {
  try {
    const proxy = (await doctor.probe()).proxyFor(url);
    return proxy === undefined
      ? "directly"
      : `through the proxy ${showUntrusted(proxy.host)} (${proxy.variable})`;
  } catch (error) {
    if (error instanceof OktaAwsError) return findingFromError(error);
    throw error;
  }
}

async function checkConnection(doctor: DoctorContext, { name, url }: Server): Promise<Finding[]> {
  const route = await describeRoute(doctor, url);
  if (typeof route !== "string") return [route];
  const { error, took } = await doctor.reach(url);
  const host = showUntrusted(new URL(url).host);
  if (error !== undefined && !REPORTED_ELSEWHERE.includes(error.code)) {
    const { message, ...finding } = findingFromError(error);
    const addresses = await (await doctor.probe()).lookUp(new URL(url).hostname);
    const at = addresses.length === 0 ? "" : `; its address: ${addresses.slice(0, 3).join(", ")}`;
    return [{ ...finding, message: `${name}: ${message} (tried ${route}${at})` }];
  }
  const text = error === undefined ? `${host} answers, ${route}, ${took} ms` : `${host}, ${route}`;
  return [{ level: "ok", code: "reached", message: `${name}: ${text}` }];
}

/** Several servers may have the same problem with the same variable. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.message, finding])).values()];
}

/** Whether each server can be reached. */
export const network: Check = {
  name: "network",
  run: async (doctor) => withoutRepeats(await forEachServer(doctor, checkConnection)),
};

function formatDay(moment: number): string {
  return Number.isFinite(moment) ? new Date(moment).toISOString().slice(0, 10) : "?";
}

function describeChain(chain: readonly CertificateFacts[]): string {
  const [leaf] = chain as [CertificateFacts];
  const top = chain.at(-1)!.issuer;
  const root = top === leaf.issuer ? "" : `, under ${JSON.stringify(showUntrusted(top))}`;
  return `it is for ${JSON.stringify(showUntrusted(leaf.subject))}, issued by ` +
    `${JSON.stringify(showUntrusted(leaf.issuer))}${root}, ` +
    `valid ${formatDay(leaf.validFrom)} to ${formatDay(leaf.validTo)}`;
}

async function checkCertificate(doctor: DoctorContext, { url }: Server): Promise<Finding[]> {
  const { error } = await doctor.reach(url);
  if (error?.code !== "tls") return [];
  const probe = await doctor.probe();
  const proxy = probe.proxyFor(url);
  const chain = await probe.certificates(url);
  const { message, ...finding } = findingFromError(error);
  const through = proxy && ` (through the proxy ${showUntrusted(proxy.host)})`;
  const facts = chain.length === 0 ? "" : `; ${describeChain(chain)}`;
  return [{ ...finding, code: "certificate", message: `${message}${through ?? ""}${facts}` }];
}

/** Which certificate is not trusted, and who issued it. */
export const certificates: Check = {
  name: "certificates",
  run: (doctor) => forEachServer(doctor, checkCertificate),
};

function formatOffset(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

async function checkClock(doctor: DoctorContext, { name, url }: Server): Promise<Finding[]> {
  const { response, at } = await doctor.reach(url);
  const theirs = Date.parse(response?.headers.get("date") ?? "");
  if (Number.isNaN(theirs)) return [];
  // The header has whole seconds.
  const ahead = at - theirs - 500;
  const off = Math.abs(ahead);
  if (off < CODES_MILLISECONDS) {
    return [{ level: "ok", code: "clock", message: `clock matches ${name}` }];
  }
  const isFar = off >= AWS_MILLISECONDS;
  return [{
    level: isFar ? "error" : "warning",
    code: "clock_skew",
    message: `this computer's clock is ${formatOffset(off)} ${ahead > 0 ? "ahead of" : "behind"} ` +
      `${name}: ${isFar ? "AWS rejects its signatures" : "one-time codes may be rejected"}`,
    fix: "set the clock: timedatectl set-ntp true (macOS: sntp -sS time.apple.com, " +
      "Windows: w32tm /resync)",
  }];
}

/** This computer's clock against each server's `Date` header. */
export const clock: Check = {
  name: "clock",
  run: (doctor) => forEachServer(doctor, checkClock),
};
