import assert from "node:assert/strict";
import { partitionNamed, partitionOfRegion, PARTITIONS } from "../../src/aws/partitions.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const FILE = new URL("botocore/botocore/data/partitions.json", FIXTURES);

interface SdkPartition {
  id: string;
  regionRegex: string;
  regions: Record<string, unknown>;
  outputs: { dnsSuffix: string; implicitGlobalRegion: string };
}

function readPartitions(): SdkPartition[] {
  try {
    return JSON.parse(Deno.readTextFileSync(FILE)).partitions;
  } catch {
    return [];
  }
}

const SDK = readPartitions();
const REGIONS = SDK.flatMap(({ id, regions }) =>
  Object.keys(regions).filter((region) => !region.endsWith("-global")).map((region) => ({
    id,
    region,
  }))
);

Deno.test({
  name: `PARTITIONS has the SDKs' ${SDK.length} partitions`,
  ignore: ignoreWithoutData(SDK.length === 0),
  fn() {
    assert.deepEqual(
      SDK.map(({ id }) => id).sort(),
      PARTITIONS.map(({ name }) => name).sort(),
    );
    for (const { id, outputs, regionRegex } of SDK) {
      const partition = partitionNamed(id)!;
      assert.equal(partition.dnsSuffix, outputs.dnsSuffix);
      assert.equal(partition.defaultRegion, outputs.implicitGlobalRegion);
      assert.equal(partition.regions.source, regionRegex.replaceAll("\\-", "-"));
    }
  },
});

Deno.test({
  name: `partitionOfRegion() knows the SDKs' ${REGIONS.length} regions`,
  ignore: ignoreWithoutData(SDK.length === 0),
  fn() {
    for (const { id, region } of REGIONS) assert.equal(partitionOfRegion(region).name, id, region);
  },
});
