import assert from "node:assert/strict";
import {
  consoleDestination,
  consoleService,
} from "../../../src/aws/console/console_destination.ts";

Deno.test("consoleService() knows what people say, and takes all else for the URL's name", () => {
  for (
    const [word, path] of [
      ["s3", "s3"],
      ["ec2", "ec2"],
      ["cw", "cloudwatch"],
      ["CFN", "cloudformation"],
      ["ddb", "dynamodbv2"],
      ["r53", "route53/v2"],
      ["codesuite/codecommit", "codesuite/codecommit"],
      ["constructor", "constructor"],
    ] as const
  ) {
    assert.deepEqual(consoleService(word), { path }, word);
  }
});

Deno.test("consoleDestination() opens a part of a page where a word means one", () => {
  assert.equal(
    consoleDestination({ partition: "aws", region: "eu-west-1", service: "logs" }),
    "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups",
  );
  assert.equal(
    consoleDestination({ partition: "aws", service: "sg" }),
    "https://console.aws.amazon.com/ec2/home#SecurityGroups:",
  );
});
