import assert from "node:assert/strict";
import { listenOnLoopback } from "../../../src/platform/network/loopback_listener.ts";

const PATH = "/oauth/callback";
const isOurs = (query: URLSearchParams) => query.get("code") === "c";
const NEVER = new AbortController().signal;
const PAGE = { status: 200, headers: { "X-Own": "yes" }, body: "<h1>Done</h1>" };

async function statusOf(url: string, init?: RequestInit): Promise<number> {
  const response = await fetch(url, init);
  await response.body?.cancel();
  return response.status;
}

/** `fetch` writes its own Host. */
async function statusWithHost(port: number, host: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = `GET ${PATH}?code=c HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const bytes = new Uint8Array(100);
  await connection.read(bytes);
  return new TextDecoder().decode(bytes).split(" ")[1]!;
}

Deno.test("listenOnLoopback() takes one GET of its path, answers it, and closes", async () => {
  const listener = listenOnLoopback(PATH, isOurs);
  const origin = `http://127.0.0.1:${listener.port}`;
  assert.equal(await statusOf(`${origin}/favicon.ico`), 404);
  assert.equal(await statusOf(`${origin}${PATH}/`), 404);
  assert.equal(await statusOf(`${origin}${PATH}`, { method: "POST", body: "code=c" }), 405);
  assert.equal(await statusOf(`${origin}${PATH}`), 400);
  assert.equal(await statusOf(`${origin}${PATH}?code=foreign&state=x`), 400);
  assert.equal(await statusWithHost(listener.port, "evil.example"), "421");
  assert.equal(await statusWithHost(listener.port, `localhost:${listener.port}`), "421");

  const shown = fetch(`${origin}${PATH}?code=c&state=s`);
  const { query, answer } = await listener.redirect(NEVER);
  assert.deepEqual([...query], [["code", "c"], ["state", "s"]]);
  assert.equal(await statusOf(`${origin}${PATH}?code=other`), 410);
  const [response] = await Promise.all([shown, answer(PAGE)]);
  assert.equal(response.headers.get("X-Own"), "yes");
  assert.equal(await response.text(), PAGE.body);
  await assert.rejects(fetch(origin));
});

Deno.test("listenOnLoopback() closes despite half a request", async () => {
  const listener = listenOnLoopback(PATH, isOurs);
  using slow = await Deno.connect({ hostname: "127.0.0.1", port: listener.port });
  await slow.write(new TextEncoder().encode(`GET ${PATH} HTTP/1.1\r\nHost: 127`));
  const shown = fetch(`http://127.0.0.1:${listener.port}${PATH}?code=c`);
  const { answer } = await listener.redirect(NEVER);
  const [response] = await Promise.all([shown, answer(PAGE)]);
  assert.equal(await response.text(), PAGE.body);
});

Deno.test("listenOnLoopback() can't be reached from the network", async () => {
  const listener = listenOnLoopback(PATH, isOurs);
  const others = Deno.networkInterfaces().filter(({ family, address }) =>
    family === "IPv4" && !address.startsWith("127.")
  );
  for (const { address: hostname } of others) {
    await assert.rejects(Deno.connect({ hostname, port: listener.port }));
  }
  await listener.close();
});

Deno.test("listenOnLoopback() stops waiting by its signal, and can be closed twice", async () => {
  const listener = listenOnLoopback(PATH, isOurs);
  const giveUp = new AbortController();
  const waiting = listener.redirect(giveUp.signal);
  giveUp.abort(new Error("enough"));
  await assert.rejects(waiting, /enough/);
  await listener.close();
  await listener.close();
});
