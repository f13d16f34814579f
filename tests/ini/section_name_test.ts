import assert from "node:assert/strict";
import fc from "fast-check";
import { SettingsError } from "../../src/errors.ts";
import { parseIni } from "../../src/ini/document.ts";
import {
  canonicalSectionName,
  formatSectionHeader,
  splitShellWords,
} from "../../src/ini/section_name.ts";

Deno.test("splitShellWords() splits as Python's shlex does", () => {
  const cases: [string, string[] | undefined][] = [
    ["", []],
    [" a\tb ", ["a", "b"]],
    ['profile "two  spaces"', ["profile", "two  spaces"]],
    [`a'b c'"d e"f`, ["ab cd ef"]],
    [`'' ""`, ["", ""]],
    [String.raw`a\ b "\"\\\n" '\'`, ["a b", String.raw`"\\n`, "\\"]],
    ['"open', undefined],
    ["a\\", undefined],
  ];
  for (const [text, words] of cases) assert.deepEqual(splitShellWords(text), words);
});

Deno.test("canonicalSectionName() returns one spelling for all", () => {
  for (const name of ["profile x y", 'profile "x y"', "profile\t'x y'", "profile  x y"]) {
    assert.equal(canonicalSectionName(name), "profile x y");
  }
  assert.equal(canonicalSectionName('profile "open'), 'profile "open');
  assert.equal(canonicalSectionName('profile "a" "b"'), 'profile "a" "b"');
  assert.equal(canonicalSectionName("okta-x"), "okta-x");
});

Deno.test("formatSectionHeader() quotes only what needs it", () => {
  assert.equal(formatSectionHeader("okta-dev-a@b"), "[okta-dev-a@b]");
  assert.equal(formatSectionHeader("profile x"), "[profile x]");
  assert.equal(formatSectionHeader("profile x y"), '[profile "x y"]');
});

Deno.test("formatSectionHeader() rejects names that would not read back", () => {
  const names = [
    "",
    " a",
    "a]",
    "a\nb",
    "a\0",
    "a#b",
    "a;b",
    "\udcff",
    'profile "',
    "profile \\ x",
  ];
  for (const name of names) {
    assert.throws(
      () => formatSectionHeader(name),
      (error) => error instanceof SettingsError && error.code === "bad_section_name",
    );
  }
});

Deno.test("formatSectionHeader() writes what parseIni() reads back", () => {
  const name = fc.string({ unit: fc.constantFrom(..."ab -_/:'\"\\[]#é\t") })
    .map((text) => canonicalSectionName(text.trim()));
  fc.assert(fc.property(name, (wanted) => {
    let header: string;
    try {
      header = formatSectionHeader(wanted);
    } catch {
      return;
    }
    assert.equal(canonicalSectionName(parseIni(header).sections[0]!.name), wanted);
  }));
});
