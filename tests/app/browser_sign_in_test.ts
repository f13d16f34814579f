import assert from "node:assert/strict";
import { isBrowserAtHand, mayOpenBrowser } from "../../src/app/browser_sign_in.ts";
import type { AppContext } from "../../src/app/context.ts";

function contextOf(
  variables: Record<string, string>,
  { os = "linux", noBrowser }: { os?: "linux" | "darwin"; noBrowser?: boolean } = {},
): AppContext {
  const environment = { get: (name: string) => variables[name], os };
  const flags = noBrowser === undefined ? {} : { noBrowser };
  return { flags, ports: { environment } } as unknown as AppContext;
}

Deno.test("isBrowserAtHand() is true on a desktop, or if BROWSER is set", () => {
  assert.ok(isBrowserAtHand(contextOf({ DISPLAY: ":0" })));
  assert.ok(isBrowserAtHand(contextOf({ WAYLAND_DISPLAY: "wayland-0" })));
  assert.ok(isBrowserAtHand(contextOf({}, { os: "darwin" })));
  assert.ok(isBrowserAtHand(contextOf({ BROWSER: "lynx", SSH_TTY: "/dev/pts/0" })));
  assert.ok(!isBrowserAtHand(contextOf({})));
});

Deno.test("mayOpenBrowser() is false over SSH and with --no-browser", () => {
  for (const name of ["SSH_CONNECTION", "SSH_TTY"]) {
    assert.ok(!mayOpenBrowser(contextOf({ DISPLAY: ":10", [name]: "x" })));
    assert.ok(!isBrowserAtHand(contextOf({ [name]: "x" }, { os: "darwin" })));
  }
  assert.ok(!mayOpenBrowser(contextOf({ BROWSER: "firefox" }, { noBrowser: true })));
  assert.ok(mayOpenBrowser(contextOf({})));
});
