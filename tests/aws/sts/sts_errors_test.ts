import assert from "node:assert/strict";
import {
  isAssertionExpired,
  isDurationExceeded,
  isThrottling,
} from "../../../src/aws/sts/sts_errors.ts";
import type { StsEndpoint } from "../../../src/aws/endpoints.ts";
import { isThrottledResponse } from "../../../src/aws/sts/throttled_together.ts";
import { callerIdentity } from "../../../src/aws/sts/sts.ts";
import { networkFailure } from "../../fakes/scripted_http.ts";
import {
  chain,
  redeem,
  STS_ENDPOINT,
  STS_USER as USER_KEYS,
  stsTransport,
} from "../../fakes/sts_transport.ts";
import { AwsError, NetworkError } from "../../../src/errors.ts";
import type { HttpResponse } from "../../../src/ports.ts";

function refusal(code: string, message: string, status = 400): HttpResponse {
  const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>` +
    `<Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>` +
    "<RequestId>c6104cbe-af31</RequestId></ErrorResponse>";
  return { status, headers: new Headers(), body };
}

async function thrown(
  response: HttpResponse,
  process: (response: HttpResponse) => Promise<unknown>,
): Promise<unknown> {
  try {
    await process(response);
  } catch (error) {
    return error;
  }
  return undefined;
}

async function samlError(code: string, message: string, status = 400): Promise<AwsError> {
  const error = await thrown(refusal(code, message, status), redeem);
  assert.ok(error instanceof AwsError);
  return error;
}

const MAXIMUM = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
const CHAINED =
  "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";
const CONSTRAINT =
  "1 validation error detected: Value '99999' at 'durationSeconds' failed to satisfy constraint: " +
  "Member must have value less than or equal to 43200";

Deno.test("stsError() keeps code, message and request id", async () => {
  const error = await samlError(
    "AccessDenied",
    "Not authorized to perform sts:AssumeRoleWithSAML",
    403,
  );
  assert.equal(error.code, "AccessDenied");
  assert.equal(
    error.message,
    "AWS refused AssumeRoleWithSAML: AccessDenied: " +
      "Not authorized to perform sts:AssumeRoleWithSAML",
  );
  assert.equal(error.reference, "request c6104cbe-af31");
  assert.match(error.hint!, /trust policy/);
});

Deno.test("stsError() has a hint of its own for every refusal that is documented", async () => {
  const rows: [string, string][] = [
    ["ValidationError", MAXIMUM],
    ["ValidationError", CHAINED],
    ["ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance"],
    ["InvalidIdentityToken", "RoleSessionName is required in AuthnResponse"],
    ["InvalidIdentityToken", "Response signature invalid"],
    ["InvalidIdentityToken", "Specified provider doesn't exist"],
    ["InvalidIdentityToken", "Issuer not present in specified provider"],
    ["InvalidIdentityToken", "Response does not contain the required audience"],
    ["InvalidIdentityToken", "something new"],
    ["IDPRejectedClaim", "claim expired"],
    ["AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML"],
    ["PackedPolicyTooLarge", "Packed size of session tags consumes 120% of allotted space."],
    ["RegionDisabledException", "STS is not activated in this region"],
    ["Throttling", "Rate exceeded"],
  ];
  const errors = await Promise.all(rows.map(([code, message]) => samlError(code, message)));
  const hints = errors.map(({ hint }) => hint);
  assert.ok(hints.every((hint) => hint !== undefined && !hint.endsWith(".")));
  assert.equal(new Set(hints).size, rows.length);
  assert.match((await samlError("SomethingNew", "who knows")).hint!, /--debug/);
});

Deno.test("stsError() names the flag that shortens the refused session", async () => {
  const response = refusal("ValidationError", MAXIMUM);
  assert.match(((await thrown(response, redeem)) as AwsError).hint!, /\(-t 1h\)/);
  assert.match(((await thrown(response, chain)) as AwsError).hint!, /\(-a 1h\)/);
});

Deno.test("stsError() tells an expired assertion from expired credentials", async () => {
  const response = refusal("ExpiredTokenException", "The security token included is expired");
  const saml = (await thrown(response, redeem)) as AwsError;
  const chained = (await thrown(response, chain)) as AwsError;
  assert.match(saml.hint!, /assertion/);
  assert.doesNotMatch(chained.hint!, /assertion/);
});

Deno.test("stsError() shows what AWS wrote harmlessly", async () => {
  const long = `bad&#x9b;31m ${"x".repeat(2000)}`;
  const error = await samlError("Weird", `line\nline \u202e ${long}`);
  assert.doesNotMatch(error.message, /[\p{Cc}\u202e]/u);
  assert.ok(error.message.length < 500);
});

Deno.test("stsError() is a NetworkError when STS itself failed", async () => {
  for (const code of ["InternalFailure", "ServiceUnavailable"]) {
    const error = await thrown(refusal(code, "oops", 503), redeem);
    assert.ok(error instanceof NetworkError);
    assert.equal(error.code, code);
  }
});

Deno.test("stsError() names the status when there is no code", async () => {
  const body = "<ErrorResponse><RequestId>r</RequestId></ErrorResponse>";
  const error = await thrown(
    { status: 418, headers: new Headers(), body },
    redeem,
  ) as AwsError;
  assert.equal(error.code, "http_418");
});

Deno.test("isDurationExceeded() goes by the message, for ValidationError has many causes", async () => {
  for (const message of [MAXIMUM, CHAINED, CONSTRAINT]) {
    assert.ok(isDurationExceeded(await samlError("ValidationError", message)), message);
  }
  const tooShort = CONSTRAINT.replace(
    "less than or equal to 43200",
    "greater than or equal to 900",
  );
  assert.ok(!isDurationExceeded(await samlError("ValidationError", tooShort)));
  assert.ok(!isDurationExceeded(await samlError("ValidationError", "bad ARN")));
  assert.ok(!isDurationExceeded(await samlError("AccessDenied", MAXIMUM)));
  assert.ok(!isDurationExceeded(new Error(MAXIMUM)));
});

Deno.test("isAssertionExpired() and isThrottling() go by the code", async () => {
  const expired = await samlError(
    "ExpiredTokenException",
    "Token must be redeemed within 5 minutes",
  );
  const throttled = await samlError("Throttling", "Rate exceeded");
  assert.ok(isAssertionExpired(expired) && !isAssertionExpired(throttled));
  assert.ok(isThrottling(throttled) && !isThrottling(expired));
  assert.ok(!isThrottling(undefined) && !isAssertionExpired("ExpiredTokenException"));
});

Deno.test("isThrottledResponse() looks at the code of an error, not at other text", () => {
  assert.ok(isThrottledResponse(refusal("Throttling", "Rate exceeded")));
  assert.ok(!isThrottledResponse(refusal("AccessDenied", "Throttling")));
  assert.ok(!isThrottledResponse({ ...refusal("Throttling", ""), status: 200 }));
});

Deno.test("a host that does not exist is blamed on the region, or on FIPS", async () => {
  const hintFor = async (endpoint: StsEndpoint) => {
    const { clock } = stsTransport();
    const http = { send: () => Promise.reject(networkFailure("dns")) };
    const options = { endpoint, credentials: USER_KEYS };
    try {
      await callerIdentity({ http, clock }, options);
    } catch (error) {
      assert.ok(error instanceof NetworkError);
      assert.equal(error.code, "dns");
      return error.hint;
    }
    return undefined;
  };
  assert.match((await hintFor(STS_ENDPOINT))!, /is there a region eu-west-1\?/);
  const fips = { ...STS_ENDPOINT, kind: { fips: true, dualStack: false } };
  assert.match((await hintFor(fips))!, /unset AWS_USE_FIPS_ENDPOINT/);
  assert.equal(await hintFor({ ...STS_ENDPOINT, custom: true }), undefined);
});
