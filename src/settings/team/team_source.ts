/**
 * Fetches a team's settings, and the signature beside them.
 *
 * @module
 */

import { NetworkError, SettingsError, UsageError } from "../../errors.ts";
import { isSecureUrl } from "../../okta/client/org.ts";
import type { Files, HttpClient } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { verifySignature } from "./team_signature.ts";

/** What a document may have at most, bytes. */
const MOST_BYTES = 1_048_576;

/** Nobody waits longer for settings that may just as well come tomorrow. */
const TIMEOUT_MILLISECONDS = 10_000;

/** Reads files and addresses. */
export interface SourcePorts {
  /** Reads files. */
  files: Pick<Files, "read">;
  /** Opens the network. */
  http: () => Promise<HttpClient>;
}

/**
 * Whether a source is an address and no file.
 *
 * @param source What `--from` was given.
 * @returns Whether it is; also for addresses that are not taken.
 */
export function isAddress(source: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(source);
}

/**
 * Refuses an address that nothing is fetched from.
 *
 * @param source What `--from` was given.
 * @throws {UsageError} `insecure_source`
 */
export function checkAddress(source: string): void {
  if (!isAddress(source)) return;
  const url = URL.parse(source);
  if (url !== null && isSecureUrl(url) && url.username + url.password === "") return;
  throw new UsageError(
    `a team's settings are not fetched from ${showUntrusted(withoutLogin(url))}`,
    {
      code: "insecure_source",
      hint: "give an https address without a user name in it, or a file",
    },
  );
}

function withoutLogin(url: URL | null): string {
  return url === null ? "this address" : `${url.protocol}//${url.host}`;
}

async function fetchText(http: HttpClient, url: string): Promise<string> {
  const { status, headers, body } = await http.send({
    method: "GET",
    url,
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    maxBodyBytes: MOST_BYTES,
  });
  if (status === 200) return body;
  const { host } = new URL(url);
  const target = URL.parse(headers.get("location") ?? "", url)?.host;
  const led = status >= 300 && status < 400 && target !== undefined;
  throw new NetworkError(
    led
      ? `${showUntrusted(host)} leads on to ${showUntrusted(target)} for the team's settings`
      : `${showUntrusted(host)} has no team's settings there: HTTP ${status}`,
    {
      code: "team_settings_not_found",
      hint: led
        ? "redirects are not followed: give the address that they lead to"
        : "check the address of --from (and of its signature: the same with .sig)",
    },
  );
}

async function readText({ files, http }: SourcePorts, source: string): Promise<string> {
  if (isAddress(source)) return await fetchText(await http(), source);
  const bytes = await files.read(source);
  if (bytes !== undefined) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  throw new SettingsError(`there is no file ${showUntrusted(source)}`, {
    code: "team_settings_not_found",
    hint: "check the path of --from (and of its signature: the same with .sig)",
  });
}

/** The signature stands beside the document: in front of an address's query. */
function signatureOf(source: string): string {
  if (!isAddress(source)) return `${source}.sig`;
  const url = new URL(source);
  url.pathname += ".sig";
  return url.href;
}

/**
 * Reads a team's settings.
 *
 * @param ports Files and network.
 * @param source A file, or an https address (http on this machine).
 * @param key The key that has to have signed them; without one no signature is looked for.
 * @returns The document's text.
 * @throws {UsageError} `insecure_source`
 * @throws {SettingsError} `team_settings_not_found`, `bad_signature`
 * @throws {NetworkError}
 */
export async function readTeamSource(
  ports: SourcePorts,
  source: string,
  key: string | undefined,
): Promise<string> {
  checkAddress(source);
  const text = await readText(ports, source);
  if (key === undefined) return text;
  const signature = await readText(ports, signatureOf(source));
  await verifySignature(new TextEncoder().encode(text), signature, key, source);
  return text;
}
