import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";
import { serve, type Served } from "./served.ts";
import { visit } from "./served_page.ts";

/** Windows has no file modes, and Deno no sockets in files there. */
const ignoreSockets = Deno.build.os === "windows";

/** Sends bytes as they are; what comes back until the server closes, or `enough` was read. */
async function raw(server: Served, text: string, enough = 12): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: portOf(server) });
  let answer = "";
  try {
    const writer = connection.writable.getWriter();
    writer.write(new TextEncoder().encode(text)).catch(() => {});
    for await (const part of connection.readable.pipeThrough(new TextDecoderStream())) {
      answer += part;
      if (answer.length >= enough) break;
    }
  } catch {
    // Closed in the middle of what was sent.
  } finally {
    try {
      connection.close();
    } catch { /* the loop has closed it */ }
  }
  return answer;
}

function portOf(server: Served): number {
  return Number(new URL(server.url).port);
}

function request(server: Served, host: string, path: string, ...headers: string[]): string {
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, `Authorization: ${server.token}`];
  return `${[...lines, ...headers, "Connection: close"].join("\r\n")}\r\n\r\n`;
}

Deno.test("serve: turns away wrong hosts, other sites, and what is too much", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await using server = await serve(home);
  const port = portOf(server);
  const path = "/credentials/Developer";
  const works = async () => {
    const response = await server.withToken(path);
    await response.body?.cancel();
    assert.equal(response.status, 200);
  };
  await works();
  for (
    const host of [`evil.example:${port}`, "localhost", `localhost:${port + 1}`, `[::1]:${port}`]
  ) {
    await t.step(`421 for Host ${host.replace(/\d{3,}/, "PORT")}`, async () => {
      assert.match(await raw(server, request(server, host, path)), /^HTTP\/1.1 421/);
    });
  }
  for (const site of ["cross-site", "same-site"]) {
    await t.step(`403 for a ${site} request even with the token`, async () => {
      const header = `Sec-Fetch-Site: ${site}`;
      const text = await raw(server, request(server, `localhost:${port}`, path, header));
      assert.match(text, /^HTTP\/1.1 403/);
    });
  }
  await t.step("no CORS for anybody", async () => {
    const response = await server.get(path, {
      method: "OPTIONS",
      headers: { Origin: "https://evil.example", "Access-Control-Request-Method": "GET" },
    });
    await response.body?.cancel();
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    assert.ok(response.status >= 400);
  });
  await t.step("path tricks find nothing", async () => {
    for (
      const trick of ["/credentials/%2e%2e/process/x", "//credentials", "/credentials/%00", "/%"]
    ) {
      const text = await raw(server, request(server, `localhost:${port}`, trick), 9000);
      assert.match(text, /^HTTP\/1.1 4\d\d/, trick);
      assert.doesNotMatch(text, /AccessKeyId/, trick);
    }
  });
  await t.step("huge headers and bodies", async () => {
    const header = `X-Huge: ${"x".repeat(4_000_000)}`;
    assert.doesNotMatch(
      await raw(server, request(server, `localhost:${port}`, path, header), 9000),
      /AccessKeyId/,
    );
    const { post } = await visit(server);
    const response = await post("/signin", { account: "x".repeat(100_000) });
    await response.body?.cancel();
    assert.equal(response.status, 400);
    await works();
  });
  await t.step("500 clients that never finish their request keep nobody waiting", async () => {
    const slow = await Promise.all(Array.from({ length: 500 }, async () => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: loc"));
      return connection;
    }));
    await works();
    for (const connection of slow) connection.close();
  });
  await t.step("1,000 requests, 50 at once: none is lost, and nobody asks AWS again", async () => {
    const before = sim.requests.length;
    let left = 1000;
    const worker = async () => {
      while (left-- > 0) await works();
    };
    await Promise.all(Array.from({ length: 50 }, worker));
    assert.equal(sim.requests.length, before);
  });
  await t.step("nothing secret in the arguments or the log", async () => {
    if (Deno.build.os === "linux") {
      const line = await Deno.readTextFile(`/proc/${server.pid}/cmdline`);
      assert.ok(!line.includes(server.token));
    }
    const { stderr } = await server.stop();
    assert.equal(stderr, "");
  });
});

Deno.test("serve: a replaced token counts for nothing; one that others can read is replaced", {
  ignore: ignoreSockets,
}, async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const file = `${home.folder}/.aws/okta-aws/server/token`;
  const chosen = "x".repeat(43);
  let token: string;
  {
    await using server = await serve(home);
    token = server.token;
    await Deno.writeTextFile(file, chosen);
    assert.equal((await server.withToken("/credentials/Developer")).status, 200);
    const headers = { Authorization: chosen };
    assert.equal((await server.get("/credentials/Developer", { headers })).status, 401);
  }
  await Deno.writeTextFile(file, token);
  await Deno.chmod(file, 0o644);
  await using server = await serve(home);
  assert.notEqual(server.token, token);
  assert.equal((await Deno.stat(file)).mode! & 0o777, 0o600);
  await Deno.writeTextFile(file, "");
  await server.stop();
  await using third = await serve(home);
  assert.match(third.token, /^[\w-]{43}$/);
});

Deno.test(
  "serve: replaces a stale socket and nothing else",
  { ignore: ignoreSockets },
  async (t) => {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    const path = `${home.folder}/s`;
    const refused = async (code: string) => {
      const run = await home.run(["serve", "--port", "0", "--socket", path, "--json"]);
      assert.equal(run.code, 2);
      assert.equal(JSON.parse(run.stderr).error.code, code);
      assert.equal(await home.read(".aws/okta-aws/server.json"), "");
    };
    await t.step("a file", async () => {
      await Deno.writeTextFile(path, "mine");
      await refused("socket_refused");
      assert.equal(await Deno.readTextFile(path), "mine");
    });
    await t.step("a symlink", async () => {
      await Deno.rename(path, `${path}.file`);
      await Deno.symlink(`${path}.file`, path);
      await refused("socket_refused");
      assert.equal(await Deno.readTextFile(path), "mine");
      await Deno.remove(path);
    });
    await t.step("a folder that is missing", async () => {
      const run = await home.run(["serve", "--port", "0", "--socket", `${path}/none/s`]);
      assert.equal(run.code, 2);
    });
    await t.step("another server's", async () => {
      await using _ = await serve(home, ["--socket", path]);
      const run = await home.run(["serve", "--port", "0", "--socket", path, "--json"]);
      assert.equal(JSON.parse(run.stderr).error.code, "socket_in_use");
    });
    await t.step("a killed server's is replaced", async () => {
      const killed = await serve(home, ["--socket", path]);
      await killed.stop("SIGKILL");
      assert.ok((await Deno.lstat(path)).isSocket);
      assert.equal((await home.run(["serve", "--env", "Developer"])).code, 2);
      await using _ = await serve(home, ["--socket", path]);
    });
    await assert.rejects(Deno.lstat(path), Deno.errors.NotFound);
  },
);
