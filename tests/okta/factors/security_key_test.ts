import assert from "node:assert/strict";
import { SignInError } from "../../../src/errors.ts";
import type { SecurityKeyDemand } from "../../../src/okta/factors/authenticator.ts";
import { keyAnswer, keyChallenge } from "../../../src/okta/factors/security_key.ts";

const DEMAND: SecurityKeyDemand = {
  kind: "webauthn",
  challenge: "K0UNqWlz2TCCDd5qEkBf",
  credentialIds: ["AZBXkiL5GrhfSvLeS4MHSvTVC_1ZLPcwI4SKKqKF1sd9TL_UFoQliUKu00to6slexSOZ9oh1h54B"],
  appId: undefined,
  rpId: "acme.okta.com",
  origin: "https://acme.okta.com",
  userVerification: "preferred",
};

const U2F: SecurityKeyDemand = {
  ...DEMAND,
  kind: "u2f",
  challenge: "tT1MI7XGzMu48Ivnz3vB",
  appId: "https://acme.okta.com",
};

const DATA = Uint8Array.from({ length: 37 }, (_, at) => at === 32 ? 1 : at);
const ASSERTION = { authenticatorData: DATA, signature: Uint8Array.of(0x30, 0x45, 0xff) };

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

Deno.test("keyChallenge() builds WebAuthn's client data as browsers do", async () => {
  const { clientData, clientDataHash, relyingParties, credentialIds } = await keyChallenge(DEMAND);
  assert.equal(
    text(clientData),
    '{"type":"webauthn.get","challenge":"K0UNqWlz2TCCDd5qEkBf",' +
      '"origin":"https://acme.okta.com","crossOrigin":false}',
  );
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", clientData));
  assert.deepEqual(clientDataHash, hash);
  assert.deepEqual(relyingParties, [{ id: "acme.okta.com", u2f: false }]);
  assert.equal(
    credentialIds[0]!.toBase64({ alphabet: "base64url", omitPadding: true }),
    DEMAND.credentialIds[0],
  );
});

Deno.test("keyChallenge() writes the challenge without padding, however it came", async () => {
  for (const challenge of ["-_8", "-_8=", "+/8=", "+/8"]) {
    const { clientData } = await keyChallenge({ ...DEMAND, challenge });
    assert.equal(JSON.parse(text(clientData)).challenge, "-_8");
  }
});

Deno.test("keyChallenge() builds U2F's client data with the nonce as it came", async () => {
  const { clientData, relyingParties } = await keyChallenge(U2F);
  assert.deepEqual(JSON.parse(text(clientData)), {
    typ: "navigator.id.getAssertion",
    challenge: "tT1MI7XGzMu48Ivnz3vB",
    origin: "https://acme.okta.com",
  });
  assert.deepEqual(relyingParties, [{ id: "https://acme.okta.com", u2f: true }]);
});

Deno.test("keyChallenge() tries the appId after the relying party where Okta names one", async () => {
  const { relyingParties } = await keyChallenge({ ...DEMAND, appId: "https://acme.okta.com" });
  assert.deepEqual(relyingParties, [
    { id: "acme.okta.com", u2f: false },
    { id: "https://acme.okta.com", u2f: true },
  ]);
});

Deno.test("keyChallenge() signs for the org and its parent domain, never for another site", async () => {
  const parent = await keyChallenge({ ...DEMAND, rpId: "okta.com" });
  assert.equal(parent.relyingParties[0]!.id, "okta.com");
  const wrong: SecurityKeyDemand[] = [
    { ...DEMAND, rpId: "bank.example.com" },
    { ...DEMAND, rpId: "com" },
    { ...DEMAND, rpId: "me.okta.com" },
    { ...DEMAND, appId: "https://bank.example.com" },
    { ...U2F, appId: undefined },
    { ...U2F, appId: "bank.example.com" },
    { ...DEMAND, challenge: "not base64!" },
    { ...DEMAND, credentialIds: ["*"] },
  ];
  for (const demand of wrong) {
    await assert.rejects(
      keyChallenge(demand),
      (error) => error instanceof SignInError && error.code === "bad_answer",
    );
  }
});

Deno.test("keyAnswer() gives WebAuthn's parts in base64", async () => {
  const challenge = await keyChallenge(DEMAND);
  assert.deepEqual(keyAnswer(DEMAND, challenge, ASSERTION), {
    kind: "webauthn",
    clientData: challenge.clientData.toBase64(),
    authenticatorData: DATA.toBase64(),
    signatureData: "MEX/",
  });
});

Deno.test("keyAnswer() gives U2F's flags, counter and signature in base64url", async () => {
  const challenge = await keyChallenge(U2F);
  const answer = keyAnswer(U2F, challenge, ASSERTION);
  assert.ok(answer.kind === "u2f");
  const raw = Uint8Array.fromBase64(answer.signatureData, { alphabet: "base64url" });
  assert.deepEqual([...raw], [1, 33, 34, 35, 36, 0x30, 0x45, 0xff]);
  assert.ok(!/[+/=]/.test(answer.signatureData + answer.clientData));
});
