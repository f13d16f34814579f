import { strict as assert } from "node:assert";
import { openFastPathIndex } from "../../src/credentials/fast_path_index.ts";
import { fakeEnvironment } from "../fakes/fake_environment.ts";
import { memoryFiles } from "../fakes/memory_files.ts";

const CACHE = "/cache";
const DOCUMENT = "/cache/credentials/dev.json";

Deno.test("openFastPathIndex() answers the same command line in the same environment only", async () => {
  const files = memoryFiles({ "/settings": "" });
  const environment = fakeEnvironment();
  const other = fakeEnvironment({ AWS_REGION: "eu-west-1" });
  const words = ["cred-process", "dev"];
  const open = (argv: readonly string[], of = environment) =>
    openFastPathIndex({ files, environment: of }, CACHE, argv);
  await open(words).write({ document: DOCUMENT }, ["/settings"]);
  assert.equal((await open(words).read())?.document, DOCUMENT);
  for (const strange of [open(["cred-process", "prod"]), open(words, other)]) {
    assert.equal(await strange.read(), undefined);
  }
});

Deno.test("openFastPathIndex() doesn't take another's memo under its own file name", async () => {
  const environment = fakeEnvironment();
  const pathOf = async (argv: readonly string[]) => {
    const files = memoryFiles();
    const index = openFastPathIndex({ files, environment }, CACHE, argv);
    await index.write({ document: DOCUMENT }, []);
    const [path] = files.contents.keys();
    return { path: path!, text: files.text(path!) };
  };
  const [dev, prod] = [
    await pathOf(["cred-process", "dev"]),
    await pathOf(["cred-process", "prod"]),
  ];
  assert.notEqual(dev.path, prod.path);
  // As if both had the same hash.
  const files = memoryFiles({ [prod.path]: dev.text });
  const index = openFastPathIndex({ files, environment }, CACHE, ["cred-process", "prod"]);
  assert.equal(await index.read(), undefined);
});
