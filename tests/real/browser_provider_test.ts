/** Another org signs in for the account's org: in a window once, then by its own session. */

import assert from "node:assert/strict";
import { type FormPages, serveFormPages } from "../fakes/browser/form_pages.ts";
import { sessionCookies, startSession } from "../sim/okta/sessions.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { setUp } from "./browser_set_up.ts";
import { startDisplay } from "./display.ts";
import { ignoreWithout } from "./programs.ts";

/** Where the account's org takes the provider's assertions. */
const ACS = "/sso/saml2/0oaprovider";

/** Leads to the provider's app for the account's org. */
function leadTo(provider: Simulator): string {
  return `<script>
const from = new URL(location.href).searchParams.get("fromURI");
location.href = "${provider.embedLink()}?RelayState=" + encodeURIComponent(from);
</script>`;
}

/** Somebody who sees a window types the provider's password, which we don't know. */
function typing({ user: { login, password } }: Simulator): string {
  return `<script>
if (!/Headless/.test(navigator.userAgent)) {
  addEventListener("load", () => {
    document.forms[0].username.value = ${JSON.stringify(login)};
    document.forms[0].password.value = ${JSON.stringify(password)};
    document.querySelector("button").click();
  });
}
</script>`;
}

/** The account's org takes the assertion of the provider for a sign-in. */
function takeAssertions(sim: Simulator): { taken: number } {
  const counter = { taken: 0 };
  sim.world.faults.unshift((request) => {
    if (request.host !== "okta" || request.path !== ACS) return undefined;
    if (!request.form.get("SAMLResponse")) return new Response(null, { status: 400 });
    counter.taken++;
    const context = { world: sim.world, state: sim.state, request, origin: sim.okta };
    const user = sim.world.users[0]!;
    const session = startSession(context, { user, expiresAt: Infinity, amr: ["pwd", "mfa"] });
    const headers = sessionCookies(context, session);
    headers.set("location", request.form.get("RelayState")!);
    return new Response(null, { status: 302, headers });
  });
  return counter;
}

async function startProvider(org: Simulator): Promise<{ provider: Simulator; pages: FormPages }> {
  const provider = await startSimulator({
    oktaHostname: "localhost",
    world({ apps, users }) {
      apps[0]!.action = org.okta + ACS;
      apps[0]!.response.destination = org.okta + ACS;
      users[0]!.password = "Only-the-provider-knows-1";
    },
  });
  const pages = serveFormPages(provider);
  pages.more = typing(provider);
  return { provider, pages };
}

Deno.test({
  name: "refresh: another org signs in in a window once, then its session does",
  ignore: ignoreWithout("chromium", "Xvfb"),
  async fn(t) {
    await using set = await setUp("nobody");
    const { home, sim } = set;
    const { provider, pages } = await startProvider(sim);
    await using _ = provider;
    set.pages.page = leadTo(provider);
    const counter = takeAssertions(sim);
    await t.step("without a display nothing of ours is typed at the provider", async () => {
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 4, stderr);
      assert.deepEqual([pages.opened, pages.passwords.length], [1, 0]);
    });
    await t.step("in a window", async () => {
      await using display = await startDisplay();
      const { code, stderr } = await home.run(["refresh"], { env: { DISPLAY: display.name } });
      assert.equal(code, 0, stderr);
      assert.deepEqual([counter.taken, pages.passwords], [1, ["Only-the-provider-knows-1"]]);
    });
    await t.step("without a window once Okta's session is over", async () => {
      sim.state.sessions.clear();
      sim.state.assertions.clear();
      const { code, stderr } = await home.run(["refresh", "--force"]);
      assert.equal(code, 0, stderr);
      assert.deepEqual([counter.taken, pages.passwords.length], [2, 1]);
    });
    assert.deepEqual(set.pages.passwords, []);
  },
});
