/**
 * Sign-in pages of an org that a browser can use without Okta's widget: plain forms, as customized
 * sign-in pages have. They take the place of the simulator's own pages.
 */

import { inTime } from "../../real/devtools.ts";
import type { Fault } from "../../sim/faults.ts";
import { sessionCookies, startSession } from "../../sim/okta/sessions.ts";
import type { Simulator } from "../../sim/simulator.ts";
import type { LoggedRequest } from "../../sim/request_log.ts";

export interface FormPages {
  /** Passwords that were sent, in order. */
  readonly passwords: string[];
  /** One-time codes that were sent. */
  readonly codes: string[];
  /** How often the sign-in page was opened. */
  opened: number;
  /** How often a person's page was opened. */
  asked: number;
  /** The `User-Agent` of the last page. */
  userAgent: string;
  /** What follows the password. */
  then: "session" | "code" | "person" | "nobody";
  /** The page itself, instead of the form with user name and password. */
  page?: string;
  /** What the page with user name and password has besides its fields. */
  more?: string;
  /** Resolves when this happens next. */
  next(what: PageEvent): Promise<void>;
}

/** A sign-in page or a person's page was opened, a password or code was sent. */
export type PageEvent = "opened" | "asked" | "password" | "code";

function page(body: string, headers: HeadersInit = {}): Response {
  const text = `<!DOCTYPE html><html lang="en"><head><title>Acme - Sign In</title></head>` +
    `<body><main>${body}</main></body></html>`;
  const all = new Headers(headers);
  all.set("content-type", "text/html; charset=utf-8");
  return new Response(text, { headers: all });
}

function passwordForm(from: string, more: string, error = ""): string {
  return `<h1>Sign In</h1>${error && `<p role="alert">${error}</p>`}
<form method="POST" action="/forms/password?from=${encodeURIComponent(from)}">
<input name="username" autocomplete="username">
<input name="password" type="password" autocomplete="current-password">
${more}<button type="submit">Sign in</button></form>`;
}

function codeForm(from: string): string {
  return `<h1>Google Authenticator</h1>
<form method="POST" action="/forms/code?from=${encodeURIComponent(from)}">
<input name="answer" type="tel" autocomplete="one-time-code">
<button type="submit">Verify</button></form>`;
}

/** Somebody who sees a window presses the button; without a window nobody does. */
function personForm(from: string, answered: boolean): string {
  return `<h1>Confirm on your device</h1>
<form method="POST" action="/forms/person?from=${encodeURIComponent(from)}">
<button type="submit">Use this device</button></form>
<script>if (${answered} && !/Headless/.test(navigator.userAgent)) {
  addEventListener("load", () => document.querySelector("button").click());
}</script>`;
}

/** Serves the pages at a simulator; passwords by API are refused. */
export function serveFormPages(sim: Simulator, then: FormPages["then"] = "session"): FormPages {
  const waiting = new Map<PageEvent, PromiseWithResolvers<void>>();
  const happens = (what: PageEvent) => {
    waiting.get(what)?.resolve();
    waiting.delete(what);
  };
  const pages: FormPages = {
    passwords: [],
    codes: [],
    opened: 0,
    asked: 0,
    userAgent: "",
    then,
    next(what) {
      const next = waiting.get(what) ?? Promise.withResolvers<void>();
      waiting.set(what, next);
      return inTime(next.promise, `${what} at the sign-in pages`);
    },
  };
  const user = () => sim.world.users[0]!;
  const finish = (request: LoggedRequest, from: string) => {
    const context = { world: sim.world, state: sim.state, request, origin: sim.okta };
    const amr = ["pwd", "mfa"];
    const session = startSession(context, { user: user(), expiresAt: Infinity, amr });
    const headers = sessionCookies(context, session);
    headers.set("location", from);
    return new Response(null, { status: 302, headers });
  };
  const after = (request: LoggedRequest, from: string) => {
    if (pages.then === "session") return finish(request, from);
    if (pages.then === "code") return page(codeForm(from));
    pages.asked++;
    happens("asked");
    return page(personForm(from, pages.then === "person"));
  };
  const fault: Fault = async (request) => {
    const { host, path, method, form, query } = request;
    if (host !== "okta") return undefined;
    if (path.startsWith("/api/v1/authn")) {
      return Response.json({ errorCode: "E0000004", errorSummary: "Authentication failed" }, {
        status: 401,
      });
    }
    const from = query.get("from") ?? query.get("fromURI") ?? "/app/UserHome";
    if (path === "/login/login.htm" && method === "GET") {
      pages.opened++;
      happens("opened");
      pages.userAgent = request.headers.get("user-agent") ?? "";
      return page(pages.page ?? passwordForm(from, pages.more ?? ""));
    }
    if (path === "/forms/password") {
      pages.passwords.push(form.get("password") ?? "");
      happens("password");
      if (form.get("username") !== user().login || form.get("password") !== user().password) {
        return page(passwordForm(from, pages.more ?? "", "Unable to sign in"));
      }
      return after(request, from);
    }
    if (path === "/forms/code") {
      pages.codes.push(form.get("answer") ?? "");
      happens("code");
      const isRight = form.get("answer") === await sim.user.code();
      return isRight ? finish(request, from) : page(codeForm(from));
    }
    if (path === "/forms/person") return finish(request, from);
    return undefined;
  };
  sim.world.faults.push(fault);
  return pages;
}
