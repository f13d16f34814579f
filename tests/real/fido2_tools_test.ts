/** libfido2's tools, compared with the fake ones and with how we parse their output. */

import assert from "node:assert/strict";
import type { SecurityKeyDemand } from "../../src/okta/factors/authenticator.ts";
import { keyAnswer, keyChallenge } from "../../src/okta/factors/security_key.ts";
import {
  assertArguments,
  formatAssertInput,
  systemSecurityKeys,
} from "../../src/platform/processes/security_keys.ts";
import { fakeFido2Tools, newCredential } from "../fakes/fido2/keys.ts";
import { ignoreWithout } from "./programs.ts";

const ignore = ignoreWithout("fido2-assert", "fido2-token");

async function pem(publicKey: JsonWebKey): Promise<string> {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("jwk", publicKey, curve, true, ["verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", key)).toBase64();
  const lines = spki.match(/.{1,64}/g)!.join("\n");
  return `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`;
}

async function run(program: string, args: string[], input: string, env = {}) {
  const child = new Deno.Command(program, {
    args,
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await new Blob([input]).stream().pipeTo(child.stdin);
  const { code, stdout, stderr } = await child.output();
  return {
    code,
    stdout: new TextDecoder().decode(stdout),
    stderr: new TextDecoder().decode(stderr),
  };
}

/** Whether the real `fido2-assert -V` accepts it. */
async function realVerdict(publicKey: JsonWebKey, assertion: string): Promise<number> {
  const file = await Deno.makeTempFile({ suffix: ".pem" });
  try {
    await Deno.writeTextFile(file, await pem(publicKey));
    return (await run("fido2-assert", ["-V", "-p", file, "es256"], assertion)).code;
  } finally {
    await Deno.remove(file);
  }
}

for (const kind of ["webauthn", "u2f"] as const) {
  Deno.test({
    name: `fido2-assert: verifies an assertion signed for Okta (${kind})`,
    ignore,
    async fn() {
      const rpId = kind === "u2f" ? "https://acme.okta.com" : "acme.okta.com";
      const { credential, publicKey, credentialId } = await newCredential(rpId);
      const device = "/dev/hidraw5";
      await using tools = await fakeFido2Tools([{ device, credentials: [credential] }]);
      const demand: SecurityKeyDemand = {
        kind,
        challenge: "K0UNqWlz2TCCDd5qEkBf",
        credentialIds: [credentialId],
        appId: kind === "u2f" ? rpId : undefined,
        rpId: "acme.okta.com",
        origin: "https://acme.okta.com",
        userVerification: "preferred",
      };
      const challenge = await keyChallenge(demand);
      const { clientDataHash, relyingParties: [party], credentialIds } = challenge;
      const [id] = credentialIds;
      const request = {
        clientDataHash,
        rpId: party!.id,
        credentialId: id!,
        u2f: party!.u2f,
        touch: true,
        pin: false,
      };
      const args = assertArguments(device, request);
      const { stdout } = await run(
        `${tools.env.FAKE_FIDO2}/fido2-assert`,
        args,
        formatAssertInput(request),
        tools.env,
      );
      assert.equal(await realVerdict(publicKey, stdout), 0);
      assert.notEqual(await realVerdict((await newCredential(rpId)).publicKey, stdout), 0);

      // Also check the assertion that Okta is sent.
      const keys = systemSecurityKeys({ all: () => ({ ...Deno.env.toObject(), ...tools.env }) });
      const signed = await keys.sign(device, request);
      assert.ok(signed.kind === "signed");
      const answer = keyAnswer(demand, challenge, signed);
      if (answer.kind !== "webauthn") return;
      const data = Uint8Array.fromBase64(answer.authenticatorData);
      const wrapped = Uint8Array.from([0x58, data.length, ...data]).toBase64();
      const sent = Uint8Array.fromBase64(answer.clientData);
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", sent)).toBase64();
      const lines = [hash, rpId, wrapped, answer.signatureData].map((line) => `${line}\n`).join("");
      assert.equal(await realVerdict(publicKey, lines), 0);
    },
  });
}

Deno.test({
  name: "libfido2's tools: accept our arguments and input, and answer as the fake ones do",
  ignore,
  async fn() {
    const keys = systemSecurityKeys({ all: () => Deno.env.toObject() });
    assert.ok(Array.isArray(await keys.list()));
    const request = {
      clientDataHash: new Uint8Array(32),
      rpId: "acme.okta.com",
      credentialId: new Uint8Array(64),
      u2f: true,
      touch: false,
      pin: false,
    };
    const result = await keys.sign("/dev/hidraw-missing", request);
    assert.ok(result.kind === "failed");
    assert.match(result.code, /^FIDO_ERR_/);
    assert.notEqual(result.code, "FIDO_ERR_UNKNOWN");
  },
});
