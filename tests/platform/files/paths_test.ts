import { strictEqual } from "node:assert/strict";
import { folderOf, nameOf, pathIn, realPathIn } from "../../../src/platform/files/paths.ts";

Deno.test("folderOf() and nameOf() split a path", () => {
  strictEqual(folderOf("/a/b/c"), "/a/b");
  strictEqual(folderOf("/a"), "/");
  strictEqual(nameOf("/a/b.c"), "b.c");
});

Deno.test("pathIn() joins, and returns an absolute path unchanged", () => {
  strictEqual(pathIn("/a", "b"), "/a/b");
  strictEqual(pathIn("/", "b"), "/b");
  strictEqual(pathIn("/a", "../b"), "/a/../b");
  strictEqual(pathIn("/a", "/b"), "/b");
});

Deno.test("realPathIn() has no slashes on Windows", () => {
  strictEqual(realPathIn("C:\\a", "b", "windows"), "C:\\a\\b");
  strictEqual(realPathIn("/a", "b", "linux"), "/a/b");
});
