import assert from "node:assert/strict";
import {
  codeChallengeOf,
  codeOfRedirect,
  newPkceRequest,
  redirectPage,
} from "../../src/oauth/authorization_code.ts";
import { Secret } from "../../src/secret.ts";

Deno.test("the challenge is that of RFC 7636, appendix B", async () => {
  const verifier = new Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  assert.equal(await codeChallengeOf(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
});

Deno.test("each request has new secrets of the length that the RFC requires", async () => {
  const [one, other] = [await newPkceRequest(), await newPkceRequest()];
  assert.match(one.codeVerifier.reveal(), /^[A-Za-z0-9_-]{43}$/);
  assert.match(one.state, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(one.codeChallenge, await codeChallengeOf(one.codeVerifier));
  const all = [one, other].flatMap(({ codeVerifier, state }) => [codeVerifier.reveal(), state]);
  assert.equal(new Set(all).size, 4);
});

const read = (query: string) => codeOfRedirect(new URLSearchParams(query), "s1").reveal();

Deno.test("codeOfRedirect() returns the code only for our own request", () => {
  assert.equal(read("code=c&state=s1"), "c");
  const others = ["code=c", "code=c&state=", "code=c&state=s2", "code=c&state=s1&state=s2", ""];
  for (const query of [...others, "error=access_denied&state=s2"]) {
    assert.throws(() => read(query), { name: "SignInError", code: "state_mismatch" }, query);
  }
});

Deno.test("codeOfRedirect() reports a refusal with the server's text, escaped", () => {
  assert.throws(
    () => read("state=s1&error=access_denied&error_description=No%1b%5b2J"),
    (error) => {
      const { code, message } = error as { code: string; message: string };
      assert.equal(code, "access_denied");
      // deno-lint-ignore no-control-regex -- that none is left is what is tested
      assert.doesNotMatch(message, /[\x00-\x1f]/);
      return true;
    },
  );
  assert.throws(() => read("state=s1"), { code: "no_code" });
  assert.throws(() => read("state=s1&code="), { code: "no_code" });
});

Deno.test("redirectPage() has no script and no link, and is not cached", async () => {
  const worked = await redirectPage({ ok: true, title: "Fine", text: "Close it." });
  assert.equal(worked.status, 200);
  const failed = await redirectPage({ ok: false, title: "<b>", text: `"><script>x</script>&'` });
  assert.equal(failed.status, 400);
  assert.doesNotMatch(failed.body, /<script|<b>|href|src=|action=/);
  assert.ok(failed.body.includes("&#60;script&#62;"));
  const { headers } = worked;
  assert.match(headers["Content-Security-Policy"]!, /^default-src 'none'; style-src 'sha256-/);
  assert.match(headers["Content-Security-Policy"]!, /frame-ancestors 'none'/);
  assert.equal(headers["Cache-Control"], "no-store");
  assert.equal(headers["Referrer-Policy"], "no-referrer");
  assert.equal(headers["X-Content-Type-Options"], "nosniff");
});
