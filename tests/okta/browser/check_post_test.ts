import assert from "node:assert/strict";
import { checkAddressee, readPostedForm } from "../../../src/okta/browser/check_post.ts";
import { Secret } from "../../../src/secret.ts";

const AWS = new URL("https://signin.aws.amazon.com/saml");

function check(destination: string | undefined, audiences: string[], posted = AWS): string {
  try {
    checkAddressee({ destination, audiences }, posted);
    return "taken";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

Deno.test("checkAddressee() takes AWS's destinations and audiences of any partition", () => {
  const frankfurt = new URL("https://eu-central-1.signin.aws.amazon.com/saml");
  const china = new URL("https://signin.amazonaws.cn/saml");
  assert.equal(check(undefined, []), "taken");
  assert.equal(check(AWS.href, ["urn:amazon:webservices"]), "taken");
  assert.equal(check(AWS.href, [AWS.href]), "taken");
  assert.equal(check(frankfurt.href, ["urn:amazon:webservices"], frankfurt), "taken");
  assert.equal(check(china.href, ["urn:amazon:webservices:cn-north-1"], china), "taken");
  const local = new URL("http://127.0.0.1:4711/saml");
  assert.equal(check(AWS.href, [], local), "taken");
  assert.equal(check(local.href, [], local), "taken");
});

Deno.test("checkAddressee() refuses another host's assertion", () => {
  const elsewhere = "https://sp.example.com/acs";
  assert.equal(check(elsewhere, []), "wrong_destination");
  assert.equal(check("https://signin.amazonaws.cn/saml", []), "wrong_destination");
  assert.equal(check("nonsense", []), "wrong_destination");
  assert.equal(check("https://signin.aws.amazon.com.evil.example/saml", []), "wrong_destination");
  assert.equal(check(AWS.href, [elsewhere]), "wrong_audience");
  assert.equal(check(AWS.href, ["urn:amazon:webservicesx"]), "wrong_audience");
});

Deno.test("readPostedForm() reads the form, and nothing else", () => {
  const post = (body: string) => ({
    url: AWS.href,
    origin: undefined,
    body: new Secret(body),
    answer: () => Promise.resolve(),
  });
  const form = readPostedForm(post("RelayState=a%20b&SAMLResponse=PHg%2B%0D%0A"));
  assert.equal(form?.samlResponse.reveal(), "PHg+");
  assert.deepEqual([form?.action, form?.relayState], [AWS.href, "a b"]);
  assert.equal(readPostedForm(post("name=x")), undefined);
  assert.equal(readPostedForm(post("")), undefined);
});
