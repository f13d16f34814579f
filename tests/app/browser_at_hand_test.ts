import assert from "node:assert/strict";
import { isBrowserAtHand, mayOpenBrowser } from "../../src/app/browser_at_hand.ts";
import type { AppContext } from "../../src/app/context.ts";

function program(
  variables: Record<string, string>,
  { os = "linux", noBrowser }: { os?: "linux" | "darwin"; noBrowser?: boolean } = {},
): AppContext {
  const environment = { get: (name: string) => variables[name], os };
  const flags = noBrowser === undefined ? {} : { noBrowser };
  return { flags, ports: { environment } } as unknown as AppContext;
}

Deno.test("a browser is at hand on a desktop, or where one is named", () => {
  assert.ok(isBrowserAtHand(program({ DISPLAY: ":0" })));
  assert.ok(isBrowserAtHand(program({ WAYLAND_DISPLAY: "wayland-0" })));
  assert.ok(isBrowserAtHand(program({}, { os: "darwin" })));
  assert.ok(isBrowserAtHand(program({ BROWSER: "lynx", SSH_TTY: "/dev/pts/0" })));
  assert.ok(!isBrowserAtHand(program({})));
});

Deno.test("over SSH, or against the person's wish, none is opened", () => {
  for (const name of ["SSH_CONNECTION", "SSH_TTY"]) {
    assert.ok(!mayOpenBrowser(program({ DISPLAY: ":10", [name]: "x" })));
    assert.ok(!isBrowserAtHand(program({ [name]: "x" }, { os: "darwin" })));
  }
  assert.ok(!mayOpenBrowser(program({ BROWSER: "firefox" }, { noBrowser: true })));
  assert.ok(mayOpenBrowser(program({})));
});
