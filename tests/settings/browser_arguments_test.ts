import assert from "node:assert/strict";
import { readBrowserArguments } from "../../src/settings/browser_arguments.ts";

Deno.test("readBrowserArguments() splits at blanks outside of quotes", () => {
  assert.deepEqual(readBrowserArguments(`--lang=de  --window-name="my window" '--a b'`), {
    value: ["--lang=de", "--window-name=my window", "--a b"],
  });
  assert.deepEqual(readBrowserArguments(""), { value: [] });
});

Deno.test("readBrowserArguments() refuses what would open the sign-in to others", () => {
  for (
    const argument of [
      "--remote-debugging-port=9222",
      "--remote-debugging-address=0.0.0.0",
      "--user-data-dir=/tmp/x",
      `--user-data-dir="/tmp/x"`,
      "--load-extension=/tmp/x",
      "--disable-web-security",
      "--ignore-certificate-errors",
      "--ignore-certificate-errors-spki-list=x",
      "--host-resolver-rules=MAP * 127.0.0.1",
      "--host-rules=x",
      "--proxy-server=evil",
      "--Proxy-Server=evil",
      `"--proxy-pac-url"=x`,
    ]
  ) assert.match(String(readBrowserArguments(`--lang=de ${argument}`)), /never passes/, argument);
});

Deno.test("readBrowserArguments() takes nothing but long switches", () => {
  for (
    const argument of ["-user-data-dir=/tmp/x", "/proxy-server=x", "https://example.com", "--"]
  ) {
    assert.match(String(readBrowserArguments(argument)), /begin with --/, argument);
  }
});
