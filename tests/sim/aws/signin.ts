/**
 * The AWS sign-in host: the role page for an assertion, and `/federation`.
 */

import { html } from "../okta/pages.ts";
import { escapeHtml } from "../saml/page.ts";
import type { IssuedAssertion } from "../state.ts";
import { ASSERTION_LIFETIME_MS, findRole } from "./assume_role_with_saml.ts";
import type { AwsContext } from "./context.ts";
import { answerFederation } from "./federation.ts";

interface AccountRoles {
  /** `alias (123456789012)`, or the id alone. */
  label: string;
  roleArns: string[];
}

function rolesByAccount({ world }: AwsContext, { app }: IssuedAssertion): AccountRoles[] {
  const groups = new Map<string, AccountRoles>();
  for (const { roleArn } of app.grants) {
    const found = findRole(world.accounts, roleArn);
    if (!found) continue;
    const { id, alias } = found.account;
    const label = alias === undefined ? id : `${alias} (${id})`;
    const group = groups.get(id) ?? { label, roleArns: [] };
    group.roleArns.push(roleArn);
    groups.set(id, group);
  }
  return [...groups.values()];
}

function legacyRole(arn: string): string {
  const safe = escapeHtml(arn);
  const name = escapeHtml(arn.split("/").at(-1)!);
  return `
                <div class="saml-role" onClick="checkRadio(this);">
                    <input type="radio" name="roleIndex" value="${safe}" class="saml-radio" id="${safe}" />
                    <label for="${safe}" class="saml-role-description">${name}</label>
                    <span style="clear: both;"></span>
                </div>`;
}

function legacyAccount({ label, roleArns }: AccountRoles, index: number): string {
  return `
              <div  class="saml-account"> <div onClick="expandCollapse(${index});">
              <img id="image${index}" src="/static/image/down.png" valign="middle"></img>
              <div class="saml-account-name">Account: ${escapeHtml(label)}</div>
              </div>
              <hr style="border: 1px solid #ddd;">
              <div id="${index}" class="saml-account" >  ${roleArns.map(legacyRole).join("")}
                 </div></div>`;
}

function legacyPage(accounts: AccountRoles[], samlText: string, relayState: string): string {
  return `<!DOCTYPE html>
<html>
<body>
<div id="container">
  <h1 class="background">Amazon Web Services Login</h1>
  <div id="content">
  <div id="main_error"></div>
  <form id="saml_form" name="saml_form" action="/saml" method="post">
          <input type="hidden" name="RelayState" value="${escapeHtml(relayState)}" />
          <input type="hidden" name="SAMLResponse" value="${escapeHtml(samlText)}" />
          <input type="hidden" name="name" value="" />
          <p style="font-size: 16px; padding-left: 20px;">Select a role:</p>
          <fieldset>${accounts.map(legacyAccount).join("")}
          </fieldset>
          <br>
          <div class="buttoninput" id="input_signin_button">
              <a id="signin_button" class="css3button" href="#" alt="Continue" value="Continue">Sign In</a>
          </div>
  </form>
  <div class="textinput"><select id="languageSelector"><option value="en_US" selected>English</option></select></div>
  <script type="text/javascript">
    document.write('&copy; 1996-' + currentYear + ', Amazon Web Services, Inc. or its affiliates.');
  </script>
  </div>
</div>
</body>
</html>
`;
}

function nextPage(accounts: AccountRoles[], samlText: string, relayState: string): string {
  const data = {
    invalid_accounts: {},
    RelayState: relayState,
    name: null,
    roles_accounts: Object.fromEntries(accounts.map(({ label, roleArns }) => [label, roleArns])),
    foreign_accounts: {},
    region: "IAD",
    portal: null,
    problems: "{}",
    policy: null,
    SAMLResponse: samlText,
  };
  const content = new TextEncoder().encode(JSON.stringify(data)).toBase64();
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <meta name="csrf_token" content="1d6b6f0c">
  <meta name="session_id" content="cf1d42a8">
  <meta name="data"
    content="${content}">
  <meta name="panorama" content="IAD">
  <title>Amazon Web Services Sign-In</title>
</head>
<body><div id="root"><div id="__next"><main class="console-layout_layout__grid__dcaJ2"></main></div></div></body>
</html>
`;
}

function invalidAssertion(): Response {
  return html(
    `<!DOCTYPE html>\n<html><head><title>Amazon Web Services Sign-In</title></head><body><div id="content"><h1>Error</h1><p>Your request included an invalid SAML response. To logout, <a href="/oauth?Action=logout">click here</a>.</p></div></body></html>\n`,
    400,
  );
}

function answerSaml(context: AwsContext): Response {
  const { world, state, request } = context;
  const samlText = (request.form.get("SAMLResponse") ?? "").replace(/\s/g, "");
  const issued = state.assertions.get(samlText);
  const fresh = issued && world.clock.now() - issued.issuedAt <= ASSERTION_LIFETIME_MS;
  if (request.method !== "POST" || !issued || !fresh) return invalidAssertion();
  const accounts = rolesByAccount(context, issued);
  const count = accounts.reduce((sum, { roleArns }) => sum + roleArns.length, 0);
  if (count === 0) return invalidAssertion();
  const relayState = request.form.get("RelayState") ?? "";
  if (count === 1) {
    const location = relayState || "https://console.aws.amazon.com/console/home";
    const headers = new Headers({ location });
    headers.append("set-cookie", "aws-creds=eyJ2IjoyfQ; Path=/; Secure; HttpOnly");
    return new Response(null, { status: 302, headers });
  }
  const write = world.aws.signinLayout === "legacy" ? legacyPage : nextPage;
  return html(write(accounts, samlText, relayState));
}

export function answerSignin(context: AwsContext): Response {
  const { path } = context.request;
  if (path === "/saml" || path === "/static/saml") return answerSaml(context);
  if (path === "/federation") return answerFederation(context);
  return html("<html><body>Not Found</body></html>", 404);
}
