import assert from "node:assert/strict";
import fc from "fast-check";
import { parseSharedConfig } from "../../src/aws/files/shared_config.ts";
import { parseIni } from "../../src/ini/document.ts";
import { removeSection, setSection } from "../../src/ini/edit.ts";
import { decodeLossless, encodeLossless } from "../../src/ini/lossless_text.ts";

/** Lines that people, other tools and accidents leave in these files; none opens `[okta-x]`. */
const foreignLine = fc.oneof(
  fc.constantFrom(
    ...["", "  ", "# note", "  # indented", "; note", "[default]", "[profile dev]", "[broken"],
    ...["  [indented]", "key = value", "key: value", "s3 =", "  max = 5", "\tcontinued", "= x"],
    ...[
      "aws_session_token = theirs # inline",
      "junk",
      "[ spaced ] ; c",
      "[a]]",
      "caf\u00e9 = \u6f22",
    ],
  ),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => decodeLossless(bytes).replaceAll("[", "(")),
);
const lineEnd = fc.constantFrom("\n", "\n", "\r\n");
const foreignText = fc.tuple(
  fc.constantFrom("", "", "\ufeff"),
  fc.array(fc.tuple(foreignLine, lineEnd), { maxLength: 25 }),
  fc.constantFrom("", "last line, not ended", "[last]"),
).map(([mark, lines, last]) => mark + lines.flat().join("") + last);

/** The same with lines inside and around our section. */
const headerLine = fc.constantFrom("[okta-x]", "[okta-x]", "[ okta-x ]", "[okta-x] # c");
const ourLine = fc.constantFrom(
  ...["aws_session_token = old", "  aws_session_token = old", "AWS_SESSION_TOKEN=old # c"],
  ...["aws_session_token: old", "region =", "  region = r", "output = json", "    more"],
);
const mixedText = fc.array(
  fc.tuple(fc.oneof(foreignLine, headerLine, ourLine), lineEnd),
  { maxLength: 30 },
).map((lines) => lines.flat().join(""));

const value = fc.string({ unit: fc.constantFrom(..."aB3/+=:#;[]%\"' \té🙂") })
  .filter((text) => text.trim() === text && !/(?:^|[ \t])[#;]/.test(text));
const settings = fc.tuple(value, value).map(([token, region]) =>
  [["aws_session_token", token], ["region", region]] as [string, string][]
);

function ourValues(text: string): unknown {
  const { properties } = parseSharedConfig(text, "credentials").profiles.get("okta-x")!;
  return ["aws_session_token", "region"].map((key) => properties.get(key)?.value);
}

Deno.test("setSection() keeps any other text unchanged", () => {
  fc.assert(fc.property(foreignText, settings, (text, set) => {
    const after = setSection(text, "okta-x", set);
    assert.ok(after.startsWith(text));
    assert.match(after.slice(text.length), /^(?:\r?\n){0,2}\[okta-x\]\r?\naws_session_token =/);
    assert.deepEqual(encodeLossless(decodeLossless(encodeLossless(after))), encodeLossless(after));
  }));
});

Deno.test("setSection() writes what the SDKs' parser reads back", () => {
  fc.assert(
    fc.property(mixedText, settings, (text, set) => {
      assert.deepEqual(ourValues(setSection(text, "okta-x", set)), set.map(([, value]) => value));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("setSection() is idempotent", () => {
  fc.assert(
    fc.property(mixedText, settings, (text, set) => {
      const once = setSection(text, "okta-x", set);
      assert.equal(setSection(once, "okta-x", set), once);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("setSection() and removeSection() change no property of another section", () => {
  const others = (text: string): unknown =>
    parseIni(text).sections.filter(({ name }) => name !== "okta-x").map(({ name, properties }) => [
      name,
      properties.map(({ key, value, separator }) => [key, value, separator]),
    ]);
  fc.assert(
    fc.property(mixedText, settings, (text, set) => {
      assert.deepEqual(others(setSection(text, "okta-x", set)), others(text));
      assert.deepEqual(others(removeSection(text, "okta-x")), others(text));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("setSection() loses no comment and no other key", () => {
  const theirs = (text: string): string[] =>
    text.split(/\r?\n/).flatMap((line) =>
      /(?:^|\s)([#;] ?(?:c|note|indented).*)$/.exec(line)?.[1] ?? []
    )
      .sort();
  fc.assert(
    fc.property(mixedText, settings, (text, set) => {
      const after = setSection(text, "okta-x", set);
      // A later section of our name in which no key remains goes, with the comment on its header.
      const lost = (line: string): boolean => line !== "# c";
      assert.deepEqual(theirs(after).filter(lost), theirs(text).filter(lost));
      assert.equal(after.split("output = json").length, text.split("output = json").length);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("removeSection() reverses setSection() except for the last line ends", () => {
  fc.assert(fc.property(foreignText, settings, (text, set) => {
    const end = /[\r\n]+$/;
    const after = removeSection(setSection(text, "okta-x", set), "okta-x");
    assert.equal(after.replace(end, ""), text.replace(end, ""));
  }));
});
