import assert from "node:assert/strict";
import { waitingFor } from "../../src/app/open_http.ts";

Deno.test("waitingFor() says what a request is for, without its query", () => {
  const cases = [
    ["https://acme.okta.com/api/v1/authn", "Signing in to acme.okta.com…"],
    ["https://acme.okta.com/idp/idx/identify", "Signing in to acme.okta.com…"],
    ["https://acme.okta.com/login/sessionCookieRedirect?token=x", "Signing in to acme.okta.com…"],
    [
      "https://acme.okta.com/home/amazon_aws/0oa1/272",
      "Asking acme.okta.com for your roles…",
    ],
    ["https://sts.eu-west-1.amazonaws.com/", "Asking AWS STS for credentials…"],
    ["https://sts-fips.us-east-1.amazonaws.com/", "Asking AWS STS for credentials…"],
    ["https://signin.aws.amazon.com/saml", "Asking AWS sign-in…"],
    ["https://eu-west-1.signin.aws.amazon.com/federation", "Asking AWS sign-in…"],
    ["https://eks.eu-west-1.amazonaws.com/clusters", "Asking Amazon EKS for clusters…"],
    ["https://portal.sso.eu-west-1.amazonaws.com/x", "Asking IAM Identity Center…"],
    ["https://team.example/settings?key=x", "Contacting team.example…"],
  ];
  for (const [url, words] of cases) assert.equal(waitingFor({ url: url! }), words);
});
