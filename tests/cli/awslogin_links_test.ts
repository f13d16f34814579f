import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";
import { serve } from "./served.ts";
import { visit } from "./served_page.ts";

const OTHER = "arn:aws:iam::123456789012:role/Chained";

Deno.test("serve: awslogin's links lead to the console, from the person's own browser alone", async (t) => {
  await using sim = await startSimulator({
    world: ({ accounts }) => {
      accounts[0]!.roles.push({
        name: "Chained",
        path: "/",
        maxSessionDurationSeconds: 43200,
        trusts: ["arn:aws:iam::123456789012:role/Developer"],
      });
    },
  });
  await using home = await setUpHome(sim);
  await using server = await serve(home);
  const { get } = await visit(server);
  const link = "/awslogin?baseProfile=Developer";
  const assumed = () =>
    sim.requestsTo("sts", "POST", "/").map(({ form }) => form)
      .filter((form) => form.get("Action") === "AssumeRole").at(-1)!;
  const location = async (path: string) => {
    const response = await get(path);
    await response.body?.cancel();
    assert.equal(response.status, 302, path);
    return new URL(response.headers.get("location")!);
  };
  await t.step("redirects to a fresh sign-in URL", async () => {
    const first = await location(link);
    assert.equal(first.origin, sim.signin);
    assert.notEqual((await location("/awslogin?profile=Developer")).href, first.href);
  });
  await t.step("roleArn, its slash encoded or not, with session name and ttl", async () => {
    for (const arn of [OTHER, encodeURIComponent(OTHER)]) {
      await location(`${link}&roleArn=${arn}&sessionName=jane&ttl=1800`);
      assert.equal(assumed().get("RoleArn"), OTHER);
      assert.equal(assumed().get("RoleSessionName"), "jane");
      assert.equal(assumed().get("DurationSeconds"), "1800");
    }
  });
  await t.step("ttl is cut to the hour of a chained role, and said", async () => {
    const response = await get(`${link}&roleArn=${OTHER}&ttl=99999`);
    await response.body?.cancel();
    assert.equal(assumed().get("DurationSeconds"), "3600");
    assert.match(response.headers.get("x-okta-aws-note")!, /out of AWS's range.*using 3600/);
  });
  await t.step("ttl of a direct role is the console's", async () => {
    await location(`${link}&ttl=60`);
    const form = sim.requestsTo("signin", "POST", "/federation").at(-1)!.form;
    assert.equal(form.get("SessionDuration"), "900");
  });
  await t.step("format=txt prints it, with the cookie or the token", async () => {
    assert.match(await (await get(`${link}&format=txt`)).text(), /^http.*\/federation\?.*\n$/);
    const text = await server.withToken(`${link}&format=txt`);
    assert.match(await text.text(), /^http.*\/federation\?.*\n$/);
  });
  await t.step("the token opens no page, the cookie no credentials", async () => {
    const Authorization = server.token;
    const origin = new URL(server.page).origin;
    for (const path of ["/", link, "/events", "/live"]) {
      const response = await fetch(origin + path, { headers: { Authorization } });
      assert.equal(response.status, 403, path);
      await response.body?.cancel();
    }
    assert.equal((await get("/credentials/Developer")).status, 401);
  });
  await t.step("another site gets a page that asks; without a cookie, 403", async () => {
    const before = sim.requests.length;
    for (const site of ["cross-site", "same-site"]) {
      const response = await get(link, { "Sec-Fetch-Site": site });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("location"), null);
      assert.match(await response.text(), /Open the AWS console\?/);
    }
    const response = await fetch(new URL(server.page).origin + link, { redirect: "manual" });
    assert.equal(response.status, 403);
    assert.match(await response.text(), /okta-aws serve --open/);
    assert.equal(sim.requests.length, before);
    assert.equal((await get(link, { "Sec-Fetch-Site": "none" })).status, 302);
  });
  await t.step("what a link can't ask for is an error", async () => {
    assert.equal((await get("/awslogin")).status, 400);
    assert.equal((await get(`${link}&sessionName=a%20%2F`)).status, 400);
    assert.equal((await get(`${link}&destination=https://example.com/`)).status, 400);
    assert.equal((await get("/awslogin?profile=nothing")).status, 404);
    const response = await get(`${link}&sessionName=%3Cscript%3E`);
    assert.doesNotMatch(await response.text(), /<script>/);
  });
});
