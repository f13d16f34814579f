import assert from "node:assert/strict";
import {
  browserArguments,
  browserEnvironment,
} from "../../../src/platform/browser/browser_process.ts";
import { browserPlaces } from "../../../src/platform/browser/find_browser.ts";

Deno.test("browserEnvironment() keeps what a browser needs, and no secret", () => {
  const kept = {
    PATH: "/bin",
    HOME: "/home/jo",
    DISPLAY: ":0",
    LANG: "de",
    XDG_RUNTIME_DIR: "/run",
  };
  const secrets = {
    OKTA_AWS_PASSWORD: "x",
    okta_aws_totp: "x",
    AWS_SECRET_ACCESS_KEY: "x",
    GITHUB_TOKEN: "x",
    SOME_API_KEY: "x",
    PGPASSWORD: "x",
    VAULT_PASSPHRASE: "x",
  };
  assert.deepEqual(browserEnvironment({ ...kept, ...secrets }), kept);
});

Deno.test("browserArguments() opens no port, and has the last word on the profile", () => {
  const args = browserArguments({ args: ["--lang=de"], profile: "/p", visible: false });
  assert.equal(args.at(-1), "--user-data-dir=/p");
  assert.ok(args.includes("--remote-debugging-pipe") && args.includes("--headless=new"));
  assert.ok(!args.some((one) => /port|password-store|mock-keychain|user-agent/.test(one)));
  const window = browserArguments({ args: [], profile: "/p", visible: true });
  assert.ok(!window.includes("--headless=new"));
});

Deno.test("browserPlaces() knows each system's places, packages in a sandbox last", () => {
  const get = (all: Record<string, string>) => (name: string) => all[name];
  const linux = browserPlaces({
    os: "linux",
    home: "/home/jo",
    get: get({ PATH: "/snap/bin:/usr/bin" }),
  });
  const paths = linux.map(({ path }) => path);
  assert.equal(paths[0], "/usr/bin/google-chrome-stable");
  assert.ok(paths.indexOf("/usr/bin/chromium") < paths.indexOf("/snap/bin/chromium"));
  assert.ok(paths.includes("/home/jo/.local/share/flatpak/exports/bin/com.google.Chrome"));
  const mac = browserPlaces({ os: "darwin", home: "/Users/jo", get: get({}) });
  assert.ok(
    mac.some(({ path }) =>
      path === "/Users/jo/Applications/Brave Browser.app/Contents/MacOS/Brave Browser"
    ),
  );
  const variables = {
    ProgramFiles: "C:\\Program Files",
    LOCALAPPDATA: "C:\\Users\\jo\\AppData\\Local",
  };
  const windows = browserPlaces({ os: "windows", home: "C:\\Users\\jo", get: get(variables) });
  assert.equal(windows[0]!.path, "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe");
});
