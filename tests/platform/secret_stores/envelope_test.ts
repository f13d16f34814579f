import { notStrictEqual, strictEqual } from "node:assert/strict";
import {
  deriveKeys,
  deriveKeysAhead,
  newKdf,
  open,
  parseEnvelope,
  seal,
} from "../../../src/platform/secret_stores/envelope.ts";
import { Secret } from "../../../src/secret.ts";
import { countDerivations } from "../../fakes/counted_derivations.ts";

Deno.test("open() rejects every change of authenticated data, even with a matching digest", async () => {
  const kdf = newKdf();
  const keys = await deriveKeys(new Secret("pass"), kdf);
  const envelope =
    (await parseEnvelope(await seal({ account: "work", item: new Secret("item"), kdf }, keys)))!;
  strictEqual((await open(envelope, keys)).kind, "item");
  const flip = (base64: string): string => {
    const bytes = Uint8Array.fromBase64(base64);
    bytes[0]! ^= 1;
    return bytes.toBase64();
  };
  const changes = [
    { account: "home" },
    { iv: flip(envelope.iv) },
    { ciphertext: flip(envelope.ciphertext) },
    { kdf: { ...kdf, iterations: kdf.iterations + 1 } },
    { iv: "?" },
  ];
  for (const change of changes) {
    strictEqual((await open({ ...envelope, ...change }, keys)).kind, "damaged");
  }
  const check = { check: flip(envelope.check) };
  strictEqual((await open({ ...envelope, ...check }, keys)).kind, "wrong_passphrase");
});

Deno.test("deriveKeysAhead() does the work of the next deriveKeys(), for the same passphrase", async () => {
  const [kdf, passphrase] = [newKdf(), new Secret("pass")];
  const item = new Secret("item");
  const sealed = await seal({ account: "work", item, kdf }, await deriveKeys(passphrase, kdf));
  const envelope = (await parseEnvelope(sealed))!;
  using derivations = countDerivations();
  deriveKeysAhead(passphrase, kdf);
  const other = await deriveKeys(new Secret("other"), kdf);
  strictEqual((await open(envelope, other)).kind, "wrong_passphrase");
  strictEqual(derivations.count, 2);
  const keys = await deriveKeys(new Secret("pass"), kdf);
  strictEqual((await open(envelope, keys)).kind, "item");
  strictEqual(derivations.count, 2);
  // No key is kept for longer.
  await deriveKeys(passphrase, kdf);
  strictEqual(derivations.count, 3);
});

Deno.test("seal() never reuses a salt or initialization vector", async () => {
  const kdf = newKdf();
  notStrictEqual(newKdf().salt, kdf.salt);
  const keys = await deriveKeys(new Secret("pass"), kdf);
  const item = new Secret("item");
  const [one, two] = await Promise.all(
    [1, 2].map(() => seal({ account: "work", item, kdf }, keys)),
  );
  notStrictEqual((await parseEnvelope(one!))!.iv, (await parseEnvelope(two!))!.iv);
});
