/** Security keys that are not there: which credentials they hold, and how they behave. */

export interface FakeCredential {
  /** Its id, base64. */
  id: string;
  /** The relying party, or U2F's appId. */
  rpId: string;
  /** P-256. */
  privateKey: JsonWebKey;
  /** How often it has signed. */
  counter: number;
}

export interface FakeKey {
  /** `/dev/hidraw5`. */
  device: string;
  /** What it holds. */
  credentials: FakeCredential[];
  /** Its PIN, where it has one. */
  pin?: string;
  /** Whether it wants its PIN for everything. */
  alwaysVerifies?: boolean;
  /** Whether nobody touches it. */
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

/** Programs in place of libfido2's, in a folder that goes in front of PATH. */
export interface FakeTools extends AsyncDisposable {
  /** The variables of a program that is to find them. */
  readonly env: { PATH: string; FAKE_FIDO2: string };
  /** Changes what is plugged in. */
  plugIn(keys: FakeKey[]): Promise<void>;
  /** The arguments of the runs of `fido2-assert` so far, one line each. */
  runs(): Promise<string[]>;
}

/**
 * Writes the programs; `await using` removes them.
 *
 * @param keys What is plugged in.
 * @returns The tools.
 */
export async function fakeFido2Tools(keys: FakeKey[]): Promise<FakeTools> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "fake-fido2-" }));
  const script = decodeURIComponent(new URL("tools.ts", import.meta.url).pathname);
  const deno = Deno.execPath();
  for (const name of ["fido2-token", "fido2-assert"]) {
    const line = `exec "${deno}" run --no-config --no-lock --quiet -A "${script}" ${name} "$@"`;
    await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  }
  const plugIn = (plugged: FakeKey[]) =>
    Deno.writeTextFile(`${folder}/keys.json`, JSON.stringify(plugged));
  await plugIn(keys);
  await Deno.writeTextFile(`${folder}/runs`, "");
  return {
    env: { PATH: `${folder}:${Deno.env.get("PATH")}`, FAKE_FIDO2: folder },
    plugIn,
    runs: async () => (await Deno.readTextFile(`${folder}/runs`)).trim().split("\n"),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
