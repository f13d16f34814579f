/** Another identity provider signs in: in a window once, then by its own session. */

import assert from "node:assert/strict";
import { setUp } from "./browser_set_up.ts";
import { startDisplay } from "./display.ts";
import { ignoreWithout } from "./programs.ts";

/** Leads to the provider, and from there back to the org. */
function leadTo(provider: string): string {
  return `<script>
const from = new URL(location.href).searchParams.get("fromURI");
const back = location.origin + "/forms/person?from=" + encodeURIComponent(from);
location.href = "${provider}?back=" + encodeURIComponent(back);
</script>`;
}

/** Asks for a password that we don't know; somebody who sees a window types it. */
const FORM = `<!DOCTYPE html><title>Provider</title><form action="/signed-in">
<input name="username" autocomplete="username"><input name="password" type="password"
  autocomplete="current-password"><input type="hidden" name="back"><button>Sign in</button></form>
<script>
document.forms[0].back.value = new URL(location.href).searchParams.get("back");
if (!/Headless/.test(navigator.userAgent)) {
  document.forms[0].password.value = "typed by a person";
  setTimeout(() => document.querySelector("button").click(), 500);
}
</script>`;

Deno.test({
  name: "refresh: another provider signs in in a window once, then its session does",
  ignore: ignoreWithout("chromium", "Xvfb"),
  async fn(t) {
    await using set = await setUp("nobody");
    const { home, pages, sim } = set;
    const passwords: string[] = [];
    await using provider = Deno.serve(
      { hostname: "localhost", port: 0, onListen() {} },
      (request) => {
        const url = new URL(request.url);
        const isKnown = /\bprovider=1\b/.test(request.headers.get("cookie") ?? "");
        if (url.pathname === "/signed-in") passwords.push(url.searchParams.get("password") ?? "");
        else if (!isKnown) return new Response(FORM, { headers: { "content-type": "text/html" } });
        const headers = {
          location: url.searchParams.get("back")!,
          "set-cookie": "provider=1; Path=/",
        };
        return new Response(null, { status: 302, headers });
      },
    );
    pages.page = leadTo(`http://localhost:${provider.addr.port}/`);
    await t.step("in a window; nothing of ours is typed there", async () => {
      await using display = await startDisplay();
      const { code, stderr } = await home.run(["refresh"], { env: { DISPLAY: display.name } });
      assert.equal(code, 0, stderr);
      assert.deepEqual(passwords, ["typed by a person"]);
    });
    await t.step("without a window once Okta's session is over", async () => {
      sim.state.sessions.clear();
      sim.state.assertions.clear();
      const { code, stderr } = await home.run(["refresh", "--force"]);
      assert.equal(code, 0, stderr);
      assert.deepEqual(passwords, ["typed by a person"]);
    });
    assert.deepEqual(pages.passwords, []);
  },
});
