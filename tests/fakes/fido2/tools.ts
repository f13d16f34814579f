/**
 * Fake `fido2-token -L` and `fido2-assert -G`: arguments, input, output and errors as in the
 * manual pages and sources of libfido2 1.12, never more lenient.
 */

import type { FakeCredential, FakeKey } from "./keys.ts";

const folder = Deno.env.get("FAKE_FIDO2")!;
const keys: FakeKey[] = JSON.parse(Deno.readTextFileSync(`${folder}/keys.json`));

function fail(message: string): never {
  Deno.stderr.writeSync(new TextEncoder().encode(`fido2-assert: ${message}\n`));
  Deno.exit(1);
}

function print(lines: string[]): void {
  Deno.stdout.writeSync(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));
}

function listKeys(): void {
  print(
    keys.map(({ device }) =>
      `${device}: vendor=0x1050, product=0x0407 (Yubico YubiKey OTP+FIDO+CCID)`
    ),
  );
}

interface Options {
  u2f: boolean;
  pin: boolean;
  up: boolean;
  device: string;
}

function parseOptions(args: string[]): Options {
  const options: Options = { u2f: false, pin: false, up: true, device: "" };
  const rest = [...args];
  if (rest.shift() !== "-G") fail("usage");
  while (rest[0]?.startsWith("-")) {
    const option = rest.shift();
    if (option === "-u") options.u2f = true;
    else if (option === "-v") options.pin = true;
    else if (option === "-p") options.up = true;
    else if (option === "-t") {
      const [key, value] = rest.shift()?.split("=") ?? [];
      if (key !== "up" || !["true", "false"].includes(value!)) fail(`unknown key '${key}'`);
      options.up = value === "true";
    } else fail("usage");
  }
  if (rest.length !== 1) fail("usage");
  return { ...options, device: rest[0]! };
}

interface Input {
  hash: Uint8Array<ArrayBuffer>;
  rpId: string;
  id: string;
}

async function readInput(): Promise<Input> {
  const text = await new Response(Deno.stdin.readable).text();
  const lines = text.split("\n");
  if (lines.length !== 4 || lines[3] !== "") fail("input error");
  const [hash, rpId, id] = lines as [string, string, string];
  try {
    const bytes = Uint8Array.fromBase64(hash);
    Uint8Array.fromBase64(id);
    if (bytes.length !== 32 || rpId === "") fail("input error");
    return { hash: bytes, rpId, id };
  } catch {
    fail("input error");
  }
}

/** From the terminal, without echo, as readpassphrase. */
function askPin(device: string): string {
  const tty = Deno.openSync("/dev/tty", { read: true, write: true });
  const stty = (...words: string[]) =>
    new Deno.Command("stty", { args: ["-F", "/dev/tty", ...words] }).outputSync();
  stty("-echo");
  tty.writeSync(new TextEncoder().encode(`Enter PIN for ${device}: `));
  const buffer = new Uint8Array(200);
  const length = tty.readSync(buffer) ?? 0;
  stty("echo");
  tty.writeSync(new TextEncoder().encode("\n"));
  return new TextDecoder().decode(buffer.subarray(0, length)).trim();
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** Two unsigned numbers as DER, without leading zeros. */
function derSignature(raw: Uint8Array): Uint8Array {
  const integer = (part: Uint8Array): number[] => {
    const digits = [...part.subarray(Math.max(0, part.findIndex((byte) => byte !== 0)))];
    const value = digits[0]! > 0x7f ? [0, ...digits] : digits;
    return [2, value.length, ...value];
  };
  const body = [...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32))];
  return Uint8Array.from([0x30, body.length, ...body]);
}

async function sign(
  credential: FakeCredential,
  data: Uint8Array,
  hash: Uint8Array,
): Promise<Uint8Array> {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("jwk", credential.privateKey, curve, false, ["sign"]);
  const signed = Uint8Array.from([...data, ...hash]);
  const raw = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, signed);
  return derSignature(new Uint8Array(raw));
}

async function assert(args: string[]): Promise<void> {
  Deno.writeTextFileSync(`${folder}/runs`, `${args.join(" ")}\n`, { append: true });
  const options = parseOptions(args);
  const input = await readInput();
  const key = keys.find(({ device }) => device === options.device);
  if (!key) fail(`fido_dev_open ${options.device}: FIDO_ERR_INTERNAL`);
  const wrong = (code: string): never => fail(`fido_dev_get_assert: ${code}`);
  const pin = options.pin ? askPin(options.device) : undefined;
  if (pin !== undefined && key.pin === undefined) wrong("FIDO_ERR_PIN_NOT_SET");
  if (pin !== undefined && pin !== key.pin) wrong("FIDO_ERR_PIN_INVALID");
  if (key.alwaysVerifies && pin === undefined) wrong("FIDO_ERR_PIN_REQUIRED");
  const credential = key.credentials.find(({ id, rpId }) => id === input.id && rpId === input.rpId);
  if (!credential) return wrong("FIDO_ERR_NO_CREDENTIALS");
  if (!options.up && options.u2f) wrong("FIDO_ERR_USER_PRESENCE_REQUIRED");
  if (options.up && key.untouched) wrong("FIDO_ERR_ACTION_TIMEOUT");
  credential.counter += 1;
  Deno.writeTextFileSync(`${folder}/keys.json`, JSON.stringify(keys));
  const flags = (options.up ? 1 : 0) | (pin === undefined ? 0 : 4);
  const data = Uint8Array.from([
    ...await sha256(input.rpId),
    flags,
    ...[24, 16, 8, 0].map((shift) => credential.counter >> shift & 0xff),
  ]);
  const signature = await sign(credential, data, input.hash);
  const wrapped = Uint8Array.from([0x58, data.length, ...data]);
  print([input.hash.toBase64(), input.rpId, wrapped.toBase64(), signature.toBase64()]);
}

const [name, ...args] = Deno.args;
if (name === "fido2-assert") await assert(args);
else if (args.join(" ") === "-L") listKeys();
else fail("usage");
