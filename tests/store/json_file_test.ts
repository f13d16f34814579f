import assert from "node:assert/strict";
import { hashName, hasVersion, isRecordOf, isString, jsonFile } from "../../src/store/json_file.ts";
import { memoryFiles } from "../fakes/memory_files.ts";

Deno.test("hashName() is the same for the same list and for no other", async () => {
  const name = await hashName(["a", "b"]);
  assert.match(name, /^[0-9a-f]{32}$/);
  assert.equal(await hashName(["a", "b"]), name);
  for (const other of [["ab"], ["a", "b", ""], ["b", "a"], ['a","b'], [], ["a\u0000b"]]) {
    assert.notEqual(await hashName(other), name);
  }
});

Deno.test("jsonFile() writes 0600 and reads what is valid", async () => {
  const files = memoryFiles();
  const file = jsonFile(files, "/x.json", isString);
  assert.equal(await file.read(), undefined);
  await file.write("日本");
  assert.equal(await file.read(), "日本");
  assert.equal(files.contents.get("/x.json")?.mode, 0o600);
  for (const text of ["7", "", "{", "\ufeff"]) {
    files.put("/x.json", text);
    assert.equal(await file.read(), undefined, text);
  }
  assert.equal(await file.remove(), true);
  assert.equal(await file.remove(), false);
});

Deno.test("hasVersion() and isRecordOf() only accept objects", () => {
  for (const value of [null, undefined, 1, "x", [], {}, { version: "1" }, { version: 2 }]) {
    assert.equal(hasVersion(value, 1), false);
  }
  assert.equal(hasVersion({ version: 1 }, 1), true);
  for (const value of [null, "x", ["x"], { a: 1 }]) {
    assert.equal(isRecordOf(value, isString), false);
  }
  assert.equal(isRecordOf({ a: "x" }, isString), true);
  assert.equal(isRecordOf({}, isString), true);
});
