import assert from "node:assert/strict";
import { resolvePaths, settingsFile } from "../../src/settings/paths.ts";
import { fakeEnvironment } from "../fakes/fake_environment.ts";

Deno.test("resolvePaths() has a place for everything below the home folder", () => {
  assert.deepEqual(resolvePaths(fakeEnvironment()), {
    settings: "/home/jane/.config/okta-aws/config.ini",
    settingsDirectory: "/home/jane/.config/okta-aws",
    cache: "/home/jane/.aws/okta-aws",
    awsConfig: "/home/jane/.aws/config",
    awsCredentials: "/home/jane/.aws/credentials",
  });
});

Deno.test("resolvePaths() follows the environment, ~ too", () => {
  const variables = {
    OKTA_AWS_CONFIG: "~/my/okta.ini",
    OKTA_AWS_CACHE_DIR: "/var/cache/jane",
    AWS_CONFIG_FILE: "~/aws-config",
    AWS_SHARED_CREDENTIALS_FILE: "/etc/aws/credentials",
    XDG_CONFIG_HOME: "/xdg",
  };
  assert.deepEqual(resolvePaths(fakeEnvironment(variables)), {
    settings: "/home/jane/my/okta.ini",
    settingsDirectory: "/home/jane/my",
    cache: "/var/cache/jane",
    awsConfig: "/home/jane/aws-config",
    awsCredentials: "/etc/aws/credentials",
  });
});

Deno.test("resolvePaths() finds the settings: flag, OKTA_AWS_CONFIG, XDG_CONFIG_HOME", () => {
  const xdg = { XDG_CONFIG_HOME: "/xdg" };
  assert.equal(resolvePaths(fakeEnvironment(xdg)).settings, "/xdg/okta-aws/config.ini");
  const named = fakeEnvironment({ ...xdg, OKTA_AWS_CONFIG: "/named.ini" });
  assert.equal(resolvePaths(named).settings, "/named.ini");
  assert.equal(resolvePaths(named, "/flag/x.ini").settings, "/flag/x.ini");
  assert.equal(resolvePaths(named, "~/x.ini").settings, "/home/jane/x.ini");
});

Deno.test("resolvePaths() finds the folder of the settings wherever they are", () => {
  const folderOf = (file: string) => resolvePaths(fakeEnvironment(), file).settingsDirectory;
  assert.equal(folderOf("/a/b.ini"), "/a");
  assert.equal(folderOf("/b.ini"), "/");
  assert.equal(folderOf("b.ini"), ".");
  assert.equal(folderOf("C:\\a\\b.ini"), "C:\\a");
});

Deno.test("resolvePaths() expands ~ only where it means the home folder", () => {
  const pathOf = (file: string) =>
    resolvePaths(fakeEnvironment({ AWS_CONFIG_FILE: file })).awsConfig;
  assert.equal(pathOf("~"), "/home/jane");
  assert.equal(pathOf("~joe/config"), "~joe/config");
  assert.equal(pathOf("/a/~/config"), "/a/~/config");
});

Deno.test("resolvePaths() uses %APPDATA% on Windows", () => {
  const windows = { os: "windows", home: "C:\\Users\\jane" } as const;
  const variables = { APPDATA: "C:\\Users\\jane\\AppData\\Roaming" };
  const paths = resolvePaths(fakeEnvironment(variables, windows));
  assert.equal(paths.settings, "C:\\Users\\jane\\AppData\\Roaming\\okta-aws\\config.ini");
  assert.equal(paths.settingsDirectory, "C:\\Users\\jane\\AppData\\Roaming\\okta-aws");
  const elsewhere = resolvePaths(fakeEnvironment(variables));
  assert.equal(elsewhere.settings, "/home/jane/.config/okta-aws/config.ini");
});

Deno.test("settingsFile() finds a file from the home folder and beside the settings", () => {
  const environment = fakeEnvironment();
  const at = (path: string) => settingsFile(path, { settingsDirectory: "/etc/okta" }, environment);
  const table = {
    "~/ca.pem": "/home/jane/ca.pem",
    "/ca.pem": "/ca.pem",
    "ca.pem": "/etc/okta/ca.pem",
  };
  assert.deepEqual(Object.keys(table).map(at), Object.values(table));
  assert.equal(at("C:\\ca.pem"), "C:\\ca.pem");
});
