import assert from "node:assert/strict";
import {
  isSignInHost,
  regionWithin,
  signInFormUrl,
  signInOrigin,
  stsEndpoint,
} from "../../src/aws/endpoints.ts";
import { partitionNamed } from "../../src/aws/partitions.ts";
import { SettingsError } from "../../src/errors.ts";

function variables(values: Record<string, string> = {}): (name: string) => string | undefined {
  return (name) => values[name];
}

function sts(partition: string, region?: string, values: Record<string, string> = {}) {
  return stsEndpoint({ partition, region, get: variables(values) });
}

Deno.test("stsEndpoint() is regional in every partition", () => {
  assert.deepEqual(sts("aws", "eu-west-1"), {
    url: "https://sts.eu-west-1.amazonaws.com/",
    region: "eu-west-1",
    custom: false,
  });
  const hosts = {
    "aws": "sts.us-east-1.amazonaws.com",
    "aws-us-gov": "sts.us-gov-west-1.amazonaws.com",
    "aws-cn": "sts.cn-northwest-1.amazonaws.com.cn",
    "aws-eusc": "sts.eusc-de-east-1.amazonaws.eu",
    "aws-iso": "sts.us-iso-east-1.c2s.ic.gov",
    "aws-iso-b": "sts.us-isob-east-1.sc2s.sgov.gov",
    "aws-iso-e": "sts.eu-isoe-west-1.cloud.adc-e.uk",
    "aws-iso-f": "sts.us-isof-south-1.csp.hci.ic.gov",
  };
  for (const [partition, host] of Object.entries(hosts)) {
    assert.equal(sts(partition).url, `https://${host}/`);
  }
});

Deno.test("stsEndpoint() takes the role's partition over a region of another one", () => {
  assert.equal(sts("aws-us-gov", "eu-west-1").region, "us-gov-west-1");
  assert.equal(sts("aws", "cn-north-1").url, "https://sts.us-east-1.amazonaws.com/");
  assert.equal(sts("aws-cn", "cn-north-1").region, "cn-north-1");
  assert.equal(sts("aws-cn", "aws-global").region, "cn-northwest-1");
});

Deno.test("stsEndpoint() prefers AWS_ENDPOINT_URL_STS to AWS_ENDPOINT_URL to the table", () => {
  const general = { AWS_ENDPOINT_URL: "http://127.0.0.1:4566" };
  assert.deepEqual(sts("aws", "eu-west-1", general), {
    url: "http://127.0.0.1:4566/",
    region: "eu-west-1",
    custom: true,
  });
  const both = { ...general, AWS_ENDPOINT_URL_STS: "https://sts.example/base?x=1#y" };
  assert.equal(sts("aws", "eu-west-1", both).url, "https://sts.example/base");
  assert.equal(sts("aws-us-gov", "eu-west-1", both).region, "us-gov-west-1");
});

Deno.test("stsEndpoint() takes http: for loopback hosts alone", () => {
  for (const host of ["localhost:1", "127.0.0.1", "127.9.8.7:80", "[::1]:5000", "127.1"]) {
    assert.ok(sts("aws", undefined, { AWS_ENDPOINT_URL_STS: `http://${host}` }).custom);
  }
  for (
    const host of [
      "sts.example",
      "10.0.0.1",
      "169.254.170.2",
      "localhost.evil.com",
      "127.0.0.1.evil.com",
      "[fd00::1]",
      "0.0.0.0",
    ]
  ) {
    assert.throws(
      () => sts("aws", undefined, { AWS_ENDPOINT_URL_STS: `http://${host}` }),
      (error) => error instanceof SettingsError && error.code === "insecure_endpoint",
      host,
    );
  }
});

Deno.test("stsEndpoint() rejects an invalid endpoint, without showing a password in it", () => {
  for (
    const url of ["sts.example", "ftp://sts.example", "https://", "https://me:hunter2@sts.example"]
  ) {
    assert.throws(
      () => sts("aws", undefined, { AWS_ENDPOINT_URL_STS: url }),
      (error) =>
        error instanceof SettingsError && error.code === "invalid_endpoint" &&
        !`${error.message}${error.hint}`.includes("hunter2"),
      url,
    );
  }
});

Deno.test("stsEndpoint() knows an unknown partition only through the environment", () => {
  assert.throws(() => sts("aws-mars"), { code: "unknown_partition" });
  const endpoint = sts("aws-mars", "mars-1", { AWS_ENDPOINT_URL_STS: "https://sts.mars.example" });
  assert.equal(endpoint.url, "https://sts.mars.example/");
  assert.equal(endpoint.region, "mars-1");
});

Deno.test("regionWithin() refuses what can't stand in a host name", () => {
  for (const region of ["evil.com/", "us-east-1\n", "", "US-EAST-1"]) {
    assert.throws(() => regionWithin(partitionNamed("aws")!, region), { code: "invalid_region" });
  }
});

Deno.test("isSignInHost() takes the table's hosts and one region before them", () => {
  for (
    const host of [
      "signin.aws.amazon.com",
      "us-east-1.signin.aws.amazon.com",
      "signin.amazonaws-us-gov.com",
      "us-gov-west-1.signin.amazonaws-us-gov.com",
      "signin.amazonaws.cn",
      "cn-north-1.signin.amazonaws.cn",
      "signin.amazonaws-eusc.eu",
      "us-iso-east-1.signin.c2shome.ic.gov",
      "us-isob-east-1.signin.sc2shome.sgov.gov",
    ]
  ) assert.ok(isSignInHost(host), host);
  for (
    const host of [
      "aws.amazon.com",
      "evilsignin.aws.amazon.com",
      "a.b.signin.aws.amazon.com",
      ".signin.aws.amazon.com",
      "signin.aws.amazon.com.evil.com",
      "signin.aws.amazon.com:8443",
      "signin.aws",
      "",
    ]
  ) assert.ok(!isSignInHost(host), host);
});

Deno.test("signInOrigin() is the partition's, or the environment's", () => {
  const origin = (partition: string, values = {}) =>
    signInOrigin({ partition, get: variables(values) });
  assert.equal(origin("aws"), "https://signin.aws.amazon.com");
  assert.equal(origin("aws-us-gov"), "https://signin.amazonaws-us-gov.com");
  const local = { OKTA_AWS_SIGNIN_ENDPOINT: "http://127.0.0.1:8080/ignored" };
  assert.equal(origin("aws-cn", local), "http://127.0.0.1:8080");
  assert.throws(() => origin("aws-iso-e"), { code: "no_sign_in_host" });
  assert.throws(() => origin("aws", { OKTA_AWS_SIGNIN_ENDPOINT: "http://signin.example" }), {
    code: "insecure_endpoint",
  });
});

Deno.test("signInFormUrl() sends an assertion to AWS's sign-in hosts alone", () => {
  const to = (action: string, values = {}) => signInFormUrl(action, variables(values))?.href;
  const local = { OKTA_AWS_SIGNIN_ENDPOINT: "http://127.0.0.1:8080" };
  const action = "https://eu-west-1.signin.aws.amazon.com/saml/acs/SAMLSP1?x=1";
  assert.equal(to(action), action);
  assert.equal(to(action, local), "http://127.0.0.1:8080/saml/acs/SAMLSP1?x=1");
  assert.equal(to("http://127.0.0.1:8080/saml", local), "http://127.0.0.1:8080/saml");
  for (
    const elsewhere of [
      "http://signin.aws.amazon.com/saml",
      "https://signin.aws.amazon.com:444/saml",
      "https://signin.aws.amazon.com@evil.com/saml",
      "https://me@signin.aws.amazon.com/saml",
      "https://evil.com/saml",
      "http://127.0.0.1:8080/saml",
      "javascript:alert(1)",
      "/saml",
      "",
    ]
  ) assert.equal(to(elsewhere), undefined, elsewhere);
  assert.equal(to("http://127.0.0.1:9999/saml", local), undefined);
  assert.equal(to("https://evil.com/saml", local), undefined);
});

Deno.test("signInFormUrl() keeps the endpoint's host when a path begins with two slashes", () => {
  const url = signInFormUrl(
    "https://signin.aws.amazon.com//evil.com/saml",
    variables({ OKTA_AWS_SIGNIN_ENDPOINT: "https://signin.example" }),
  );
  assert.equal(url?.origin, "https://signin.example");
});
