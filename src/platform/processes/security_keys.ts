/**
 * Security keys, through libfido2's programs: `fido2-token` lists them, `fido2-assert` has one sign.
 * `fido2-assert` itself asks for a PIN on the terminal, so we never see it.
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
import { childEnvironment } from "./child_process.ts";
import { findProgram, lookupIn } from "./find_program.ts";

interface ToolRun {
  program: string;
  args: string[];
  /** Standard input. */
  input: string;
  signal?: AbortSignal | undefined;
}

function noTools(program: string, cause: unknown): InteractionError {
  return new InteractionError(`could not start ${program}, which security keys need`, {
    code: "no_fido2_tools",
    hint: "install libfido2's tools: apt install fido2-tools, dnf install fido2-tools, " +
      "brew install libfido2; or choose another factor",
    cause,
  });
}

async function runTool(
  environment: Pick<Environment, "all">,
  { program, args, input, signal }: ToolRun,
): Promise<Deno.CommandOutput> {
  signal?.throwIfAborted();
  let child: Deno.ChildProcess;
  try {
    const env = childEnvironment(environment.all());
    child = new Deno.Command(findProgram(program, lookupIn(env)), {
      args,
      env,
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
  } catch { /* it ended without reading; its exit code says why */ }
  const finished = await output;
  signal?.throwIfAborted();
  return finished;
}

/**
 * The device names (`/dev/hidraw5`, `ioreg://4295010950`, `windows://hello`) in the output of
 * `fido2-token -L`, whose lines are `/dev/hidraw5: vendor=0x1050, product=0x0407 (Yubico YubiKey)`.
 */
export function parseDevices(listing: string): string[] {
  return listing.split("\n").flatMap((line) => /^(\S+): vendor=/.exec(line)?.[1] ?? []);
}

/** The arguments of `fido2-assert`; what is signed goes through standard input. */
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

/** The standard input of `fido2-assert`: client data hash, relying party, credential id. */
export function formatAssertInput(request: SecurityKeyRequest): string {
  const { clientDataHash, rpId, credentialId } = request;
  return `${clientDataHash.toBase64()}\n${rpId}\n${credentialId.toBase64()}\n`;
}

/**
 * Parses the output of `fido2-assert`: client data hash, relying party, authenticator data (a CBOR
 * byte string), signature. Returns `undefined` unless it answers this request.
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

/** Unwraps a CBOR byte string (RFC 8949, 3.1, major type 2) of up to 65,535 bytes. */
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
  run: ToolRun,
  request: SecurityKeyRequest,
  environment: Pick<Environment, "all">,
): Promise<SecurityKeyResult> {
  const { success, stdout, stderr } = await runTool(environment, run);
  const decoder = new TextDecoder();
  const assertion = success ? parseAssertion(decoder.decode(stdout), request) : undefined;
  if (assertion !== undefined) return { kind: "signed", ...assertion };
  // Only the error's name: the rest may hold more than we want to show.
  const code = /\bFIDO_ERR_[A-Z0-9_]+/.exec(decoder.decode(stderr))?.[0] ?? "FIDO_ERR_UNKNOWN";
  return { kind: "failed", code };
}

/** The `SecurityKeys` port. */
export function systemSecurityKeys(environment: Pick<Environment, "all">): SecurityKeys {
  return {
    async list() {
      const run = { program: "fido2-token", args: ["-L"], input: "" };
      const { stdout } = await runTool(environment, run);
      return parseDevices(new TextDecoder().decode(stdout));
    },
    sign: (device, request, signal) => {
      const args = assertArguments(device, request);
      const input = formatAssertInput(request);
      return sign({ program: "fido2-assert", args, input, signal }, request, environment);
    },
  };
}
