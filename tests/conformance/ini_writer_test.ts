import assert from "node:assert/strict";
import { setSection } from "../../src/ini/edit.ts";
import type { IniSetting } from "../../src/ini/values.ts";
import { FIXTURES } from "./fixtures.ts";

const FILE = new URL("aws-cli/_derived/config_writer_cases.json", FIXTURES);

interface WriterCase {
  name: string;
  original: string;
  new_values: Record<string, string | Record<string, string>>;
  expected: string | null;
}

/**
 * `aws configure` puts a new section directly after the last line; we add a blank line, as
 * people and the AWS documentation do. (The first case has no expected text in the data.)
 */
const BLANK_LINE_BEFORE: Record<string, string> = {
  test_section_does_not_exist:
    '[notdefault]\nfoo = bar\nbaz = bar\n\n\n\n[other "section"]\n\nfoo = bar\n\n[default]\nfoo = value\n',
  test_appends_newline_on_new_section:
    "[preview]\ncloudfront = true\n\n[new-section]\nregion = us-west-2\n",
};

function read(): WriterCase[] {
  try {
    return JSON.parse(Deno.readTextFileSync(FILE));
  } catch {
    return [];
  }
}

const cases = read();

Deno.test({
  name: `setSection() writes what aws configure writes (${cases.length} cases)`,
  ignore: cases.length === 0,
  async fn(t) {
    for (const { name, original, new_values, expected } of cases) {
      const { __section__: section = "default", ...values } = new_values;
      const settings = Object.entries(values).map(([key, value]): IniSetting =>
        typeof value === "string" ? [key, value] : [key, Object.entries(value)]
      );
      await t.step(name, () => {
        assert.equal(
          setSection(original, section as string, settings),
          BLANK_LINE_BEFORE[name] ?? expected,
        );
      });
    }
  },
});
