import assert from "node:assert/strict";
import { writeProgram } from "../fakes/programs.ts";
import { otherFactor } from "../sim/default_world.ts";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";
import { serve } from "./served.ts";
import { visit, type Visitor, visitWith } from "./served_page.ts";

const ARN = "arn:aws:iam::123456789012:role/Developer";

Deno.test("serve: the page's code becomes a cookie once; the cookie outlives the server", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await using server = await serve(home);
  const { cookie, get } = await visit(server);
  const again = await fetch(server.page, { redirect: "manual" });
  assert.equal(again.status, 403);
  assert.match(await again.text(), /okta-aws serve --open/);
  const page = await (await get("/")).text();
  assert.match(page, /<h3>[^<]*\/Developer<\/h3>/);
  assert.doesNotMatch(page, /type="password"/);
  const bare = await fetch(new URL(server.page).origin);
  assert.equal(bare.status, 403);
  await bare.body?.cancel();
  const moved = await server.get("/?x=1");
  assert.equal(moved.status, 307);
  const { port } = new URL(server.url);
  assert.equal(moved.headers.get("location"), `http://localhost:${port}/?x=1`);
  await server.stop();
  await using second = await serve(home, ["--port", port]);
  assert.match((await visitWith(second, cookie)).form, /^[\w-]{43}$/);
});

Deno.test("serve: the page opens consoles, renews and signs out", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await using server = await serve(home);
  const { get, post, form } = await visit(server);
  const role = { account: "default", roleArn: ARN };
  await t.step("a console link is new at each click", async () => {
    const urls = [];
    for (const region of ["eu-west-1", "us-east-1"]) {
      const response = await post("/console", { ...role, service: "s3", region });
      assert.equal(response.status, 303);
      const url = new URL(response.headers.get("location")!);
      assert.equal(url.origin, sim.signin);
      const page = new URL(url.searchParams.get("Destination")!);
      assert.equal(page.searchParams.get("region"), region);
      assert.equal(page.pathname, "/s3/home");
      urls.push(url.href);
    }
    assert.notEqual(urls[0], urls[1]);
  });
  await t.step("renews, and says so by an event", async () => {
    const events = (await get("/events")).body!.pipeThrough(new TextDecoderStream()).getReader();
    const before = (await (await get("/live")).text()).match(/valid until/g)!.length;
    assert.equal(before, 1);
    assert.equal((await post("/renew", { all: "1" })).status, 303);
    while (!/renewed 3 of 3 roles/.test(await (await get("/live")).text())) {
      assert.match((await events.read()).value!, /event: change|retry/);
    }
    await events.cancel();
    assert.equal((await (await get("/live")).text()).match(/valid until/g)!.length, 3);
  });
  await t.step("signs out", async () => {
    const events = (await get("/events")).body!.pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await post("/signout", { account: "default" })).status, 303);
    while (!(await (await get("/live")).text()).includes("signed out")) await events.read();
    await events.cancel();
  });
  await t.step("a form without the page's value, or from another site, does nothing", async () => {
    assert.equal((await post("/console", { ...role, form: "" })).status, 403);
    assert.equal((await post("/console", { ...role, form: `${form}x` })).status, 403);
    for (const headers of [{ Origin: "http://localhost:1" }, { "Sec-Fetch-Site": "same-site" }]) {
      assert.equal((await post("/console", role, headers)).status, 403);
    }
    assert.equal((await post("/console", { ...role, roleArn: `${ARN}x` })).status, 404);
    assert.equal((await get("/console")).status, 404);
  });
});

/** What the page shows, once it shows it; each event may have changed it. */
async function pageWatcher({ get }: Visitor): Promise<
  AsyncDisposable & { until(pattern: RegExp): Promise<string> }
> {
  const events = (await get("/events")).body!.pipeThrough(new TextDecoderStream()).getReader();
  return {
    async until(pattern) {
      for (;;) {
        const text = await (await get("/live")).text();
        if (pattern.test(text)) return text;
        await events.read();
      }
    },
    [Symbol.asyncDispose]: () => events.cancel(),
  };
}

Deno.test("serve: asks for a code on the page, and shows a push's number", async (t) => {
  const push = otherFactor("push", { push: { outcome: "wait", waits: 0, numbers: [7] } });
  for (const kind of ["code", "push"] as const) {
    await t.step(kind, async () => {
      await using sim = await startSimulator({
        world: ({ users }) => {
          if (kind === "push") users[0]!.factors = [push];
        },
      });
      await using home = await setUpHome(sim, {
        secrets: JSON.stringify({ password: sim.user.password }),
        args: ["--no-verify"],
      });
      await using server = await serve(home);
      const visitor = await visit(server);
      await using page = await pageWatcher(visitor);
      assert.equal((await server.withToken(`/credentials/${ARN}`)).status, 503);
      assert.equal(sim.requestsTo("okta", "POST", "/api/v1/authn/factors").length, 0);
      await visitor.post("/signin", { account: "default" });
      if (kind === "push") {
        await page.until(/class="number"[\s\S]* 7<\/p>/);
        sim.world.users[0]!.factors[0]!.push!.outcome = "approve";
      } else {
        const question = await page.until(/action="\/answer"/);
        const id = /name="id" value="([^"]+)"/.exec(question)![1]!;
        assert.equal((await visitor.post("/answer", { id: "other", value: "1" })).status, 404);
        const value = await sim.user.code();
        assert.equal((await visitor.post("/answer", { id, value })).status, 303);
      }
      await page.until(/signed in, roles updated/);
      assert.doesNotMatch(await page.until(/./), /class="number"/);
      assert.equal((await server.withToken(`/credentials/${ARN}`)).status, 200);
    });
  }
});

Deno.test("serve --open: opens the page of the server that runs with a new code", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await using server = await serve(home);
  const note = (file: string) => {
    Deno.writeTextFileSync(`${file}.part`, Deno.args[0]!);
    Deno.renameSync(`${file}.part`, file);
  };
  const BROWSER = await writeProgram(`${home.folder}/browser`, note, `${home.folder}/opened`);
  using changes = Deno.watchFs(home.folder);
  const { code, stderr } = await home.run(["serve", "--open"], { env: { BROWSER } });
  assert.equal(code, 0, stderr);
  if (await home.read("opened") === "") {
    for await (const _ of changes) if (await home.read("opened") !== "") break;
  }
  const url = await home.read("opened");
  assert.equal(new URL(url).origin, new URL(server.page).origin);
  assert.notEqual(url, server.page);
  assert.match((await visit({ ...server, page: url })).form, /^[\w-]{43}$/);
});
