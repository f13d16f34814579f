import assert from "node:assert/strict";
import fc from "fast-check";
import { profileSectionEdit } from "../../src/aws/files/profile_section.ts";
import { parseIni } from "../../src/ini/document.ts";
import { editIni, removeSection } from "../../src/ini/edit.ts";
import { encodeLossless } from "../../src/ini/lossless_text.ts";
import { Secret } from "../../src/secret.ts";

/** Reads JSON `[text, …]` (base64) and prints botocore's view of each; null if it fails. */
const SCRIPT = `
import base64, json, os, sys, tempfile
import botocore.configloader, botocore.exceptions
answers = []
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "credentials")
    for text in json.load(sys.stdin):
        with open(path, "wb") as file:
            file.write(base64.b64decode(text))
        try:
            answers.append(botocore.configloader.raw_config_parse(path, parse_subsections=False))
        except botocore.exceptions.ConfigParseError:
            answers.append(None)
json.dump(answers, sys.stdout)
`;

type Sections = Record<string, Record<string, string>>;

async function runs(program: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args, stdin: "null" }).output()).success;
  } catch {
    return false;
  }
}

async function readByBotocore(texts: string[]): Promise<(Sections | null)[]> {
  const child = new Deno.Command("python3", {
    args: ["-X", "utf8", "-c", SCRIPT],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = JSON.stringify(texts.map((text) => encodeLossless(text).toBase64()));
  await new Blob([input]).stream().pipeTo(child.stdin);
  return JSON.parse(new TextDecoder().decode((await child.output()).stdout));
}

const PROFILE = "okta-dev-admin";
const OURS = {
  aws_access_key_id: "ASIAEXAMPLE",
  aws_secret_access_key: "se/cr+et=",
  aws_session_token: "to//ken==",
  x_security_token_expires: "2026-03-01T10:00:00Z",
  region: "eu-west-1",
};

function refreshed(text: string): string {
  const document = parseIni(text);
  const edit = profileSectionEdit(document, {
    profile: PROFILE,
    region: OURS.region,
    credentials: {
      accessKeyId: OURS.aws_access_key_id,
      secretAccessKey: new Secret(OURS.aws_secret_access_key),
      sessionToken: new Secret(OURS.aws_session_token),
      expiration: new Date(OURS.x_security_token_expires),
    },
  });
  return editIni(document, [edit]);
}

/** Files that botocore mostly accepts: no duplicate keys or sections. */
const body = fc.uniqueArray(
  fc.constantFrom(
    ...[
      "aws_access_key_id = A",
      "AWS_Secret_Access_Key=B",
      "aws_session_token: C==",
      "s3 =\n    a = 1",
    ],
    ...[
      "  aws_session_token = D\n  # c\n    more",
      "region = eu-west-1 # near",
      "output = json\n  x",
    ],
    ...["# note", "  ; note", "", "x_security_token_expires = E\n\n  # c\n  F", "\tk = v\n\tl = w"],
    ...["aws_security_token = G", "caf\u00e9 = \u6f22\u5b57"],
  ),
  { maxLength: 8 },
);
const header = fc.constantFrom(
  ...[`[${PROFILE}]`, "[default]", "[a]", "  [b]", "[c] # d", "[e]]", '[profile "f g"]'],
);
const file = fc.tuple(
  fc.uniqueArray(fc.tuple(header, body), { maxLength: 5, selector: ([name]) => name }),
  fc.constantFrom("\n", "\r\n"),
  fc.boolean(),
).map(([sections, lineEnd, ended]) => {
  const lines = sections.flatMap(([name, lines]) => [name, ...lines]);
  return (lines.join("\n") + (ended ? "\n" : "")).replaceAll("\n", lineEnd);
});

const required = Deno.env.get("OKTA_AWS_REQUIRE_REAL") === "1";
const ignore = !required && !await runs("python3", "-c", "import botocore");
const ignoreCli = !required && !await runs("aws", "--version");

Deno.test({
  name: "setSection() writes files that botocore reads, other profiles unchanged",
  ignore,
  async fn() {
    const texts = fc.sample(file, 600);
    const before = await readByBotocore(texts);
    const after = await readByBotocore(texts.map(refreshed));
    const removed = await readByBotocore(texts.map((text) => removeSection(text, PROFILE)));
    texts.forEach((text, index) => {
      const { [PROFILE]: _, ...others } = before[index] ?? {};
      if (before[index] === null) return;
      const { [PROFILE]: ours, ...rest } = after[index] ?? {};
      assert.deepEqual(rest, others, JSON.stringify(text));
      assert.deepEqual({ ...ours, ...OURS }, ours, JSON.stringify(text));
      const legacy = ours?.["aws_security_token"] ?? OURS.aws_session_token;
      assert.equal(legacy, OURS.aws_session_token, JSON.stringify(text));
      assert.deepEqual(removed[index], others, JSON.stringify(text));
    });
    assert.ok(before.filter((sections) => sections !== null).length > 100);
  },
});

Deno.test({
  name: "setSection() repairs a file that botocore rejects for a duplicate section",
  ignore,
  async fn() {
    const section = `[${PROFILE}]\naws_access_key_id = A\naws_access_key_id = B\n`;
    const text = `[a]\nk = v\n\n${section}\n${section}# mine\n`;
    const [before, after] = await readByBotocore([text, refreshed(text)]);
    assert.equal(before, null);
    assert.deepEqual(after, { a: { k: "v" }, [PROFILE]: OURS });
  },
});

Deno.test({
  name: "setSection() writes a section that the AWS CLI reads",
  ignore: ignoreCli,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const credentialsFile = `${folder}/credentials`;
      await Deno.writeTextFile(credentialsFile, refreshed("[default]\noutput = json\n"));
      const { stdout } = await new Deno.Command("aws", {
        args: ["configure", "get", "aws_session_token", "--profile", PROFILE],
        env: { AWS_SHARED_CREDENTIALS_FILE: credentialsFile, AWS_CONFIG_FILE: `${folder}/config` },
      }).output();
      assert.equal(new TextDecoder().decode(stdout).trim(), OURS.aws_session_token);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
