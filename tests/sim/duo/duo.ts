/** A fake Duo: the frame of its traditional prompt, on its own origin. */

import { listen, type TlsFiles } from "../listener.ts";
import { oktaToken } from "../random_text.ts";
import { browserForm, type DuoDevice, promptPage } from "./pages.ts";
import { checkDuo, type DuoKeys, signDuo } from "./signature.ts";

/** How Duo behaves. May be changed at any time. */
export interface DuoPlan {
  devices: DuoDevice[];
  /** What the user does with a push or a call. */
  outcome: "allow" | "deny" | "timeout";
  /** Number of status polls answered "pushed". */
  waits: number;
  /** Accepted passcodes, each once. */
  passcodes: string[];
  /** How the frame's first answer looks. */
  begins: "redirect" | "form" | "universal";
}

export interface Duo extends AsyncDisposable {
  /** Host and port, as Okta's answers name them. */
  readonly host: string;
  readonly keys: DuoKeys;
  readonly plan: DuoPlan;
  /** Prompts sent to the user: `phone1 Duo Push`. */
  readonly prompts: string[];
}

interface Session {
  user: string;
  parent: string;
}

interface Prompt {
  session: Session;
  polls: number;
  right: boolean | undefined;
  granted: boolean;
}

interface Context {
  plan: DuoPlan;
  keys: DuoKeys;
  sessions: Map<string, Session>;
  open: Map<string, Prompt>;
  prompts: string[];
  cookieAttributes: string;
}

function ok(response: Record<string, unknown>): Response {
  return Response.json({ stat: "OK", response });
}

function fail(message: string): Response {
  return Response.json({ stat: "FAIL", message });
}

/** Starts a session; rejects requests that Duo's own script would not send. */
async function begin(context: Context, request: Request, url: URL): Promise<Response> {
  const { plan, keys, sessions } = context;
  const { tx, parent, v } = Object.fromEntries(url.searchParams);
  const user = await checkDuo(keys.skey, "TX", keys.ikey, tx ?? "", Date.now());
  if (user === undefined || !parent || !v) return new Response("Access denied", { status: 400 });
  if (plan.begins === "form" && request.method === "GET") return browserForm(tx!, parent);
  if (plan.begins === "form") {
    const form = new URLSearchParams(await request.text());
    if (form.get("tx") !== tx || !form.has("is_cef_browser")) return fail("incomplete form");
  }
  const sid = `${oktaToken()}|${user.length}=`;
  sessions.set(sid, { user, parent });
  const path = plan.begins === "universal" ? "/frame/frameless/v4/auth" : "/frame/prompt";
  return new Response(null, {
    status: 302,
    headers: {
      location: `${path}?sid=${encodeURIComponent(sid)}`,
      "set-cookie": `_duo=${sid.length}; Path=/; HttpOnly${context.cookieAttributes}`,
    },
  });
}

function prompt({ plan, open, prompts }: Context, session: Session, form: URLSearchParams) {
  const device = plan.devices.find(({ id }) => id === form.get("device"));
  const factor = form.get("factor") ?? "";
  if (!device?.factors.includes(factor)) return fail("Unknown device or factor");
  if (!form.has("out_of_date")) return fail("out_of_date is missing");
  const passcode = form.get("passcode") ?? "";
  const at = plan.passcodes.indexOf(passcode);
  const isPasscode = factor === "Passcode";
  if (isPasscode && at >= 0) plan.passcodes.splice(at, 1);
  const txid = oktaToken();
  const right = isPasscode ? at >= 0 : undefined;
  open.set(txid, { session, polls: 0, right, granted: false });
  prompts.push(`${device.id} ${factor}`);
  return ok({ txid });
}

const FAILURES = {
  deny: { status_code: "deny", status: "Login request denied." },
  timeout: { status_code: "timeout", status: "Login timed out." },
};

function status({ plan, open }: Context, txid: string): Response {
  const prompt = open.get(txid);
  if (!prompt) return fail("Unknown transaction");
  prompt.polls += 1;
  if (prompt.right === false) {
    const text = "Incorrect passcode. Please try again.";
    return ok({ result: "FAILURE", status_code: "deny", status: text, reason: "Invalid passcode" });
  }
  if (prompt.right === undefined && prompt.polls <= plan.waits) {
    return ok({ status_code: "pushed", status: "Pushed a login request to your device..." });
  }
  if (prompt.right === undefined && plan.outcome !== "allow") {
    return ok({ result: "FAILURE", ...FAILURES[plan.outcome] });
  }
  prompt.granted = true;
  return ok({
    result: "SUCCESS",
    status_code: "allow",
    status: "Success. Logging you in...",
    result_url: `/frame/status/${txid}`,
  });
}

async function result({ open, keys }: Context, txid: string): Promise<Response> {
  const prompt = open.get(txid);
  if (!prompt?.granted) return fail("Not granted");
  open.delete(txid);
  const { user, parent } = prompt.session;
  const cookie = await signDuo(keys.skey, "AUTH", user, keys.ikey, Date.now());
  return ok({ cookie, parent });
}

async function answer(context: Context, request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (url.pathname === "/frame/web/v1/auth") return await begin(context, request, url);
  const isPage = request.method === "GET" && url.pathname === "/frame/prompt";
  const form = new URLSearchParams(isPage ? "" : await request.text());
  const sid = isPage ? url.searchParams.get("sid") : form.get("sid");
  const session = context.sessions.get(sid ?? "");
  if (!session || !request.headers.get("cookie")?.includes("_duo=")) return fail("No session");
  if (isPage) return promptPage(sid!, context.plan.devices);
  if (request.headers.get("x-requested-with") !== "XMLHttpRequest") return fail("Not the frame");
  if (url.pathname === "/frame/prompt") return prompt(context, session, form);
  if (url.pathname === "/frame/status") return status(context, form.get("txid") ?? "");
  const [, txid] = /^\/frame\/status\/([^/]+)$/.exec(url.pathname) ?? [];
  return txid === undefined ? new Response(null, { status: 404 }) : await result(context, txid);
}

/** `await using` stops it. Browsers need TLS: Duo's script opens the frame with https only. */
export function startDuo(plan?: Partial<DuoPlan>, tls?: TlsFiles): Duo {
  const context: Context = {
    cookieAttributes: tls ? "; Secure; SameSite=None; Partitioned" : "",
    plan: {
      devices: [
        {
          id: "phone1",
          label: "iOS (XXX-XXX-1234)",
          factors: ["Duo Push", "Phone Call", "Passcode"],
        },
        { id: "token", label: "Token (1234)", factors: ["Passcode"] },
      ],
      outcome: "allow",
      waits: 1,
      passcodes: ["123456"],
      begins: "redirect",
      ...plan,
    },
    keys: { ikey: "DIXXXXXXXXXXXXXXXXXX", skey: "s".repeat(40), akey: "a".repeat(40) },
    sessions: new Map(),
    open: new Map(),
    prompts: [],
  };
  const origin = listen(
    { port: 0, ...(tls ? { tls } : {}) },
    (request) => answer(context, request),
  );
  return {
    host: new URL(origin.url).host,
    keys: context.keys,
    plan: context.plan,
    prompts: context.prompts,
    [Symbol.asyncDispose]: () => origin.stop(),
  };
}
