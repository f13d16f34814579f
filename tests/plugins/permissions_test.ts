import assert from "node:assert/strict";
import {
  expandHome,
  isGranted,
  NO_PERMISSIONS,
  readPermissions,
  refuseOurPlaces,
} from "../../src/plugins/permissions.ts";

const HOME = "/home/me";

Deno.test("readPermissions() fills in what was not asked for", () => {
  assert.deepEqual(readPermissions({}, HOME), NO_PERMISSIONS);
  const asked = {
    read: ["~/a", "/b", "C:\\c"],
    net: ["example.com", "*.example.com:8443", "[::1]:80", "127.0.0.1"],
    env: ["LANG"],
    run: ["git"],
    console: true,
  };
  assert.deepEqual(readPermissions(asked, HOME), { ...NO_PERMISSIONS, ...asked });
});

const REFUSED: Record<string, unknown> = {
  "the home folder": { write: ["~/"] },
  "the home folder by its name": { read: ["/home/me/"] },
  "a folder above it": { read: ["/home"] },
  "the root": { read: ["/"] },
  "a relative path": { write: ["x.txt"] },
  "a way up": { read: ["~/x/../.ssh"] },
  "a lone tilde": { read: ["~"] },
  "somebody else's home": { read: ["~root/x"] },
  "a control character": { read: ["/x\n/y"] },
  "all hosts": { net: ["*"] },
  "a URL": { net: ["https://example.com"] },
  "our password": { env: ["OKTA_AWS_PASSWORD"] },
  "our passphrase in lower case": { env: ["okta_aws_file_passphrase"] },
  "all variables": { env: ["*"] },
  "an unknown permission": { ffi: true },
  "no list": { read: true },
  "no switch": { credentials: "yes" },
  "a number": { read: [1] },
  "too many": { read: Array(51).fill("/x") },
  "nothing": null,
};

for (const [name, asked] of Object.entries(REFUSED)) {
  Deno.test(`readPermissions() refuses ${name}`, () => {
    assert.throws(() => readPermissions(asked, HOME), { code: "bad_permissions" });
  });
}

Deno.test("isGranted() compares every entry and every switch", () => {
  const granted = readPermissions(
    { read: ["~/a"], write: ["~/a", "~/b"], net: ["x.com"], run: ["git"], console: true },
    HOME,
  );
  const lists = ["read", "write", "net", "env", "run"] as const;
  const switches = ["credentials", "console", "secrets"] as const;
  assert.ok(isGranted(NO_PERMISSIONS, granted));
  assert.ok(isGranted({ ...granted, write: ["~/b"] }, granted));
  for (const key of lists) {
    assert.ok(!isGranted({ ...granted, [key]: [...granted[key], "other"] }, granted), key);
  }
  for (const key of switches) {
    assert.equal(isGranted({ ...NO_PERMISSIONS, [key]: true }, granted), granted[key], key);
  }
});

Deno.test("expandHome() replaces ~ with the home folder", () => {
  assert.equal(expandHome("~/a/b", HOME), "/home/me/a/b");
  assert.equal(expandHome("/a/~/b", HOME), "/a/~/b");
});

Deno.test("refuseOurPlaces() refuses our folders, their contents, and their parents", () => {
  const places = ["/home/me/.config/okta-aws", "/home/me/.aws/okta-aws"];
  for (
    const path of [
      "/home/me/.config",
      "/home/me/.config/okta-aws",
      "/home/me/.config/okta-aws/grants.json",
      "/home/me/.AWS/Okta-AWS/x",
      "/home/me/.aws//okta-aws/./x",
    ]
  ) {
    assert.throws(() => refuseOurPlaces([path], places), { code: "bad_permissions" }, path);
  }
  refuseOurPlaces(["/home/me/.aws/config", "/home/me/.config/okta-aws-2"], places);
});
