import assert from "node:assert/strict";
import { consoleDestination } from "../../../src/aws/console/console_destination.ts";
import { SettingsError, UsageError } from "../../../src/errors.ts";

Deno.test("consoleDestination() opens the partition's console, region and service", () => {
  assert.equal(consoleDestination({ partition: "aws" }), "https://console.aws.amazon.com/");
  assert.equal(
    consoleDestination({ partition: "aws", region: "eu-west-1" }),
    "https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1",
  );
  assert.equal(
    consoleDestination({ partition: "aws-us-gov", region: "us-gov-east-1", service: "ec2" }),
    "https://us-gov-east-1.console.amazonaws-us-gov.com/ec2/home?region=us-gov-east-1",
  );
  assert.equal(
    consoleDestination({ partition: "aws-cn", service: "codesuite/codecommit" }),
    "https://console.amazonaws.cn/codesuite/codecommit/home",
  );
});

Deno.test("consoleDestination() doesn't take a region of another partition", () => {
  assert.equal(
    consoleDestination({ partition: "aws-cn", region: "eu-west-1" }),
    "https://cn-northwest-1.console.amazonaws.cn/console/home?region=cn-northwest-1",
  );
});

Deno.test("consoleDestination() takes a URL within the partition's console", () => {
  for (
    const destination of [
      "https://console.aws.amazon.com/ec2/home?region=us-east-1#Instances:",
      "https://us-west-2.console.aws.amazon.com/s3/buckets/x",
      "https://123456789012-abc.us-east-1.console.aws.amazon.com/",
    ]
  ) assert.equal(consoleDestination({ partition: "aws", destination }), destination);
});

Deno.test("consoleDestination() refuses a URL elsewhere", () => {
  for (
    const destination of [
      "http://console.aws.amazon.com/",
      "https://console.amazonaws.cn/",
      "https://console.aws.amazon.com.evil.com/",
      "https://evilconsole.aws.amazon.com/",
      "https://console.aws.amazon.com@evil.com/",
      "https://x@console.aws.amazon.com/",
      "https://console.aws.amazon.com:444/",
      "javascript:alert(1)",
      "//console.aws.amazon.com/",
      "",
    ]
  ) {
    assert.throws(
      () => consoleDestination({ partition: "aws", destination }),
      (error) => error instanceof UsageError && error.code === "destination_not_console",
      destination,
    );
  }
});

Deno.test("consoleDestination() refuses a service that would change the URL", () => {
  for (const service of ["", "a?b", "../x", "a//b", "a#b", "a b", "@evil.com"]) {
    assert.throws(() => consoleDestination({ partition: "aws", service }), {
      code: "invalid_service",
    });
  }
});

Deno.test("consoleDestination() says where nobody knows the console", () => {
  for (const partition of ["aws-iso", "aws-mars"]) {
    assert.throws(
      () => consoleDestination({ partition }),
      (error) => error instanceof SettingsError && error.code === "no_console_host",
    );
  }
});
