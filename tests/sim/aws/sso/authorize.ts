/** The pages that a user sees in the browser. */

import { awsId } from "../../random_text.ts";
import { escapeHtml } from "../../saml/page.ts";
import type { AwsContext } from "../context.ts";

function page(title: string, status = 200): Response {
  const body = `<!DOCTYPE html><title>${escapeHtml(title)}</title><h1>${escapeHtml(title)}</h1>`;
  return new Response(body, { status, headers: { "content-type": "text/html" } });
}

/** A registered redirect may have any port (RFC 8252, section 7.3). */
function isRegistered(given: string, registered: readonly string[]): boolean {
  const url = URL.parse(given);
  if (url?.protocol !== "http:" || url.hostname !== "127.0.0.1") return false;
  url.port = "";
  return registered.includes(url.href);
}

/** `GET /authorize`: signs the user in and redirects back, as `world.sso.person` says. */
export function authorize({ world, state, request: { query } }: AwsContext): Response {
  const clientId = query.get("client_id") ?? "";
  const client = state.sso.clients.get(clientId);
  const redirectUri = query.get("redirect_uri") ?? "";
  const challenge = query.get("code_challenge") ?? "";
  const isRight = client !== undefined && isRegistered(redirectUri, client.redirectUris) &&
    query.get("response_type") === "code" && query.get("code_challenge_method") === "S256" &&
    challenge !== "" && query.get("scopes") === "sso:account:access";
  if (!isRight) return page("Invalid request", 400);
  const location = new URL(redirectUri);
  location.searchParams.set("state", query.get("state") ?? "");
  if (world.sso!.person.does === "wait") return page("Sign in");
  if (world.sso!.person.does === "deny") {
    location.searchParams.set("error", "access_denied");
    location.searchParams.set("error_description", "The user denied the request");
  } else {
    const code = `code-${awsId("")}`;
    state.sso.authorizationCodes.set(code, { clientId, redirectUri, challenge });
    location.searchParams.set("code", code);
  }
  return new Response(null, { status: 302, headers: { location: location.href } });
}

/** `GET /start`: the portal, where a device code is approved. */
export function startPage({ state, request: { query } }: AwsContext): Response {
  const code = [...state.sso.codes.values()].find((one) => one.userCode === query.get("user_code"));
  if (code !== undefined) code.verdict = "approved";
  return page(code === undefined ? "AWS access portal" : "Request approved");
}
