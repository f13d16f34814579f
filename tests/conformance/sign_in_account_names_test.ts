import assert from "node:assert/strict";
import { processAliasPage } from "../../src/aws/console/account_aliases.ts";

const FOLDER = new URL(
  "../../../shared/fixtures/gimme-aws-creds/tests/fixtures/",
  import.meta.url,
);

function read(name: string): string | undefined {
  try {
    return Deno.readTextFileSync(new URL(name, FOLDER));
  } catch {
    return undefined;
  }
}

const PAGE = read("aws_nextjs.html");

Deno.test({
  name: "processAliasPage() reads AWS's newer page as it was recorded",
  ignore: PAGE === undefined,
  fn() {
    const aliases = processAliasPage({ status: 200, headers: new Headers(), body: PAGE! });
    // Its second account has no alias (and an id of 13 digits).
    assert.deepEqual([...aliases], [["012345678901", "testaccount1"]]);
  },
});
