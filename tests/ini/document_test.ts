import assert from "node:assert/strict";
import { parseIni } from "../../src/ini/document.ts";

function values(text: string): [string, string][] {
  return parseIni(text).sections.flatMap(({ properties }) =>
    properties.map(({ key, value }): [string, string] => [key, value])
  );
}

function problems(text: string): string[] {
  return parseIni(text).problems.map(({ code, line }) => `${line} ${code}`);
}

Deno.test("parseIni() splits at the first '=', trims, and lower-cases keys", () => {
  assert.deepEqual(values("[a]\nRegion \t=  us-east-1 \nb=c=d\nempty =\n"), [
    ["region", "us-east-1"],
    ["b", "c=d"],
    ["empty", ""],
  ]);
});

Deno.test("parseIni() ends a value at a comment only after white space", () => {
  const text = "[a]\nb = c # d\ne = f#g\nh = i\t; j\nk = # l\nm =;n\n";
  assert.deepEqual(values(text), [["b", "c"], ["e", "f#g"], ["h", "i"], ["k", ""], ["m", ";n"]]);
  assert.deepEqual(parseIni(text).sections[0]!.properties.map((p) => p.inlineComment), [
    "# d",
    "",
    "; j",
    "# l",
    "",
  ]);
});

Deno.test("parseIni() reads indented lines as continuations, with their comments", () => {
  const [section] = parseIni("[a]\nb = c\n  d # e\n\n\t; f\n# not this\n  g\nh = i\n").sections;
  assert.deepEqual(section!.properties.map((p) => p.value), ["c\nd # e\n; f\ng", "i"]);
  assert.deepEqual(section!.comments.map((c) => c.line), [6]);
});

Deno.test("parseIni() reads an empty value with indented lines as a block", () => {
  const [s3] = parseIni("[a]\ns3 =\n  max = 5\n\n  min = 1\n").sections[0]!.properties;
  assert.equal(s3!.value, "\nmax = 5\nmin = 1");
  assert.deepEqual(s3!.continuations.map(({ text, line }) => [text, line]), [
    ["max = 5", 3],
    ["min = 1", 5],
  ]);
});

Deno.test("parseIni() takes a header's name up to the first ']', trimmed", () => {
  const text = "[ a ] # c\n[\tprofile\tb\t];x\n[]\n[c] x=1\n[d\ne=f\n";
  assert.deepEqual(parseIni(text).sections.map(({ name, line }) => [name, line]), [
    ["a", 1],
    ["profile\tb", 2],
    ["", 3],
    ["c", 4],
    ["", 5],
  ]);
  assert.deepEqual(problems(text), ["4 after_bracket", "5 no_bracket"]);
});

Deno.test("parseIni() reports invalid lines and continues", () => {
  const text = "x = 1\n  2\n[a]\n= b\nc\nd: e\nf = g\n";
  assert.deepEqual(problems(text), ["1 no_section", "4 empty_key", "5 no_equals", "6 no_equals"]);
  const [section] = parseIni(text).sections;
  assert.deepEqual(section!.properties.map((p) => [p.key, p.separator]), [
    ["", "="],
    ["", ""],
    ["d", ":"],
    ["f", "="],
  ]);
});

Deno.test("parseIni() reads keys that are indented below their header as botocore does", () => {
  const text = "[a]\n  b = 1\n  c = 2\n    3\nd = 4\n  [e]\n";
  assert.deepEqual(values(text), [["b", "1"], ["c", "2\n3"], ["d", "4\n[e]"]]);
  assert.deepEqual(problems(text), ["2 indented", "3 indented"]);
});

Deno.test("parseIni() returns the offsets of every part", () => {
  const text = "\ufeff# top\r\n[a]\r\nb = 1\r\n  2\r\n\r\n# about c\r\n[c]\r\nd = 3";
  const { sections, lineEnd } = parseIni(text);
  const [a, c] = sections;
  assert.equal(lineEnd, "\r\n");
  assert.equal(text.slice(a!.start, a!.bodyStart), "[a]\r\n");
  assert.equal(text.slice(a!.bodyStart, a!.bodyEnd), "b = 1\r\n  2\r\n");
  assert.equal(text.slice(a!.bodyEnd, a!.end), "\r\n# about c\r\n");
  assert.equal(text.slice(c!.start, c!.end), "[c]\r\nd = 3");
  const [b] = a!.properties;
  assert.equal(text.slice(b!.start, b!.headEnd), "b = 1\r\n");
  assert.equal(text.slice(b!.headEnd, b!.end), "  2\r\n");
});

Deno.test("parseIni() uses the most frequent line end", () => {
  assert.equal(parseIni("").lineEnd, "\n");
  assert.equal(parseIni("a\r\nb\nc\n").lineEnd, "\n");
  assert.equal(parseIni("a\r\nb\r\nc\n").lineEnd, "\r\n");
});
