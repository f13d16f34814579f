import assert from "node:assert/strict";
import { pollForGrant } from "../../src/oauth/device_polling.ts";
import { OktaClient } from "../../src/okta/client/client.ts";
import { CookieJar } from "../../src/okta/client/cookie_jar.ts";
import {
  deviceAuthorizationRequest,
  deviceTokenRequest,
  processDeviceAuthorization,
  processDeviceToken,
} from "../../src/okta/device/device_grant.ts";
import { processOrgDescription } from "../../src/okta/client/org.ts";
import type { HttpClient, HttpRequest } from "../../src/ports.ts";
import { authorizeDevice, pollDevice } from "../sim/okta/oauth/device.ts";
import { createWorldClock } from "../sim/clock.ts";
import { defaultWorld } from "../sim/default_world.ts";
import { createState } from "../sim/state.ts";
import { simOidc } from "../sim/okta/oauth/oidc_world.ts";
import { readRequest } from "../sim/request_log.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { answer } from "../fakes/scripted_http.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const FOLDER = new URL("okta-aws-cli/test/fixtures/vcr/", FIXTURES);

interface Interaction {
  method: string;
  url: string;
  form: Record<string, string>;
  headers: Record<string, string>;
  status: number;
  body: string;
}

/** A line of the cassette: `key: value` at a depth. The recorder writes only this form of YAML. */
function value(block: string, key: string, indent: number): string {
  const line = new RegExp(`^ {${indent}}${key}: (.*)$`, "m").exec(block)?.[1] ?? "";
  return line.replace(/^'(.*)'$/, (_, text: string) => text.replaceAll("''", "'"))
    .replace(/^""$/, "");
}

function readInteraction(text: string): Interaction {
  const [request, response] = text.split(/^ {6}response:$/m) as [string, string];
  const headers = /^ {8}headers:\n((?: {12}.*\n)+)/m.exec(request)?.[1] ?? "";
  const named = headers.matchAll(/^ {12}(\S+):\n {16}- (.*)$/gm);
  return {
    method: value(request, "method", 8),
    url: value(request, "url", 8),
    form: Object.fromEntries(new URLSearchParams(value(request, "body", 8))),
    headers: Object.fromEntries([...named].map(([, name, text]) => [name!, text!])),
    status: Number(value(response, "code", 8)),
    body: value(response, "body", 8),
  };
}

function readCassette(name: string): Interaction[] {
  const text = Deno.readTextFileSync(new URL(name, FOLDER));
  return text.split(/^ {4}- id: \d+$/m).slice(1).map(readInteraction);
}

function cassettes(): string[] {
  try {
    return [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
      .filter((name) => name.startsWith("TestWebSSO")).sort();
  } catch {
    return [];
  }
}

function formOf({ body = "" }: HttpRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body));
}

/** Answers as recorded, if method, URL, headers and form are the recorded ones. */
function replay(tape: readonly Interaction[]): HttpClient & { left(): number } {
  const rest = [...tape];
  return {
    left: () => rest.length,
    send(request) {
      const { method, url, form, headers, status, body } = rest.shift()!;
      assert.deepEqual(
        { method: request.method, url: request.url, form: formOf(request) },
        { method, url, form },
      );
      assert.deepEqual(request.headers, headers);
      return Promise.resolve(answer(status, body));
    },
  };
}

const names = cassettes();

Deno.test({
  name: `device grant: sends the requests of okta-aws-cli's ${names.length} cassettes`,
  ignore: ignoreWithoutData(names.length === 0),
  async fn() {
    const polls: string[] = [];
    for (const name of names) {
      const tape = readCassette(name);
      const http = replay(tape);
      const org = new URL(tape[0]!.url).origin;
      const client = new OktaClient({ org, jar: new CookieJar(), http, clock: new FakeClock() });
      const recorded = tape.find(({ url }) => url.endsWith("/device/authorize"))?.form ?? {};
      while (http.left() > 0) {
        const description = await client.get("/.well-known/okta-organization");
        assert.equal(processOrgDescription(description.body).pipeline, "idx");
        // One cassette has only the description, twice.
        if (recorded.client_id === undefined || http.left() === 0) continue;
        const { client_id: clientId, scope } = recorded as Record<string, string>;
        const code = processDeviceAuthorization(
          // The recording is older than the scope okta.users.read.self.
          await deviceAuthorizationRequest(client, clientId!, scope),
        );
        if (http.left() === 0) continue;
        const outcome = await pollForGrant(client.clock, async () => {
          const polled = processDeviceToken(
            await deviceTokenRequest(client, clientId!, code.deviceCode),
          );
          polls.push(polled.kind);
          return polled;
        }, code);
        assert.equal(outcome.kind, "granted");
      }
    }
    assert.deepEqual(polls, ["pending", "granted", "pending", "granted"]);
  },
});

/** The simulator's answer to a recorded request. */
async function simulated(forms: Record<string, string>[]): Promise<unknown[]> {
  const world = defaultWorld();
  let time = Date.parse("2023-09-27T22:58:43Z");
  world.clock = createWorldClock(() => time);
  world.oidc = simOidc();
  const state = createState();
  const bodies: unknown[] = [];
  let deviceCode = "";
  for (const form of forms) {
    time += 10_000;
    const body = new URLSearchParams({ ...form, client_id: world.oidc.clientId });
    if (form.device_code !== undefined) body.set("device_code", deviceCode);
    const raw = new Request("https://test.dne-okta.com/", { method: "POST", body });
    const request = await readRequest("okta", raw);
    const context = { world, state, request, origin: "https://test.dne-okta.com" };
    const response = form.device_code === undefined
      ? authorizeDevice(context)
      : pollDevice(context, world.oidc);
    const json = await response.json();
    deviceCode ||= json.device_code;
    bodies.push(json);
  }
  return bodies;
}

Deno.test({
  name: "device grant: the simulator's answers have the members of recorded ones",
  ignore: ignoreWithoutData(names.length === 0),
  async fn() {
    const tape = readCassette("TestWebSSOAuthAccessToken.yaml")
      .filter(({ url }) => url.includes("/oauth2/"));
    const members = (body: unknown) => Object.keys(body as Record<string, unknown>).sort();
    assert.deepEqual(
      (await simulated(tape.map(({ form }) => form))).map(members),
      tape.map(({ body }) => members(JSON.parse(body))),
    );
  },
});
