/**
 * Security keys, by the programs that come with libfido2: `fido2-token` lists them, `fido2-assert`
 * has one sign. What is signed goes in by standard input, and a PIN is asked for by `fido2-assert`
 * itself, at the terminal: we never see it.
 *
 * Source: https://developers.yubico.com/libfido2/Manuals/fido2-assert.html
 *
 * @module
 */

import { InteractionError } from "../../errors.ts";
import type {
  Environment,
  SecurityKeyRequest,
  SecurityKeyResult,
  SecurityKeys,
} from "../../ports.ts";
import { childEnvironment } from "./child_environment.ts";

type Finished = Deno.CommandOutput;

function noTools(program: string, cause: unknown): InteractionError {
  return new InteractionError(`a security key needs the program ${program}, which is not there`, {
    code: "no_fido2_tools",
    hint: "install libfido2's tools: apt install fido2-tools, dnf install fido2-tools, " +
      "brew install libfido2; or choose another factor",
    cause,
  });
}

async function runTool(
  environment: Pick<Environment, "all">,
  program: string,
  args: string[],
  input: string,
  signal?: AbortSignal,
): Promise<Finished> {
  signal?.throwIfAborted();
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args,
      env: childEnvironment(environment.all()),
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      ...(signal === undefined ? {} : { signal }),
    }).spawn();
  } catch (error) {
    throw noTools(program, error);
  }
  const output = child.output();
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch { /* it has ended before it read: its exit code says why */ }
  const finished = await output;
  signal?.throwIfAborted();
  return finished;
}

/**
 * The device names in what `fido2-token -L` prints.
 *
 * @param listing Lines such as `/dev/hidraw5: vendor=0x1050, product=0x0407 (Yubico YubiKey)`; a
 * device name may hold colons itself.
 * @returns `/dev/hidraw5`, `ioreg://4295010950`, `windows://hello`.
 */
export function parseDevices(listing: string): string[] {
  return listing.split("\n").flatMap((line) => /^(\S+): vendor=/.exec(line)?.[1] ?? []);
}

/**
 * The arguments of `fido2-assert`.
 *
 * @param device The key's device name.
 * @param request What is signed.
 * @returns The arguments; nothing of the request but how it is signed is among them.
 */
export function assertArguments(device: string, request: SecurityKeyRequest): string[] {
  return [
    "-G",
    ...(request.u2f ? ["-u"] : []),
    ...(request.pin ? ["-v"] : []),
    "-t",
    `up=${request.touch}`,
    device,
  ];
}

/**
 * What `fido2-assert` reads from standard input.
 *
 * @param request What is signed.
 * @returns Client data hash, relying party, credential id, one a line.
 */
export function formatAssertInput(request: SecurityKeyRequest): string {
  const { clientDataHash, rpId, credentialId } = request;
  return `${clientDataHash.toBase64()}\n${rpId}\n${credentialId.toBase64()}\n`;
}

/**
 * Reads what `fido2-assert` prints: client data hash, relying party, authenticator data (wrapped as
 * a CBOR byte string), signature.
 *
 * @param output Its standard output.
 * @param request What was to be signed.
 * @returns The assertion, or `undefined` where it is not one of this request.
 */
export function parseAssertion(
  output: string,
  request: SecurityKeyRequest,
): { authenticatorData: Uint8Array; signature: Uint8Array } | undefined {
  const [hash, rpId, wrapped = "", signature = ""] = output.split(/\r?\n/);
  if (hash !== request.clientDataHash.toBase64() || rpId !== request.rpId) return undefined;
  try {
    const authenticatorData = unwrapByteString(Uint8Array.fromBase64(wrapped));
    const signed = Uint8Array.fromBase64(signature);
    if (authenticatorData === undefined || signed.length === 0) return undefined;
    return { authenticatorData, signature: signed };
  } catch {
    return undefined;
  }
}

/** A CBOR byte string (RFC 8949, 3.1, major type 2) of up to 65,535 bytes that fills all. */
function unwrapByteString(cbor: Uint8Array): Uint8Array | undefined {
  const first = cbor[0] ?? 0;
  const [header, length] = first === 0x58
    ? [2, cbor[1] ?? 0]
    : first === 0x59
    ? [3, (cbor[1] ?? 0) << 8 | (cbor[2] ?? 0)]
    : [1, first - 0x40];
  return length > 0 && cbor.length === header + length ? cbor.subarray(header) : undefined;
}

async function sign(
  environment: Pick<Environment, "all">,
  device: string,
  request: SecurityKeyRequest,
  signal?: AbortSignal,
): Promise<SecurityKeyResult> {
  const input = formatAssertInput(request);
  const args = assertArguments(device, request);
  const { success, stdout, stderr } = await runTool(
    environment,
    "fido2-assert",
    args,
    input,
    signal,
  );
  const decoder = new TextDecoder();
  const assertion = success ? parseAssertion(decoder.decode(stdout), request) : undefined;
  if (assertion !== undefined) return { kind: "signed", ...assertion };
  // The name of the error alone: what else stands there may hold more than we want to show.
  const code = /\bFIDO_ERR_[A-Z0-9_]+/.exec(decoder.decode(stderr))?.[0] ?? "FIDO_ERR_UNKNOWN";
  return { kind: "failed", code };
}

/**
 * Security keys by libfido2's tools.
 *
 * @param environment What the tools inherit.
 * @returns The port.
 */
export function systemSecurityKeys(environment: Pick<Environment, "all">): SecurityKeys {
  return {
    async list() {
      const { stdout } = await runTool(environment, "fido2-token", ["-L"], "");
      return parseDevices(new TextDecoder().decode(stdout));
    },
    sign: (device, request, signal) => sign(environment, device, request, signal),
  };
}
