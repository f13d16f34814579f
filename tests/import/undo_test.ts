import assert from "node:assert/strict";
import fc from "fast-check";
import { applyImport } from "../../src/import/apply.ts";
import { makePlan } from "../../src/import/plan.ts";
import { readTools } from "../../src/import/tools.ts";
import { undoImport } from "../../src/import/undo.ts";
import { undoSections } from "../../src/import/undo_sections.ts";
import { parseSharedConfig, type SharedFileKind } from "../../src/aws/files/shared_config.ts";
import { parseIni } from "../../src/ini/document.ts";
import { canonicalSectionName } from "../../src/ini/section_name.ts";
import { decodeLossless, encodeLossless } from "../../src/ini/lossless_text.ts";
import { AWS_CONFIG, AWS_CREDENTIALS, memoryContext, SETTINGS } from "./context.ts";

const ARN = "arn:aws:iam::123456789012:role/Developer";
const SAML2AWS =
  `[default]\nprovider = Okta\nurl = https://acme.okta.com/home/amazon_aws/0oa1/272\n` +
  `username = jane\naws_profile = dev\nrole_arn = ${ARN}\n`;
const PROCESS = "credential_process = saml2aws login --credential-process --profile dev";
const KEYS = "aws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\n";

async function importInto(texts: Record<string, string>) {
  const memory = memoryContext({ ".saml2aws": SAML2AWS, ...texts });
  const plan = await makePlan(memory.context, await readTools(memory.context), { profiles: true });
  await applyImport(memory.context, plan);
  return { ...memory, plan };
}

/** Lines of other people's sections, and of the profile that is imported. */
const line = fc.oneof(
  fc.constantFrom(
    ...["", "  ", "# note", "; note", "[default]", "[profile other]", "[broken", "  [indented]"],
    ...["key = value", "key: value", "s3 =", "  max = 5", "= x", "junk", "[profile  'two words']"],
    ...["[profile dev]", "[profile dev] # c", PROCESS, "Region = eu-west-1", "  indented = 1"],
    ...["[sso-session x]", "sso_region = y", "café = 漢"],
  ),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => decodeLossless(bytes).replaceAll("[", "(")),
);
const keyLine = fc.constantFrom(
  ...["[dev]", "[dev]", "[mine]", "# note", "aws_access_key_id = A", "aws_secret_access_key = s"],
  ...["aws_session_token = t", "region = r", "x_security_token_expires = 2019", "", "junk"],
);
const textOf = (one: fc.Arbitrary<string>) =>
  fc.tuple(
    fc.constantFrom("", "", "\ufeff"),
    fc.array(fc.tuple(one, fc.constantFrom("\n", "\n", "\r\n")), { maxLength: 25 }),
    fc.constantFrom("", "last line, not ended"),
  ).map(([mark, lines, last]) => mark + lines.flat().join("") + last);

/** The lines of all sections but the imported ones, in order. */
function foreignLines(text: string, ours: ReadonlySet<string>): string[] {
  const { sections } = parseIni(text);
  const [first] = sections;
  const parts = [text.slice(0, first?.start)];
  for (const { name, start, end } of sections) {
    if (!ours.has(canonicalSectionName(name))) parts.push(text.slice(start, end));
  }
  return parts.flatMap(trimmedLines);
}

/** The editor takes the indent of a header that would become a continuation line. */
function trimmedLines(text: string): string[] {
  return text.split("\n").map((one) => one.trim()).filter((one) => one !== "");
}

function isSubsequence(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const one of all) if (one === some[at]) at++;
  return at === some.length;
}

/** What AWS SDKs read in the profiles that were not imported. */
function foreignProfiles(text: string, kind: SharedFileKind, ours: ReadonlySet<string>): unknown {
  const { profiles } = parseSharedConfig(text, kind);
  return [...profiles].filter(([name]) => !ours.has(name)).map(([name, { properties }]) => [
    name,
    [...properties].map(([key, { value }]) => [key, value]),
  ]);
}

Deno.test("applyImport() keeps what is not ours, and undoImport() restores every byte", async () => {
  await fc.assert(
    fc.asyncProperty(textOf(line), textOf(keyLine), async (config, credentials) => {
      const before = { ".aws/config": config, ".aws/credentials": credentials };
      const { context, files, plan } = await importInto(before);
      const sections = new Set(plan.profiles.map(({ section }) => section));
      const names = new Set(plan.profiles.map(({ name }) => name));
      const read = async (path: string) =>
        decodeLossless(await files.read(path) ?? new Uint8Array());
      for (
        const [path, text, kind, headers] of [
          [AWS_CONFIG, config, "config", sections],
          [AWS_CREDENTIALS, credentials, "credentials", names],
        ] as const
      ) {
        const [old, now] = [encoded(text), await read(path)];
        assert.ok(isSubsequence(foreignLines(old, headers), trimmedLines(now)));
        assert.deepEqual(foreignProfiles(now, kind, names), foreignProfiles(old, kind, names));
      }
      await undoImport(context);
      assert.deepEqual(await files.read(AWS_CONFIG), new TextEncoder().encode(config));
      assert.deepEqual(await files.read(AWS_CREDENTIALS), new TextEncoder().encode(credentials));
      assert.equal(await files.read(SETTINGS), undefined);
    }),
    { numRuns: 200 },
  );
});

/** As the fake files hold it: lone surrogates are lost on the way in. */
function encoded(text: string): string {
  return decodeLossless(new TextEncoder().encode(text));
}

Deno.test("undoImport() keeps what was changed since, and puts the rest back", async () => {
  const config = `[default]\nregion = eu-west-1\n\n[profile dev]\n${PROCESS}\n# mine\n`;
  const { context, files } = await importInto({
    ".aws/config": config,
    ".aws/credentials": `[dev]\n${KEYS}`,
  });
  files.put(
    AWS_CONFIG,
    `${files.text(AWS_CONFIG).replace("eu-west-1", "us-west-2")}\n[profile new]\nx = y\n`,
  );
  files.put(AWS_CREDENTIALS, `${files.text(AWS_CREDENTIALS)}[okta-new]\naws_access_key_id = A\n`);
  files.put(SETTINGS, files.text(SETTINGS).replace("username = jane", "username = joe"));
  const undone = await undoImport(context);
  assert.equal(
    files.text(AWS_CONFIG),
    `${config.replace("eu-west-1", "us-west-2")}\n[profile new]\nx = y\n`,
  );
  assert.equal(files.text(AWS_CREDENTIALS), `[okta-new]\naws_access_key_id = A\n\n[dev]\n${KEYS}`);
  assert.match(files.text(SETTINGS), /username = joe/);
  assert.deepEqual(undone.files.map(({ restored, changed }) => [restored, changed]), [
    ["sections", ["account default"]],
    ["sections", []],
    ["sections", []],
  ]);
});

Deno.test("applyImport() puts all files back if one can't be written", async () => {
  const texts = {
    ".aws/config": `[profile dev]\n${PROCESS}\n`,
    ".aws/credentials": `[dev]\n${KEYS}`,
  };
  const memory = memoryContext({ ".saml2aws": SAML2AWS, ...texts });
  const plan = await makePlan(memory.context, await readTools(memory.context), { profiles: true });
  const { writeAtomic } = memory.files;
  memory.files.writeAtomic = (path, data, mode) =>
    path === AWS_CREDENTIALS && !new TextDecoder().decode(data).includes("ASIA")
      ? Promise.reject(new Error("disk full"))
      : writeAtomic(path, data, mode);
  await assert.rejects(applyImport(memory.context, plan), /disk full/);
  assert.equal(memory.files.text(AWS_CONFIG), texts[".aws/config"]);
  assert.equal(memory.files.text(AWS_CREDENTIALS), texts[".aws/credentials"]);
  assert.equal(await memory.files.read(SETTINGS), undefined);
  await assert.rejects(undoImport(memory.context), /no import to undo/);
});

Deno.test("undoSections() is the identity on a text that has nothing of the import", () => {
  fc.assert(fc.property(textOf(line), (text) => {
    const now = decodeLossless(encodeLossless(text));
    assert.equal(undoSections("", "", now).text, now);
  }));
});
