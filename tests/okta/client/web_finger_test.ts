import assert from "node:assert/strict";
import {
  isExternal,
  processWebFingerResponse,
  webFingerPath,
} from "../../../src/okta/client/web_finger.ts";
import { answer, jsonAnswer } from "../../fakes/scripted_http.ts";

Deno.test("webFingerPath() asks for a person, whatever the name has in it", () => {
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

Deno.test("processWebFingerResponse() knows nothing from any other answer", () => {
  for (const other of [answer(404), answer(200, "<html>"), jsonAnswer(200, { links: [] })]) {
    assert.equal(processWebFingerResponse(other), undefined);
  }
});

Deno.test("isExternal() tells providers that have the password from Okta and the desktop's", () => {
  for (const type of ["SAML2", "OIDC", "MICROSOFT", "X509"]) {
    assert.equal(isExternal({ type, title: undefined }), true, type);
  }
  for (const type of ["OKTA", "IWA", "AgentlessDSSO", "LDAP", "ACTIVE_DIRECTORY"]) {
    assert.equal(isExternal({ type, title: undefined }), false, type);
  }
});
