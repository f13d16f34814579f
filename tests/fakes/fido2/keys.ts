/** Fake security keys: their credentials and behaviour. */

import { fileURLToPath } from "node:url";
import { makeScratchFolder, removeScratchFolder } from "../../platform/scratch_folder.ts";
import { pathWith, runModule, writeWrapper } from "../programs.ts";

export interface FakeCredential {
  /** Base64. */
  id: string;
  /** The relying party, or U2F's appId. */
  rpId: string;
  /** P-256. */
  privateKey: JsonWebKey;
  /** The signature counter. */
  counter: number;
}

export interface FakeKey {
  /** `/dev/hidraw5`. */
  device: string;
  credentials: FakeCredential[];
  pin?: string;
  /** Whether it asks for its PIN for every operation. */
  alwaysVerifies?: boolean;
  /** Whether it is never touched. */
  untouched?: boolean;
}

export async function newCredential(
  rpId: string,
): Promise<{ credential: FakeCredential; publicKey: JsonWebKey; credentialId: string }> {
  const pair = await crypto.subtle.generateKey(
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    ["sign", "verify"],
  );
  const id = crypto.getRandomValues(new Uint8Array(64));
  const privateKey = await crypto.subtle.exportKey("jwk", pair.privateKey);
  const publicKey = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const credentialId = id.toBase64({ alphabet: "base64url", omitPadding: true });
  return {
    credential: { id: id.toBase64(), rpId, privateKey, counter: 0 },
    publicKey,
    credentialId,
  };
}

/** Fake libfido2 tools in a folder for the front of PATH. */
export interface FakeTools extends AsyncDisposable {
  /** The environment variables with which a program finds them. */
  readonly env: { PATH: string; FAKE_FIDO2: string };
  /** Replaces the connected keys. */
  plugIn(keys: FakeKey[]): Promise<void>;
  /** The arguments of each run of `fido2-assert` so far. */
  runs(): Promise<string[]>;
}

/** Writes fake tools that see these keys; `await using` removes them. */
export async function fakeFido2Tools(keys: FakeKey[]): Promise<FakeTools> {
  const folder = await makeScratchFolder();
  const tools = runModule(fileURLToPath(new URL("tools.ts", import.meta.url)));
  for (const name of ["fido2-token", "fido2-assert"]) {
    await writeWrapper(`${folder}/${name}`, [...tools, name]);
  }
  const plugIn = (plugged: FakeKey[]) =>
    Deno.writeTextFile(`${folder}/keys.json`, JSON.stringify(plugged));
  await plugIn(keys);
  await Deno.writeTextFile(`${folder}/runs`, "");
  return {
    env: { PATH: pathWith(folder), FAKE_FIDO2: folder },
    plugIn,
    runs: async () => (await Deno.readTextFile(`${folder}/runs`)).trim().split("\n"),
    [Symbol.asyncDispose]: () => removeScratchFolder(folder),
  };
}
