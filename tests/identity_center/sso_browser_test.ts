import assert from "node:assert/strict";
import type { SsoClient } from "../../src/identity_center/sso_oidc.ts";
import { InteractionError } from "../../src/errors.ts";
import type { AppContext } from "../../src/app/context.ts";
import type { SsoAccess } from "../../src/identity_center/sso_access.ts";
import { signInByBrowser } from "../../src/identity_center/sso_browser.ts";
import type { BrowserRedirect, Clock, HttpRequest, LoopbackListener } from "../../src/ports.ts";
import { Secret } from "../../src/secret.ts";
import { jsonAnswer } from "../fakes/scripted_http.ts";

const CLIENT: SsoClient = { clientId: "id", clientSecret: new Secret("eyJ"), expiresAt: 0 };
const NO_BROWSER = new InteractionError("no browser", { code: "no_browser" });

/** Sleeps until it is told not to: nobody waits ten minutes in a test. */
const STILL: Clock = {
  now: () => 0,
  sleep: (_, signal) =>
    new Promise((_resolve, reject) =>
      signal!.addEventListener("abort", () => reject(signal!.reason))
    ),
};

interface Browser {
  /** What the browser comes back with; `undefined` where it never does. */
  query?: (authorize: URL) => Record<string, string>;
  /** Why it can't be opened. */
  fails?: Error;
  /** Whether no port is to be had. */
  portTaken?: boolean;
  clock?: Clock;
}

/** Signs in, and tells what was shown, sent and answered. */
async function signIn({ query, fails, portTaken, clock = STILL }: Browser) {
  const sent: HttpRequest[] = [];
  const pages: { status: number; body: string }[] = [];
  const shown: string[] = [];
  let closed = 0;
  const back = Promise.withResolvers<BrowserRedirect>();
  const listener: LoopbackListener = {
    port: 49152,
    redirect(signal) {
      signal.addEventListener("abort", () => back.reject(signal.reason));
      return back.promise;
    },
    close: () => Promise.resolve(void closed++),
  };
  const openBrowser = (url: Secret) => {
    if (fails !== undefined) return Promise.reject(fails);
    const answer = (page: { status: number; body: string }) =>
      Promise.resolve(void pages.push(page));
    if (query === undefined) return Promise.resolve();
    back.resolve({ query: new URLSearchParams(query(new URL(url.reveal()))), answer });
    return Promise.resolve();
  };
  const context = {
    settings: { accounts: new Map() },
    ports: {
      environment: { get: () => undefined },
      listenOnLoopback: () =>
        portTaken ? Promise.reject(new Error("taken")) : Promise.resolve(listener),
      processes: () => Promise.resolve({ openBrowser }),
    },
    interaction: { show: (text: string) => Promise.resolve(void shown.push(text)) },
  } as unknown as AppContext;
  const access = {
    session: { scopes: ["sso:account:access"] },
    endpoints: { oidc: { url: "https://oidc.eu-west-1.amazonaws.com" } },
    client: { clock },
    send(request: HttpRequest) {
      sent.push(request);
      return Promise.resolve(jsonAnswer(200, { accessToken: "aoa", expiresIn: 3600 }));
    },
  } as unknown as SsoAccess;
  const { signal } = new AbortController();
  const result = await signInByBrowser(context, access, { client: CLIENT, signal })
    .catch((error: unknown) => error as { code: string });
  return { result, sent, pages, shown, closed };
}

const rightWay = (url: URL) => ({ code: "c", state: url.searchParams.get("state")! });

Deno.test("sends the code with the verifier of the challenge, then tells the browser", async () => {
  let challenge = "";
  const { result, sent, pages, shown, closed } = await signIn({
    query(url) {
      challenge = url.searchParams.get("code_challenge")!;
      return rightWay(url);
    },
  });
  assert.ok(result !== undefined && "accessToken" in result);
  assert.equal(result.accessToken.reveal(), "aoa");
  const { codeVerifier, ...body } = JSON.parse(sent[0]!.body!);
  assert.deepEqual(body, {
    clientId: "id",
    clientSecret: "eyJ",
    grantType: "authorization_code",
    code: "c",
    redirectUri: "http://127.0.0.1:49152/oauth/callback",
  });
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(codeVerifier));
  const hash = new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
  assert.equal(hash, challenge);
  assert.match(shown.join(""), /https:\/\/oidc\.eu-west-1\.amazonaws\.com\/authorize\?/);
  assert.match(pages[0]!.body, /You are signed in/);
  assert.equal(closed, 1);
});

Deno.test("an answer to somebody else's request sends nothing, and the page says so", async () => {
  const { result, sent, pages, closed } = await signIn({
    query: () => ({ code: "c", state: "other" }),
  });
  assert.equal((result as { code: string }).code, "state_mismatch");
  assert.deepEqual(sent, []);
  assert.equal(pages[0]!.status, 400);
  assert.match(pages[0]!.body, /You are not signed in/);
  assert.equal(closed, 1);
});

Deno.test("without a port or without a browser another way is taken", async () => {
  assert.equal((await signIn({ portTaken: true })).result, undefined);
  const { result, closed } = await signIn({ fails: NO_BROWSER });
  assert.equal(result, undefined);
  assert.equal(closed, 1);
});

Deno.test("nobody is waited for without end", async () => {
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const { result, closed } = await signIn({ clock });
  assert.equal((result as { code: string }).code, "sign_in_timeout");
  assert.equal(closed, 1);
});
