/**
 * Loaded in front of the program by tests (`deno run --preload`): what PBKDF2 makes of a passphrase,
 * an eighth of a second of work in every `init`, is worked out once for each passphrase and salt, then
 * read from a file; and salts (all that is random and 16 bytes long) are numbers that count from 0 in
 * each home, so that every home's are the same. The keys are right, so that a run without this
 * module opens the same secrets. The compiled program is tested without it.
 *
 * @module
 */

const { subtle } = crypto;
const importKey = subtle.importKey.bind(subtle);
const deriveBits = subtle.deriveBits.bind(subtle);

/** Where it works; `init_worker.ts` changes it for each run. */
export const place: { denoFolder: string | undefined; home: string | undefined } = {
  denoFolder: Deno.env.get("DENO_DIR"),
  home: Deno.env.get("HOME"),
};

/** Beside Deno's own cache: the keys outlive the homes of tests. */
const keysFolder = () => `${place.denoFolder}/okta-aws-test-keys`;

/** Its length is the number of salts that the home has drawn. */
const drawnFile = () => `${place.home}/.salts-drawn`;

const getRandomValues = crypto.getRandomValues.bind(crypto);

function drawn(): number {
  try {
    return Deno.readTextFileSync(drawnFile()).length;
  } catch {
    return 0;
  }
}

Object.assign(crypto, {
  getRandomValues(array: Uint8Array<ArrayBuffer>) {
    if (array.byteLength !== 16) return getRandomValues(array);
    const number = drawn();
    Deno.writeTextFileSync(drawnFile(), ".", { append: true, mode: 0o600 });
    new DataView(array.buffer).setUint32(array.byteOffset + 12, number);
    return array;
  },
});

/** The passphrases, which a CryptoKey does not give back. */
const passphrases = new WeakMap<CryptoKey, Uint8Array<ArrayBuffer>>();

async function fileFor(key: CryptoKey, { salt, iterations }: Pbkdf2Params, length: number) {
  const parts = [passphrases.get(key)!, new Uint8Array(salt as ArrayBuffer)].map((bytes) =>
    bytes.toHex()
  );
  const text = JSON.stringify([...parts, iterations, length]);
  const name = await subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `${keysFolder()}/${new Uint8Array(name).toHex()}`;
}

Object.assign(subtle, {
  async importKey(...words: Parameters<typeof importKey>) {
    const key = await importKey(...words);
    const [format, bytes, algorithm] = words as unknown[];
    if (format === "raw" && algorithm === "PBKDF2") {
      passphrases.set(key, new Uint8Array(bytes as Uint8Array<ArrayBuffer>));
    }
    return key;
  },
  async deriveBits(algorithm: Pbkdf2Params, key: CryptoKey, length: number) {
    if (algorithm.name !== "PBKDF2") return await deriveBits(algorithm, key, length);
    const file = await fileFor(key, algorithm, length);
    const known = await Deno.readFile(file).catch(() => undefined);
    if (known !== undefined) return known.buffer;
    const bits = await deriveBits(algorithm, key, length);
    await Deno.mkdir(keysFolder(), { recursive: true });
    const part = `${file}.${crypto.randomUUID()}`;
    await Deno.writeFile(part, new Uint8Array(bits), { mode: 0o600 });
    await Deno.rename(part, file);
    return bits;
  },
});
