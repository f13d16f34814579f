/** Okta's HTML pages other than the SAML form, with the markers that clients look for. */

import { escapeHtml } from "../saml/page.ts";
import type { StepUpStyle } from "../world.ts";

/** JavaScript string escapes as Okta writes them: `-` becomes `\x2D`. */
export function escapeJavaScript(text: string): string {
  return text.replace(
    /[^\w.]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

function page(title: string, head: string, body: string): string {
  return `<!DOCTYPE html>
<!--[if IE 7]><html lang="en" class="lt-ie10 lt-ie9 lt-ie8"><![endif]-->
<html lang="en">
<head>
  <meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
  <meta name="robots" content="noindex,nofollow" />
  <title>${escapeHtml(title)}</title>
  ${head}
</head>
<body class="auth okta-container">
${body}
</body>
</html>
`;
}

const WIDGET = `<div id="login-bg-image-id" class="login-bg-image tb--background"></div>
<div class="content"><div class="applogin-background"></div>
<div id="okta-login-container"></div>
<div id="okta-sign-in" class="auth-container main-container"><div id="signin-container"></div></div></div>`;

/** The sign-in page (`/login/login.htm`), which then leads to `from`. */
export function loginPage(origin: string, from: string): string {
  const script = `<script type="text/javascript">var baseUrl = '${
    escapeJavaScript(origin)
  }';\nvar fromUri = '${escapeJavaScript(from)}';\nvar repost = false;</script>`;
  return page(
    "Acme - Sign In",
    script,
    `${WIDGET}\n<form id="form" action="/login/login.htm" method="POST"><input type="hidden" name="fromURI" value="${
      escapeHtml(from)
    }"/><noscript><p id="noscript-msg">Javascript is required</p></noscript></form>`,
  );
}

/** The form that carries a stateToken without a script. */
function stepUpForm(stateToken: string, style: "input" | "action"): string {
  const action = "/login/second-factor";
  const text = escapeHtml(stateToken);
  return style === "action"
    ? `<form action="${action}?fromLogin=true&amp;stateToken=${text}" method="POST"></form>`
    : `<form action="${action}" method="POST"><input type="hidden" name="stateToken" value="${text}"/></form>`;
}

/** The page of a step-up or of a whole sign-in. */
export function stepUpPage(
  stateToken: string,
  style: Exclude<StepUpStyle, "redirect">,
  title = "Acme - Extra Verification",
): string {
  if (style === "input" || style === "action") {
    return page(title, "", WIDGET + stepUpForm(stateToken, style));
  }
  const hexadecimal = escapeJavaScript(stateToken);
  const escaped = style === "unicode" ? hexadecimal.replaceAll("\\x", "\\u00") : hexadecimal;
  const head = style !== "json"
    ? `<script type="text/javascript">\nvar language = 'en';\nvar stateToken = '${escaped}';\nvar authnFailureCode = '';\n</script>`
    : `<script type="text/javascript">var oktaData = {"redirectUri":"https\\x3A\\x2F\\x2Facme","signIn":{"stateToken":"${escaped}","helpLinks":{"help":""}}};</script>`;
  return page(title, head, WIDGET);
}

export function notAssignedPage(): string {
  return errorPage(
    "User is not assigned to this application",
    "User is not assigned to this application. If you’re wondering why this is happening, please contact your administrator.",
  );
}

export function errorPage(title: string, text: string): string {
  return page(
    `Acme - ${title}`,
    "",
    `<div class="content"><div class="error-content"><h1>${escapeHtml(title)}</h1>
  <p>${escapeHtml(text)}</p><p><a href="/" class="icon-16">Go to Homepage</a></p></div></div>`,
  );
}

export function html(text: string, status = 200, headers: HeadersInit = {}): Response {
  const all = new Headers(headers);
  all.set("content-type", "text/html;charset=utf-8");
  return new Response(text, { status, headers: all });
}
