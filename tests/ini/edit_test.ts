import assert from "node:assert/strict";
import { Fault, SettingsError } from "../../src/errors.ts";
import { parseIni } from "../../src/ini/document.ts";
import { editIni, removeSection, setSection } from "../../src/ini/edit.ts";

Deno.test("setSection() replaces in place, adds after the last property, keeps the rest", () => {
  const before = "# top\n[a]\n k = 1\n\n[x]\n# why\nold=1\nMine=2\n\n# about b\n[b]\n";
  assert.equal(
    setSection(before, "x", [["mine", "3"], ["new", "4"]]),
    "# top\n[a]\n k = 1\n\n[x]\n# why\nold=1\nmine = 3\nnew = 4\n\n# about b\n[b]\n",
  );
});

Deno.test("setSection() keeps a line that already has the value", () => {
  const before = "[x]\nRegion=eu-west-1\n";
  assert.equal(setSection(before, "x", [["region", "eu-west-1"]]), before);
});

Deno.test("setSection() adds a new section at the end, after one blank line", () => {
  const set = [["k", "v"]] as const;
  assert.equal(setSection("", "x", set), "[x]\nk = v\n");
  assert.equal(setSection("\ufeff", "x", set), "\ufeff[x]\nk = v\n");
  assert.equal(setSection("[a]", "x", set), "[a]\n\n[x]\nk = v\n");
  assert.equal(setSection("[a]\r\n", "x", set), "[a]\r\n\r\n[x]\r\nk = v\r\n");
  assert.equal(setSection("[a]\n\n", "x", set), "[a]\n\n[x]\nk = v\n");
  assert.equal(setSection("\ufeff\n", "x", set), "\ufeff\n[x]\nk = v\n");
});

Deno.test("setSection() adds no section without keys", () => {
  assert.equal(setSection("[a]\n", "x", [], ["k"]), "[a]\n");
});

Deno.test("setSection() adds a missing line end before a key", () => {
  assert.equal(setSection("[x]", "x", [["k", "v"]]), "[x]\nk = v\n");
  assert.equal(setSection("[x]\na = 1", "x", [["k", "v"]]), "[x]\na = 1\nk = v\n");
  assert.equal(setSection("[x]\na = 1", "x", [["a", "2"], ["k", "v"]]), "[x]\na = 2\nk = v\n");
  assert.equal(setSection("[x]\na = 1", "x", [["a", "2"]]), "[x]\na = 2");
});

Deno.test("setSection() drops continuation lines of an old value but keeps the comments there", () => {
  assert.equal(
    setSection("[x]\nk = 1\n  2\n# c\n\n  # d\n  3\nz = 4\n", "x", [["k", "v"]]),
    "[x]\nk = v\n# c\n# d\nz = 4\n",
  );
});

Deno.test("setSection() moves an inline comment above, where botocore does not read it", () => {
  const before = "[x]\nregion = eu-west-1 # near me\n";
  const after = "[x]\n# near me\nregion = eu-west-1\n";
  assert.equal(setSection(before, "x", [["region", "eu-west-1"]]), after);
  assert.equal(setSection(before, "x", [], ["region"]), "[x]\n# near me\n");
});

Deno.test("setSection() keeps indentation, so that the next line stays a key of its own", () => {
  const before = "[x]\n  k = 1\n  output = json\n  # note\n";
  const after = setSection(before, "x", [["k", "2"], ["new", "3"]]);
  assert.equal(after, "[x]\n  k = 2\n  output = json\n  # note\n  new = 3\n");
  assert.deepEqual(parseIni(after).sections[0]!.properties.map((p) => p.value), ["2", "json", "3"]);
});

Deno.test("setSection() does not put a key above an indented comment that it would swallow", () => {
  const after = setSection("[x]\n  # note\n\n[b]\n", "x", [["k", "v"]]);
  assert.equal(after, "[x]\n  # note\nk = v\n\n[b]\n");
});

Deno.test("editIni() keeps an indented header a header", () => {
  assert.equal(setSection("[x]\n  [b]\n", "x", [["k", "v"]]), "[x]\nk = v\n[b]\n");
  assert.equal(removeSection("[a]\nk = 1\n[x]\n  [b]\n", "x"), "[a]\nk = 1\n[b]\n");
});

Deno.test("setSection() replaces the 'key: value' that only botocore reads", () => {
  assert.equal(setSection("[x]\nk: 1\nk:l = 2\n", "x", [["k", "v"]]), "[x]\nk = v\n");
});

Deno.test("setSection() leaves each key once in a duplicate section", () => {
  const before = "[x]\nk = 1\nk = 2\n[a]\n[x]\nk = 3\nmine = 4\n\n[x]\nl = 5\n\n[b]\n";
  assert.equal(
    setSection(before, "x", [["k", "v"], ["l", "w"]]),
    "[x]\nk = v\nl = w\n[a]\n[x]\nmine = 4\n\n[b]\n",
  );
});

Deno.test("setSection() keeps the comments of a second section of the name, but not its header", () => {
  const before = "[x]\n\n[x]\n  # a\nk = 3 # b\nk = 4\n  # c\n# d\n[y]\n";
  const after = "[x]\nk = v\n\n# a\n# b\n# c\n# d\n[y]\n";
  assert.equal(setSection(before, "x", [["k", "v"]]), after);
});

Deno.test("setSection() finds a profile however its header is spelled", () => {
  for (const header of ["[profile x]", '[profile "x"]', "[ profile\tx ] # c"]) {
    assert.equal(setSection(`${header}\n`, "profile x", [["k", "v"]]), `${header}\nk = v\n`);
  }
});

Deno.test("setSection() sets keys inside a block and keeps the others", () => {
  const before = "[x]\ns3 =\n  # c\n  a = 1\n  b = 2\n  a = 3";
  assert.equal(
    setSection(before, "x", [["s3", [["a", "4"], ["z", "5"]]]]),
    "[x]\ns3 =\n  # c\n  a = 4\n  b = 2\n    z = 5\n",
  );
  assert.equal(
    setSection("[x]\ns3 = 1", "x", [["s3", [["a", "4"]]]]),
    "[x]\ns3 =\n    a = 4\n",
  );
});

Deno.test("setSection() rejects values that would not read back, without quoting them", () => {
  for (
    const value of [
      "ab\ncd",
      "ab\rcd",
      "ab\0",
      " abc",
      "abc\t",
      "ab #c",
      "; abc",
      "\udcff",
      "a\u2028b",
    ]
  ) {
    assert.throws(() => setSection("", "x", [["k", value]]), (error) => {
      assert.ok(error instanceof SettingsError);
      assert.equal(error.code, "bad_value");
      assert.ok(!`${error.message} ${error.hint}`.includes(value));
      return true;
    });
  }
  for (const key of ["", "a b", "a=b", "a:b", "[a", "#a", "a\nb"]) {
    assert.throws(
      () => setSection("", "x", [[key, "v"]]),
      (error) => error instanceof SettingsError && error.code === "bad_key",
    );
  }
});

Deno.test("removeSection() removes all sections of the name and the blank lines after them", () => {
  const before =
    "[a]\n\n# of x\n[x]\nk = 1\n\n\n[b]\n\n[x]\nl = 2\n# about c\n[c]\n\n[x]\nm = 3\n\n";
  assert.equal(removeSection(before, "x"), "[a]\n\n# of x\n[b]\n\n# about c\n[c]\n");
  assert.equal(removeSection("[a]\r\n\r\n[x]\r\n", "x"), "[a]\r\n");
  assert.equal(removeSection("[x]", "x"), "");
  assert.equal(removeSection("[a]\n", "x"), "[a]\n");
});

Deno.test("editIni() makes many edits at once", () => {
  const before = "[a]\nk = 1\n\n[x]\nk = 2\n\n[y]\nk = 3\n";
  const after = editIni(parseIni(before), [
    { kind: "remove", section: "y" },
    { kind: "set", section: "n", set: [["k", "5"]] },
    { kind: "remove", section: "x" },
    { kind: "set", section: "a", set: [["k", "4"]] },
    { kind: "set", section: "m", set: [["k", "6"]] },
  ]);
  assert.equal(after, "[a]\nk = 4\n\n[n]\nk = 5\n\n[m]\nk = 6\n");
});

Deno.test("editIni() rejects two edits of one section", () => {
  const edit = { kind: "remove", section: "x" } as const;
  assert.throws(() => editIni(parseIni(""), [edit, edit]), Fault);
});
