import assert from "node:assert/strict";
import {
  hasOnlyOurKeys,
  profileExpiration,
  profileSectionEdit,
} from "../../../src/aws/files/profile_section.ts";
import { SettingsError } from "../../../src/errors.ts";
import { parseIni } from "../../../src/ini/document.ts";
import { editIni } from "../../../src/ini/edit.ts";
import { Secret } from "../../../src/secret.ts";

const credentials = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: new Secret("se/cr+et="),
  sessionToken: new Secret("to//ken=="),
  expiration: new Date("2026-03-01T10:00:00.999Z"),
};
const content = { profile: "okta-dev-admin", credentials };

function write(
  text: string,
  more: { region?: string; legacySecurityToken?: boolean } = {},
): string {
  const document = parseIni(text);
  return editIni(document, [profileSectionEdit(document, { ...content, ...more })]);
}

const WRITTEN = `[okta-dev-admin]
aws_access_key_id = ASIAEXAMPLE
aws_secret_access_key = se/cr+et=
aws_session_token = to//ken==
x_security_token_expires = 2026-03-01T10:00:00Z
`;

Deno.test("profileSectionEdit() writes a new section in the documented order", () => {
  assert.equal(write(""), WRITTEN);
  assert.equal(write("", { region: "eu-west-1" }), `${WRITTEN}region = eu-west-1\n`);
});

Deno.test("profileSectionEdit() writes aws_security_token when asked for, or there already", () => {
  const both = "aws_session_token = to//ken==\naws_security_token = to//ken==\n";
  assert.ok(write("", { legacySecurityToken: true }).includes(both));
  assert.equal(
    write("[okta-dev-admin]\nAWS_SECURITY_TOKEN=old\n").split("\n")[1],
    "aws_security_token = to//ken==",
  );
  assert.ok(
    write("[okta-dev-admin]\naws_security_token: old\n").includes("_security_token = to//"),
  );
});

Deno.test("profileSectionEdit() keeps the person's keys, comments and region", () => {
  const text = "[okta-dev-admin]\n# mine\noutput = json\nregion = us-east-1\n";
  const after = write(text);
  assert.ok(after.startsWith(text));
  assert.equal(write(text, { region: "eu-west-1" }).includes("us-east-1"), false);
});

Deno.test("profileSectionEdit() refuses a section that gets its credentials elsewhere", () => {
  const text =
    "[okta-dev-admin]\nrole_arn = x\n[okta-dev-admin]\nSSO_\x1bSession: y\ncredential_process=z\n" +
    "source_profile = a\n";
  assert.throws(() => write(text), (error) => {
    assert.ok(error instanceof SettingsError);
    assert.equal(error.code, "foreign_profile_keys");
    assert.match(error.message, /role_arn, sso_\\x1bsession, credential_process, source_profile$/);
    return true;
  });
  assert.ok(write("[other]\nrole_arn = x\n"));
});

Deno.test("hasOnlyOurKeys() is false if the section has anything of the user's", () => {
  assert.ok(
    hasOnlyOurKeys(
      parseIni(`[a]\nk = 1\n\n${WRITTEN}region = r\n\n# of b\n[b]\n`),
      content.profile,
    ),
  );
  assert.ok(hasOnlyOurKeys(parseIni(`${WRITTEN}# of b\n[b]\n`), content.profile));
  assert.ok(hasOnlyOurKeys(parseIni(""), content.profile));
  const theirs = [
    "output = json\n",
    "# mine\n",
    "region = r # mine\n",
    "  # mine\n",
    "junk\n",
    "region: r\n",
  ];
  for (const line of theirs) {
    assert.equal(hasOnlyOurKeys(parseIni(WRITTEN + line), content.profile), false, line);
    assert.equal(
      hasOnlyOurKeys(parseIni(`${WRITTEN}${line}\n[b]\n`), content.profile),
      false,
      line,
    );
    assert.equal(hasOnlyOurKeys(parseIni(`${WRITTEN}\n${WRITTEN}${line}`), content.profile), false);
  }
  assert.equal(
    hasOnlyOurKeys(parseIni(`[okta-dev-admin]\n# mine\nregion = r\n`), content.profile),
    false,
  );
});

Deno.test("profileExpiration() reads back what was written", () => {
  assert.equal(
    profileExpiration(parseIni(WRITTEN), content.profile)?.toISOString(),
    "2026-03-01T10:00:00.000Z",
  );
  assert.equal(profileExpiration(parseIni("[okta-dev-admin]\n"), content.profile), undefined);
  const broken = parseIni("[okta-dev-admin]\nx_security_token_expires = soon\n");
  assert.equal(profileExpiration(broken, content.profile), undefined);
});

Deno.test("profileSectionEdit() serves 200 roles in a file of 5,000 foreign profiles", () => {
  const foreign = Array.from(
    { length: 5000 },
    (_, i) => `# ${i}\n[p${i}]\naws_access_key_id = A${i}\n`,
  );
  const text = foreign.join("\n");
  const document = parseIni(text);
  const edits = Array.from(
    { length: 200 },
    (_, i) => profileSectionEdit(document, { ...content, profile: `okta-${i}` }),
  );
  const after = editIni(document, edits);
  assert.ok(after.startsWith(text));
  assert.equal(after.match(/^\[okta-/gm)?.length, 200);
});
