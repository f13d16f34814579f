/** Okta's real Sign-In Widget in the sign-in pages, as Okta's own pages start it. */

import type { OktaContext } from "./context.ts";

/** Where Okta's pages load the widget from, on oktacdn.com. */
export const WIDGET_FOLDER = "/assets/js/sdk/okta-signin-widget/7.49.0/";

const TYPES: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  gif: "image/gif",
  woff: "font/woff",
  woff2: "font/woff2",
};

/** The container in the pages of `pages.ts`. */
const CONTAINER = `<div id="signin-container">`;

/**
 * Reads the stateToken wherever a page may have it, and starts the widget. A Classic page without
 * one starts with user name and password.
 */
const START = `
  var carrier = document.querySelector("input[name=stateToken], form[action*=stateToken]");
  var token = window.stateToken || (window.oktaData && oktaData.signIn.stateToken) ||
    (carrier && (carrier.value || new URL(carrier.action).searchParams.get("stateToken")));
  var config = {
    baseUrl: location.origin,
    logo: "",
    language: "en",
    useClassicEngine: USE_CLASSIC_ENGINE,
    features: {
      webauthn: true,
      multiOptionalFactorEnroll: true,
      selfServiceUnlock: CAN_RECOVER,
      smsRecovery: true,
      callRecovery: true,
    },
  };
  if (token) config.stateToken = token;
  // The link in the e-mail about a forgotten password.
  var recovery = /^\\/signin\\/reset-password\\/(.+)/.exec(location.pathname);
  if (recovery) config.recoveryToken = recovery[1];
  new OktaSignIn(config).renderEl({ el: "#signin-container" }, function (result) {
    if (result.status !== "SUCCESS") return;
    if (result.type === "SESSION_STEP_UP") return result.stepUp.finish();
    result.session.setCookieAndRedirect(new URL(window.fromUri || "/app/UserHome", location.origin).href);
  }, function (error) {
    document.title = "Widget: " + error.message;
  });
`;

/** A file of the widget's package, if the request is for one. */
export async function widgetFile({ widget, request }: OktaContext): Promise<Response | undefined> {
  if (widget?.protocol !== "file:" || !request.path.startsWith(WIDGET_FOLDER)) return undefined;
  const url = new URL(request.path.slice(WIDGET_FOLDER.length), widget);
  const type = TYPES[url.pathname.split(".").at(-1)!] ?? "application/octet-stream";
  try {
    const { readable } = await Deno.open(url);
    const headers = {
      "content-type": type,
      "cache-control": "public, max-age=31536000, immutable",
      "access-control-allow-origin": "*",
    };
    return new Response(readable, { headers });
  } catch {
    return new Response(null, { status: 404 });
  }
}

/** Adds the widget to a sign-in page; other responses stay as they are. */
export async function withWidget(context: OktaContext, response: Response): Promise<Response> {
  if (!context.widget || !response.headers.get("content-type")?.startsWith("text/html")) {
    return response;
  }
  const text = await response.text();
  const folder = context.widget.protocol === "file:" ? WIDGET_FOLDER : context.widget.href;
  const isIdx = context.world.org.pipeline === "idx";
  const engine = isIdx ? "oie" : "classic";
  const canRecover = context.world.users.some(({ recovery }) => recovery !== undefined);
  const page = text.includes(CONTAINER)
    ? text
      .replace(
        "</head>",
        `<link rel="stylesheet" href="${folder}css/okta-sign-in.min.css">\n</head>`,
      )
      .replace(
        "</body>",
        () =>
          `<script src="${folder}js/okta-sign-in.${engine}.min.js"></script>\n` +
          `<script>${
            START.replace("USE_CLASSIC_ENGINE", String(!isIdx))
              .replace("CAN_RECOVER", String(canRecover))
          }</script>\n</body>`,
      )
    : text;
  // As if the org were in the Internet: Chrome then asks before its pages reach Okta Verify.
  const { oktaVerify } = context.world.idx;
  if (oktaVerify) response.headers.set("content-security-policy", "treat-as-public-address");
  return new Response(page, { status: response.status, headers: response.headers });
}
