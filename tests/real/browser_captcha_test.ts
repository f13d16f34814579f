/** A page that asks for a captcha before it sends anything to Okta. */

import assert from "node:assert/strict";
import { badGateway } from "../sim/faults.ts";
import { setUp } from "./browser_set_up.ts";
import { startDisplay } from "./display.ts";
import { ignoreWithout } from "./programs.ts";

/** Somebody who sees a window solves it. */
const PUZZLE =
  `<!DOCTYPE html><title>Captcha</title><input name="password"><button>I am human</button>
<script>
const solve = () => parent.postMessage("solved", "*");
document.querySelector("button").onclick = solve;
if (!/Headless/.test(navigator.userAgent)) addEventListener("load", solve);
</script>`;

/** Like reCAPTCHA and hCaptcha, it tells its own service first. */
function captcha(service: string): string {
  return `<input type="hidden" name="captcha"><iframe src="${service}"></iframe><script>
const form = document.forms[0];
let wanted = false;
form.addEventListener("submit", (event) => {
  if (form.captcha.value !== "") return;
  event.preventDefault();
  wanted = true;
  fetch("${service}execute", { method: "POST", mode: "no-cors", body: "x" });
});
addEventListener("message", ({ data, origin }) => {
  if (origin + "/" !== "${service}") return;
  form.captcha.value = data;
  if (wanted) form.requestSubmit();
});
</script>`;
}

Deno.test({
  name: "refresh: a captcha is solved in a window; the password is sent once",
  ignore: ignoreWithout("chromium", "Xvfb"),
  async fn(t) {
    await using set = await setUp("code");
    const { home, pages, sim } = set;
    const executed: string[] = [];
    await using service = Deno.serve(
      { hostname: "localhost", port: 0, onListen() {} },
      async (request) => {
        if (request.method === "POST") executed.push(await request.text());
        return new Response(PUZZLE, { headers: { "content-type": "text/html" } });
      },
    );
    pages.more = captcha(`http://localhost:${service.addr.port}/`);
    sim.world.faults.unshift(({ path, form }) =>
      path === "/forms/password" && form.get("captcha") !== "solved" ? badGateway() : undefined
    );
    await t.step("exit 4 without a display: it was not sent, and may be sent later", async () => {
      for (let run = 0; run < 2; run++) {
        const { code, stderr } = await home.run(["refresh"]);
        assert.equal(code, 4, stderr);
        assert.match(stderr, /there is no display/);
      }
      assert.deepEqual([executed.length, pages.passwords.length], [2, 0]);
    });
    await t.step("in a window", async () => {
      await using display = await startDisplay();
      const { code, stderr } = await home.run(["refresh"], { env: { DISPLAY: display.name } });
      assert.equal(code, 0, stderr);
      assert.deepEqual(pages.passwords, [sim.user.password]);
      assert.equal(pages.codes.length, 1);
    });
    assert.ok(executed.every((body) => body === "x"));
  },
});
