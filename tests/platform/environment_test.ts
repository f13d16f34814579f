import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { SettingsError } from "../../src/errors.ts";
import { homeFolder, systemEnvironment } from "../../src/platform/environment.ts";

const lookup = (variables: Record<string, string>) => (name: string): string | undefined =>
  variables[name];

Deno.test("homeFolder() uses HOME, then USERPROFILE, then HOMEDRIVE and HOMEPATH", () => {
  const all = { HOME: "/h", USERPROFILE: "C:\\u", HOMEDRIVE: "D:", HOMEPATH: "\\p" };
  strictEqual(homeFolder(lookup(all)), "/h");
  const { HOME: _home, ...withoutHome } = all;
  strictEqual(homeFolder(lookup(withoutHome)), "C:\\u");
  const { USERPROFILE: _profile, ...drive } = withoutHome;
  strictEqual(homeFolder(lookup(drive)), "D:\\p");
});

Deno.test("homeFolder() throws no_home when only a part is known", () => {
  throws(
    () => homeFolder(lookup({ HOMEPATH: "\\p" })),
    (error) => error instanceof SettingsError && error.code === "no_home",
  );
});

Deno.test("systemEnvironment() counts an empty variable as unset and sees changes", () => {
  const environment = systemEnvironment();
  const name = "OKTA_AWS_TEST_EMPTY";
  try {
    Deno.env.set(name, "");
    strictEqual(environment.get(name), undefined);
    strictEqual(environment.all()[name], "");
    Deno.env.set(name, "x");
    strictEqual(environment.get(name), "x");
  } finally {
    Deno.env.delete(name);
  }
  deepStrictEqual(environment.all(), Deno.env.toObject());
});
