import assert from "node:assert/strict";
import { codeChallengeOf, newPkceRequest } from "../../src/oauth/pkce.ts";
import { Secret } from "../../src/secret.ts";

Deno.test("the challenge is that of RFC 7636, appendix B", async () => {
  const verifier = new Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  assert.equal(await codeChallengeOf(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
});

Deno.test("each request has secrets of its own, of the length that the RFC wants", async () => {
  const [one, other] = [await newPkceRequest(), await newPkceRequest()];
  assert.match(one.codeVerifier.reveal(), /^[A-Za-z0-9_-]{43}$/);
  assert.match(one.state, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(one.codeChallenge, await codeChallengeOf(one.codeVerifier));
  const all = [one, other].flatMap(({ codeVerifier, state }) => [codeVerifier.reveal(), state]);
  assert.equal(new Set(all).size, 4);
});
