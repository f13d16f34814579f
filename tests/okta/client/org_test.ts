import assert from "node:assert/strict";
import {
  isExternal,
  leftOrg,
  processOrgDescription,
  processWebFingerResponse,
  webFingerPath,
} from "../../../src/okta/client/org.ts";
import { answer, jsonAnswer } from "../../fakes/scripted_http.ts";

Deno.test("processOrgDescription() reads pipeline and the org's own origins", () => {
  const body = JSON.stringify({
    id: "00o1",
    cell: "us6",
    pipeline: "v1",
    _links: {
      organization: { href: "https://acme.okta.com" },
      alternate: { href: "https://login.acme.example/path" },
      other: { href: "https://evil.example" },
    },
    settings: {},
  });
  assert.deepEqual(processOrgDescription(body), {
    pipeline: "v1",
    origins: ["https://acme.okta.com", "https://login.acme.example"],
  });
});

Deno.test("processOrgDescription() returns nothing for a body that is not Okta's", () => {
  const none = { pipeline: undefined, origins: [] };
  const bodies = [
    "",
    "<html>",
    "null",
    "3",
    '"x"',
    "[]",
    "{}",
    '{"_links":null}',
    '{"pipeline":1}',
  ];
  for (const body of bodies) assert.deepEqual(processOrgDescription(body), none, body);
  const insecure = {
    _links: {
      organization: { href: "http://acme.okta.com" },
      alternate: { href: "javascript:alert(1)" },
    },
  };
  assert.deepEqual(processOrgDescription(JSON.stringify(insecure)).origins, []);
  const broken = { _links: { organization: null, alternate: { href: 7 } } };
  assert.deepEqual(processOrgDescription(JSON.stringify(broken)).origins, []);
});

Deno.test("leftOrg() names the host and nothing else of the URL", () => {
  const error = leftOrg(new URL("https://evil.example:8443/steal?token=abc"), "a redirect");
  assert.equal(error.code, "left_org");
  assert.match(error.message, /^a redirect leads outside your Okta org, to evil\.example:8443$/);
  const downgraded = leftOrg(new URL("http://acme.okta.com/x"), "a redirect");
  assert.match(downgraded.message, / to http:\/\/acme\.okta\.com$/);
  assert.match(leftOrg(new URL("javascript:alert(1)"), "a link").message, / to javascript:$/);
});

Deno.test("webFingerPath() escapes any user name", () => {
  assert.equal(
    webFingerPath("jane+aws@acme.example"),
    "/.well-known/webfinger?resource=okta%3Aacct%3Ajane%2Baws%40acme.example&rel=okta%3Aidp",
  );
});

Deno.test("processWebFingerResponse() reads type and title of the first provider", () => {
  const link = {
    rel: "okta:idp",
    titles: { und: "Acme Partner" },
    properties: { "okta:idp:type": "SAML2" },
  };
  const read = processWebFingerResponse(jsonAnswer(200, { links: [null, link] }));
  assert.deepEqual(read, { type: "SAML2", title: "Acme Partner" });
});

Deno.test("processWebFingerResponse() returns undefined for any other response", () => {
  for (const other of [answer(404), answer(200, "<html>"), jsonAnswer(200, { links: [] })]) {
    assert.equal(processWebFingerResponse(other), undefined);
  }
});

Deno.test("isExternal() is false for Okta and desktop sign-in", () => {
  for (const type of ["SAML2", "OIDC", "MICROSOFT", "X509"]) {
    assert.equal(isExternal({ type, title: undefined }), true, type);
  }
  for (const type of ["OKTA", "IWA", "AgentlessDSSO", "LDAP", "ACTIVE_DIRECTORY"]) {
    assert.equal(isExternal({ type, title: undefined }), false, type);
  }
});
