import assert from "node:assert/strict";
import {
  partitionNamed,
  partitionOfArn,
  partitionOfRegion,
  PARTITIONS,
} from "../../src/aws/partitions.ts";

Deno.test("partitionOfArn() goes by the ARN's second part", () => {
  assert.equal(partitionOfArn("arn:aws-cn:iam::123456789012:role/R")?.name, "aws-cn");
  assert.equal(partitionOfArn("arn:aws-mars:iam::123456789012:role/R"), undefined);
  assert.equal(partitionOfArn("aws"), undefined);
  assert.equal(partitionOfArn(""), undefined);
});

Deno.test("partitionOfRegion() tells partitions whose regions look alike apart", () => {
  const expected = {
    "us-east-1": "aws",
    "us-gov-east-1": "aws-us-gov",
    "us-iso-east-1": "aws-iso",
    "us-isob-east-1": "aws-iso-b",
    "us-isof-south-1": "aws-iso-f",
    "eu-west-1": "aws",
    "eu-isoe-west-1": "aws-iso-e",
    "eusc-de-east-1": "aws-eusc",
    "cn-north-1": "aws-cn",
    "mx-central-1": "aws",
    "mars-north-1": "aws",
  };
  for (const [region, name] of Object.entries(expected)) {
    assert.equal(partitionOfRegion(region).name, name, region);
  }
});

Deno.test("PARTITIONS have default regions of their own, and each name once", () => {
  for (const partition of PARTITIONS) {
    assert.equal(partitionOfRegion(partition.defaultRegion), partition);
    assert.equal(partitionNamed(partition.name), partition);
  }
});
