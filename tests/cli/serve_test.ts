import assert from "node:assert/strict";
import { assertMode } from "../platform/scratch_folder.ts";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome, signIns } from "./program.ts";
import { serve } from "./served.ts";

/** It has no sockets in files, and a signal from another program kills. */
const windows = Deno.build.os === "windows";

Deno.test("serve: answers as ECS and credential_process expect, and cleans up", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const socket = `${home.folder}/okta-aws.sock`;
  await using server = await serve(home, windows ? [] : ["--socket", socket]);
  const path = (name: string) => `${home.folder}/.aws/okta-aws/${name}`;
  await t.step("credentials", async () => {
    const response = await server.withToken("/credentials/Developer");
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("cache-control"), "no-store");
    const answer = await response.json();
    const issued = sim.state.credentials.get(answer.AccessKeyId)!;
    assert.deepEqual(answer, {
      AccessKeyId: issued.accessKeyId,
      SecretAccessKey: issued.secretAccessKey,
      Token: issued.sessionToken,
      Expiration: answer.Expiration,
      RoleArn: "arn:aws:iam::123456789012:role/Developer",
      AccountId: "123456789012",
    });
    assert.equal(Date.parse(answer.Expiration), issued.expiration);
  });
  await t.step("a role's ARN, its slash encoded or not", async () => {
    for (const slash of ["/", "%2F"]) {
      const arn = `arn:aws:iam::123456789012:role${slash}Developer`;
      assert.equal((await server.withToken(`/credentials/${arn}`)).status, 200);
    }
  });
  await t.step("process answers what cred-process prints", async () => {
    const text = await (await server.withToken("/process/Developer")).text();
    assert.equal(text, (await home.run(["cred-process", "Developer"])).stdout);
  });
  await t.step(
    "401 without the token, 404 for the unknown, for other paths and no profile",
    async () => {
      assert.equal((await server.get("/credentials/Developer")).status, 401);
      const wrong = { headers: { Authorization: `Bearer ${server.token}` } };
      assert.equal((await server.get("/process/Developer", wrong)).status, 401);
      assert.equal((await server.withToken("/credentials/nothing")).status, 404);
      assert.equal((await server.withToken("/credentials/")).status, 404);
      assert.equal((await server.withToken("/other")).status, 404);
      assert.equal((await server.withToken("/credentials/..%2f..%2fetc%2fpasswd")).status, 404);
    },
  );
  await t.step("the files have mode 0600 and say where it listens", async () => {
    for (const name of ["server.json", "server/token", "server/header"]) {
      assertMode(path(name), 0o600);
    }
    if (!windows) assertMode(socket, 0o600);
    assert.equal(await Deno.readTextFile(path("server/token")), server.token);
    const header = await Deno.readTextFile(path("server/header"));
    assert.equal(header, `Authorization: ${server.token}\n`);
    assert.equal(JSON.parse(await Deno.readTextFile(path("server.json"))).url, server.url);
  });
  await t.step("--env prints the variables", async () => {
    const { code, stdout, stderr } = await home.run(["serve", "--env", "Developer", "--json"]);
    assert.equal(code, 0, stderr);
    const variables = JSON.parse(stdout);
    assert.equal(variables.AWS_CONTAINER_CREDENTIALS_FULL_URI, `${server.credentials}Developer`);
    assert.equal(variables.AWS_CONTAINER_AUTHORIZATION_TOKEN, server.token);
    const shell = await home.run(["serve", "--env", "Developer", "--shell", "bash"]);
    assert.match(shell.stdout, /^unset AWS_ACCESS_KEY_ID;$/m);
  });
  await t.step("a second server can't have the port", async () => {
    const { code, stderr } = await home.run(["serve", "--port", new URL(server.url).port]);
    assert.equal(code, 2);
    assert.match(stderr, /port \d+ is in use\n.*serve --open/);
    assert.equal((await server.withToken("/credentials/Developer")).status, 200);
  });
  await t.step("a signal ends it, socket and file are gone; the token stays", async () => {
    if (windows) return;
    const { code, stderr } = await server.stop("SIGINT");
    assert.deepEqual({ code, stderr }, { code: 130, stderr: "" });
    await assert.rejects(Deno.lstat(socket), Deno.errors.NotFound);
    await assert.rejects(Deno.lstat(path("server.json")), Deno.errors.NotFound);
    const again = await home.run(["serve", "--env", "Developer"]);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /no server is running/);
    await using second = await serve(home);
    assert.equal(second.token, server.token);
  });
  assert.equal(signIns(sim), 0);
});

Deno.test("serve: 503 if a person is needed; nothing is pushed or sent", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.run(["signout", "--forget"]);
  await using server = await serve(home);
  const response = await server.withToken("/credentials/Developer");
  assert.equal(response.status, 503);
  const { code, message } = await response.json();
  assert.equal(typeof message, "string");
  assert.notEqual(code, "fault");
});
