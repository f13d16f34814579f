/** Device codes: issue, approve or deny, poll. */

import { oktaNow } from "../../clock.ts";
import { escapeHtml } from "../../saml/page.ts";
import type { OktaContext } from "../context.ts";
import { errorPage, html } from "../pages.ts";
import type { DeviceCode, SimOidc } from "./oidc_world.ts";
import { oauthError } from "../errors.ts";
import { issueTokens } from "./tokens.ts";

const CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ";

function userCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => CONSONANTS[byte % CONSONANTS.length]).join("");
}

/** `POST /oauth2/v1/device/authorize`. */
export function authorizeDevice({ world, state, request, origin }: OktaContext): Response {
  const { oidc, clock } = world;
  if (request.method !== "POST") return oauthError("invalid_request", "POST is expected.", 405);
  if (request.form.get("client_id") !== oidc?.clientId) {
    return oauthError("invalid_client", "Invalid value for 'client_id' parameter.", 401);
  }
  if (!oidc.grants.includes("device")) {
    return oauthError(
      "unauthorized_client",
      "The client is not authorized to use the provided grant type. Configured grant types: [authorization_code].",
    );
  }
  const scope = (request.form.get("scope") ?? "").split(" ");
  if (oidc.refusesOtherScopes && scope.some((one) => !oidc.scopes.includes(one))) {
    return oauthError("invalid_scope", "One or more scopes are not configured for the client.");
  }
  const now = oktaNow(clock);
  const code: DeviceCode = {
    deviceCode: crypto.randomUUID(),
    userCode: userCode(),
    scope: scope.filter((one) => oidc.scopes.includes(one)),
    expiresAt: now + oidc.expiresIn * 1000,
    lastPoll: now,
    interval: oidc.interval ?? 5,
    polls: 0,
    verdict: undefined,
  };
  state.oidc.codes.set(code.deviceCode, code);
  return Response.json({
    device_code: code.deviceCode,
    user_code: code.userCode,
    verification_uri: `${origin}/activate`,
    verification_uri_complete: `${origin}/activate?user_code=${code.userCode}`,
    expires_in: oidc.expiresIn,
    ...(oidc.interval === undefined ? {} : { interval: oidc.interval }),
  });
}

/** The user acts as `world.oidc.person` says, after enough polls. */
function actAsPlanned({ person }: SimOidc, code: DeviceCode): void {
  if (person.does === "wait" || code.polls < person.atPoll) return;
  code.verdict ??= person.does === "approve" ? "approved" : "denied";
}

/** `POST /oauth2/v1/token` with a device code. */
export function pollDevice(context: OktaContext, oidc: SimOidc): Response {
  const { world, state, request } = context;
  const code = state.oidc.codes.get(request.form.get("device_code") ?? "");
  if (code === undefined) {
    return oauthError("invalid_grant", "The device code is invalid or has expired.");
  }
  const now = oktaNow(world.clock);
  if (now >= code.expiresAt) return oauthError("expired_token", "The device code has expired.");
  const tooSoon = now - code.lastPoll < code.interval * 1000 - 200;
  code.lastPoll = now;
  if (tooSoon || oidc.slowDowns > 0) {
    oidc.slowDowns = Math.max(0, oidc.slowDowns - 1);
    code.interval += 5;
    return oauthError(
      "slow_down",
      "Slow down the polling frequency. You have exceeded the permitted polling rate.",
    );
  }
  code.polls += 1;
  actAsPlanned(oidc, code);
  if (code.verdict === undefined) {
    return oauthError(
      "authorization_pending",
      "The device authorization is pending. Please try again later.",
    );
  }
  state.oidc.codes.delete(code.deviceCode);
  if (code.verdict === "denied") {
    return oauthError("access_denied", "The resource owner denied the request.");
  }
  return issueTokens(context, code.scope);
}

/** `GET /activate?user_code=` shows the code; `POST` approves it. */
export function activate({ state, request }: OktaContext): Response {
  const given = request.method === "POST" ? request.form : request.query;
  const code = [...state.oidc.codes.values()].find((one) =>
    one.userCode === given.get("user_code")
  );
  if (code === undefined) return html(errorPage("Activate", "Invalid code. Try again."), 404);
  if (request.method === "POST") code.verdict = "approved";
  const words = code.verdict === "approved" ? "Device activated" : `Code ${code.userCode}`;
  return html(`<!DOCTYPE html><title>${escapeHtml(words)}</title>
<form method="POST"><input name="user_code" value="${escapeHtml(code.userCode)}">
<button>Next</button></form>`);
}
