import type { PageShape } from "./shape.ts";

/** For HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(
    /"/g,
    "&quot;",
  ).replace(/'/g, "&#39;");
}

/** Okta's templates escape everything but letters, digits and a few other characters as `&#x2b;`. */
function hexEntities(text: string): string {
  return text.replace(
    /[^\w.,\-\s]/gu,
    (character) => `&#x${character.codePointAt(0)!.toString(16)};`,
  );
}

function input(name: string, value: string, shape: PageShape): string {
  return shape.attributes === "okta"
    ? `<input name="${name}" type="hidden" value="${value}"/>`
    : `<INPUT value='${value}' type=hidden name='${name}'>`;
}

export interface SamlForm {
  action: string;
  /** Base64. */
  samlResponse: string;
  /** `undefined` omits the input. */
  relayState: string | undefined;
}

function form(content: SamlForm, shape: PageShape): string {
  const escape = shape.entities === "hex" ? hexEntities : escapeHtml;
  const folded = shape.folded
    ? content.samlResponse.replace(/.{76}/g, "$&\r\n")
    : content.samlResponse;
  const relay = content.relayState === undefined
    ? ""
    : `\n    ${input("RelayState", escape(content.relayState), shape)}`;
  const open = shape.attributes === "okta"
    ? `<form id="appForm" action="${escape(content.action)}" method="POST">`
    : `<FORM method='post' action='${escape(content.action)}' id='appForm'>`;
  return `${open}\n    ${input("SAMLResponse", escape(folded), shape)}${relay}
    <noscript><p>Your browser does not support JavaScript.</p><input type="submit" value="Continue"/></noscript>
  </form>`;
}

export function samlPage(content: SamlForm, shape: PageShape): string {
  const others = shape.forms === "three";
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
  <meta name="robots" content="none">
  <title>Acme - Signing in...</title>
  <script>window.onload = function () { document.getElementById('appForm').submit(); };</script>
</head>
<body class="auth okta-container">
  ${others ? `<form id="form_a"><input name="a1" value="red"/></form>` : ""}
  ${form(content, shape)}
  ${
    others
      ? `<form action="/form_c" id="c"><input type="hidden" name="c1" value="now"/><input name="RelayState" type="hidden" value="not this one"/></form>`
      : ""
  }
  <div id="bodyContent"><p>Signing in to AWS</p></div>
</body>
</html>
`;
}
