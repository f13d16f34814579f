/** Reads team settings from a file or a URL, and verifies their signature. */

import { NetworkError, SettingsError, UsageError } from "../../errors.ts";
import { isSecureUrl } from "../sign_in_address.ts";
import type { Files, HttpClient } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** The largest document. */
const MOST_BYTES = 1_048_576;

/** Short: settings that don't arrive today are fetched tomorrow. */
const TIMEOUT_MILLISECONDS = 10_000;

export interface SourcePorts {
  files: Pick<Files, "read">;
  /** Opened for URLs only. */
  http: () => Promise<HttpClient>;
}

/** Whether a source is a URL rather than a file; also true for schemes that are refused later. */
export function isUrl(source: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(source);
}

function refuseInsecureUrl(source: string): void {
  if (!isUrl(source)) return;
  const url = URL.parse(source);
  if (url !== null && isSecureUrl(url) && url.username + url.password === "") return;
  const withoutLogin = url === null ? "this URL" : `${url.protocol}//${url.host}`;
  throw new UsageError(`team settings can't be fetched from ${showUntrusted(withoutLogin)}`, {
    code: "insecure_source",
    hint: "use an https URL without a user name, or a file",
  });
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
  const isRedirect = status >= 300 && status < 400 && target !== undefined;
  throw new NetworkError(
    isRedirect
      ? `could not fetch team settings: ${showUntrusted(host)} redirects to ${
        showUntrusted(target)
      }`
      : `could not fetch team settings from ${showUntrusted(host)}: HTTP ${status}`,
    {
      code: "team_settings_not_found",
      hint: isRedirect
        ? "use the URL that it redirects to"
        : "check the URL of --from, and that of its signature (the same with .sig)",
    },
  );
}

async function readText({ files, http }: SourcePorts, source: string): Promise<string> {
  if (isUrl(source)) return await fetchText(await http(), source);
  const bytes = await files.read(source);
  if (bytes !== undefined) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  throw new SettingsError(`file not found: ${showUntrusted(source)}`, {
    code: "team_settings_not_found",
    hint: "check the path of --from, and that of its signature (the same with .sig)",
  });
}

/** What precedes the key in a SubjectPublicKeyInfo. https://www.rfc-editor.org/rfc/rfc8410 */
const SPKI_PREFIX = "302a300506032b6570032100";

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/").replaceAll(/[\s=]/g, "");
  try {
    return Uint8Array.fromBase64(plain);
  } catch {
    return undefined;
  }
}

function keyBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  const body = text.replaceAll(/-----[A-Z ]+-----/g, "").replaceAll(/\s/g, "");
  if (/^[0-9a-f]{64}$/i.test(body)) return Uint8Array.fromHex(body);
  const bytes = fromBase64(body);
  if (bytes?.length === KEY_BYTES) return bytes;
  const prefix = SPKI_PREFIX.length / 2;
  if (bytes?.length !== prefix + KEY_BYTES) return undefined;
  return bytes.subarray(0, prefix).toHex() === SPKI_PREFIX ? bytes.slice(prefix) : undefined;
}

/**
 * Reads an Ed25519 public key: 32 bytes in base64 or hexadecimal, or what `openssl pkey -pubout`
 * prints, with or without its first and last line.
 *
 * @returns The 32 bytes in base64; `undefined` for other text.
 */
export function parsePublicKey(text: string): string | undefined {
  return keyBytes(text)?.toBase64();
}

export function badKey(text: string): UsageError {
  return new UsageError(`--key is not an Ed25519 public key: ${showUntrusted(text)}`, {
    code: "bad_key",
    hint: "pass its 32 bytes in base64, or the PEM file: openssl pkey -in team.key -pubout",
  });
}

/**
 * Verifies the Ed25519 signature (64 bytes in base64) of a document.
 *
 * @param key As {@linkcode parsePublicKey} returns it.
 * @see https://www.rfc-editor.org/rfc/rfc8032
 */
async function isSignedBy(key: string, text: string, signature: string): Promise<boolean> {
  const bytes = fromBase64(signature);
  const algorithm = "Ed25519";
  const publicKey = await crypto.subtle
    .importKey("raw", Uint8Array.fromBase64(key), algorithm, false, ["verify"]);
  return bytes?.length === SIGNATURE_BYTES &&
    await crypto.subtle.verify(algorithm, publicKey, bytes, new TextEncoder().encode(text));
}

/** `.sig` goes after the path, before a URL's query. */
function signatureOf(source: string): string {
  if (!isUrl(source)) return `${source}.sig`;
  const url = new URL(source);
  url.pathname += ".sig";
  return url.href;
}

/**
 * Reads the text of team settings.
 *
 * @param source A file, or an https URL (http on this machine).
 * @param key The public key that must have signed them; without one no signature is read.
 * @throws {UsageError} `insecure_source`
 * @throws {SettingsError} `team_settings_not_found`, `bad_signature`
 * @throws {NetworkError}
 */
export async function readTeamSource(
  ports: SourcePorts,
  source: string,
  key: string | undefined,
): Promise<string> {
  refuseInsecureUrl(source);
  const text = await readText(ports, source);
  if (key === undefined) return text;
  const signature = await readText(ports, signatureOf(source));
  if (await isSignedBy(key, text, signature)) return text;
  const from = showUntrusted(source);
  throw new SettingsError(`the signature of the team settings (${from}) does not match the key`, {
    code: "bad_signature",
    hint: "ask the person who maintains them: somebody else may have written them",
  });
}
