import assert from "node:assert/strict";
import { NetworkError, SignInError } from "../../../src/errors.ts";
import { processAppLinksResponse } from "../../../src/okta/client/app_links.ts";
import { answer, jsonAnswer } from "../../fakes/scripted_http.ts";

const AWS = {
  id: "00ub1",
  label: "AWS Prod",
  linkUrl: "https://acme.okta.com/home/amazon_aws/0oa1/272",
  logoUrl: "https://logo.example/x.png",
  appName: "amazon_aws",
  appInstanceId: "0oa1",
  appAssignmentId: "0ua1",
  credentialsSetup: false,
  hidden: false,
  sortOrder: 0,
};

Deno.test("processAppLinksResponse() reads label, link and name in Okta's order", () => {
  const other = { ...AWS, label: "O’Reilly", appName: "bookmark", linkUrl: "https://x.example/" };
  assert.deepEqual(processAppLinksResponse(jsonAnswer(200, [AWS, other])), [
    { label: "AWS Prod", linkUrl: AWS.linkUrl, appName: "amazon_aws" },
    { label: "O’Reilly", linkUrl: "https://x.example/", appName: "bookmark" },
  ]);
  assert.deepEqual(processAppLinksResponse(jsonAnswer(200, [])), []);
});

Deno.test("processAppLinksResponse() skips only incomplete links", () => {
  const apps = processAppLinksResponse(jsonAnswer(200, [{ label: "x" }, null, AWS, 7]));
  assert.deepEqual(apps.map(({ label }) => label), ["AWS Prod"]);
});

Deno.test("processAppLinksResponse() reports Okta's refusal", () => {
  const body = { errorCode: "E0000005", errorSummary: "Invalid session" };
  assert.throws(
    () => processAppLinksResponse(jsonAnswer(403, body)),
    (error) => error instanceof SignInError && error.code === "E0000005",
  );
});

Deno.test("processAppLinksResponse() rejects a body that is not a list", () => {
  for (const body of ["<html>sign in</html>", "{}", "null", ""]) {
    assert.throws(
      () => processAppLinksResponse(answer(200, body)),
      (error) => error instanceof NetworkError && error.code === "bad_answer",
      body,
    );
  }
});
