import assert from "node:assert/strict";
import { blockOf, parseSharedConfig } from "../../src/aws/files/shared_config.ts";
import { parseIni } from "../../src/ini/document.ts";
import { removeSection, setSection } from "../../src/ini/edit.ts";
import { decodeLossless, encodeLossless } from "../../src/ini/lossless_text.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const FOLDER = new URL("botocore/tests/unit/cfg/", FIXTURES);

/** What botocore's tests expect of each file: profiles, or an error. */
const EXPECTED: Record<string, Record<string, Record<string, string>>> = {
  aws_config: {
    default: { aws_access_key_id: "foo", aws_secret_access_key: "bar" },
    personal: {
      aws_access_key_id: "fie",
      aws_secret_access_key: "baz",
      aws_security_token: "fiebaz",
    },
  },
  aws_bad_profile: {
    default: { aws_access_key_id: "default", aws_secret_access_key: "default" },
    "my profile": { aws_access_key_id: "default", aws_secret_access_key: "default" },
    personal1: { aws_access_key_id: "access_personal1", aws_secret_access_key: "key_personal1" },
  },
  aws_config_nested: {
    default: {
      aws_access_key_id: "foo",
      aws_secret_access_key: "bar",
      s3: "\nsignature_version = s3v4\naddressing_style = path",
      cloudwatch: "\nsignature_version = v4",
      region: "us-west-2",
    },
  },
  aws_config_nocreds: { default: { region: "us-west-2" } },
  aws_services_config: {
    default: { endpoint_url: "https://localhost:1234/", services: "my-services" },
  },
  aws_sso_session_config: { default: { sso_session: "sso" } },
  aws_third_config: {
    default: { aws_access_key_id: "third_foo", aws_secret_access_key: "third_bar" },
    third: {
      aws_access_key_id: "third_fie",
      aws_secret_access_key: "third_baz",
      aws_security_token: "third_fiebaz",
    },
  },
  boto_config: {},
  boto_config_empty: {},
};

function readFolder(): [string, Uint8Array][] {
  try {
    return [...Deno.readDirSync(FOLDER)].map(({ name }) => [
      name,
      Deno.readFileSync(new URL(name, FOLDER)),
    ]);
  } catch {
    return [];
  }
}

const files = new Map(readFolder());
const ignore = ignoreWithoutData(files.size === 0);
const textOf = (name: string): string => decodeLossless(files.get(name)!);

Deno.test({
  name: `parseSharedConfig() reads botocore's files (${Object.keys(EXPECTED).length} files)`,
  ignore,
  async fn(t) {
    for (const [name, expected] of Object.entries(EXPECTED)) {
      await t.step(name, () => {
        const { profiles } = parseSharedConfig(textOf(name), "config");
        const found = [...profiles.values()].map(({ name, properties }) => [
          name,
          Object.fromEntries([...properties].map(([key, { value }]) => [key, value])),
        ]);
        assert.deepEqual(Object.fromEntries(found), expected);
      });
    }
  },
});

Deno.test({ name: "parseSharedConfig() reads botocore's blocks and sessions", ignore }, () => {
  const services = parseSharedConfig(textOf("aws_services_config"), "config").services;
  const s3 = services.get("my-services")!.properties.get("s3")!;
  assert.deepEqual([...blockOf(s3.value)], [["endpoint_url", "https://localhost:5678/"]]);
  const session = parseSharedConfig(textOf("aws_sso_session_config"), "config").ssoSessions.get(
    "sso",
  );
  assert.equal(session?.properties.get("sso_region")?.value, "us-east-1");
  const nested = parseSharedConfig(textOf("aws_config_nested_bad"), "config").profiles.get(
    "default",
  )!;
  assert.equal(blockOf(nested.properties.get("s3")!.value).size, 0);
  assert.equal(nested.properties.get("region")?.value, "us-west-2");
});

Deno.test({ name: "parseSharedConfig() reports the lines that botocore rejects", ignore }, () => {
  const { problems } = parseSharedConfig(textOf("aws_config_bad"), "config");
  assert.deepEqual(problems.map(({ code, line }) => [code, line]), [
    ["no_section", 1],
    ["no_section", 2],
  ]);
});

Deno.test({
  name: `setSection() changes nothing else in botocore's files (${files.size} files)`,
  ignore,
  async fn(t) {
    for (const [name, bytes] of files) {
      await t.step(name, () => {
        const text = decodeLossless(bytes);
        assert.deepEqual(encodeLossless(text), bytes);
        const after = encodeLossless(setSection(text, "okta-x", [["region", "r"]]));
        assert.deepEqual(after.subarray(0, bytes.length), bytes);
        assert.equal(parseIni(decodeLossless(after)).sections.at(-1)?.name, "okta-x");
        const back = removeSection(decodeLossless(after), "okta-x");
        assert.equal(back.trimEnd(), text.trimEnd());
      });
    }
  },
});
