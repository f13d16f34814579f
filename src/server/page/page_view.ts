/** The page as HTML. @module */

import { html } from "hono/html";
import { type Html, layout } from "./page_layout.ts";
import { labelOf, type PageAccount, type PageRole } from "./page_model.ts";
import type { PageQuestion } from "./page_questions.ts";

export interface PageView {
  accounts: readonly PageAccount[];
  question: PageQuestion | undefined;
  number: string | undefined;
  messages: readonly string[];
  /** Accounts and roles that are being worked on. */
  busy: ReadonlySet<string>;
  /** The value that forms carry. */
  form: string;
  now: number;
}

const SERVICES =
  ("billing cloudformation cloudtrail cloudwatch codebuild codepipeline cost dynamodb ec2 ecr ecs " +
    "eks elasticache iam kms lambda logs rds route53 s3 secretsmanager sns sqs ssm vpc").split(" ");

const REGIONS = ("af-south-1 ap-east-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 " +
  "ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 " +
  "eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 sa-east-1 us-east-1 us-east-2 " +
  "us-west-1 us-west-2 us-gov-west-1 us-gov-east-1 cn-north-1 cn-northwest-1").split(" ");

export function pageView(view: PageView): Html {
  const count = view.accounts.reduce((sum, { roles }) => sum + roles.length, 0);
  const options = (names: readonly string[]) => names.map((name) => html`<option value="${name}">`);
  return layout(
    "AWS roles",
    html`
      <header>
        <h1>AWS roles</h1>
        <div class="tools">
      <label class="search">Search <input id="search" type="search" autocomplete="off"
        placeholder="account, number or role" aria-keyshortcuts="/"></label>
      <span id="count" role="status" data-total="${count}">${countOf(count)}</span>
      ${button(view, "/renew", { all: "1" }, "Renew all")}
        </div>
      </header>
      <p id="notice" role="status"></p>
      <main id="live">${liveView(view)}</main>
      <datalist id="services">${options(SERVICES)}</datalist>
      <datalist id="regions">${options(REGIONS)}</datalist>
    `,
    true,
  );
}

/** What changes without a click. */
export function liveView(view: PageView): Html {
  const { question, number, messages, accounts } = view;
  return html`
    <section class="news" data-key="news" aria-label="Messages">
      <div data-part="${question?.id ?? "none"}">${question
        ? questionView(view, question)
        : ""}</div>
      <div data-part="news" role="status">
    ${number === undefined
      ? ""
      : html`<p class="number"><span>Tap this number</span> ${number}</p>`}
    ${messages.length === 0
      ? ""
      : html`<ul>${messages.map((line) => html`<li>${linked(line)}</li>`)}</ul>`}
      </div>
    </section>
    ${accounts.length === 0
      ? html`<p>No account is set up. Run <code>okta-aws init</code>.</p>`
      : ""}
    ${accounts.map((account) => accountView(view, account))}
  `;
}

function countOf(count: number): string {
  return count === 1 ? "1 role" : `${count} roles`;
}

/** Only what Okta and AWS send people to: an address of its own. */
function linked(line: string): Html {
  const [, before, url, after] = /^(.*?)(https:\/\/[^\s<>"']+)(.*)$/.exec(line) ?? [];
  if (url === undefined) return html`${line}`;
  return html`
    ${before}<a href="${url}" target="_blank"
      rel="noopener noreferrer">${url}</a>${after}
  `;
}

function questionView({ form }: PageView, { id, text, kind, choices }: PageQuestion): Html {
  const fields = html`<input type="hidden" name="form" value="${form}">
<input type="hidden" name="id" value="${id}">`;
  if (kind === "choice") {
    const buttons = choices.map((name, index) =>
      html`<button name="value" value="${index}">${name}</button>`
    );
    return html`<form class="question" method="post" action="/answer">${fields}
<fieldset><legend>${text}</legend><div class="choices">${buttons}</div></fieldset></form>`;
  }
  return html`<form class="question" method="post" action="/answer">${fields}
<label>${text} <input class="code" name="value" autocomplete="one-time-code"
  autocapitalize="off" spellcheck="false"></label>
<button>Answer</button></form>`;
}

function accountView(view: PageView, account: PageAccount): Html {
  const { name, description, signedInAt, roles } = account;
  const id = `account-${name}`;
  const signedIn = signedInAt === undefined
    ? "no session kept"
    : html`signed in <time data-since="${signedInAt}" datetime="${iso(signedInAt)}">${
      iso(signedInAt)
    }</time>`;
  return html`
    <section class="account" aria-labelledby="${id}" data-key="account ${name}">
    <div class="head">
    <h2 id="${id}">${name}</h2>
    <p data-part="state">${description}: ${signedIn}</p>
    ${button(
      view,
      "/signin",
      { account: name },
      "Sign in",
      `to ${name} and update its roles`,
    )}
    ${button(view, "/signout", { account: name }, "Sign out", `of ${name}`)}
    </div>
    ${roles.length === 0 ? html`<p>No roles known yet. Choose Sign in.</p>` : ""}
    <ul class="roles">${roles.map((role) => roleView(view, account, role))}</ul>
    </section>
  `;
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}

function roleView(view: PageView, { name: account }: PageAccount, one: PageRole): Html {
  const { role, name, region, expiration } = one;
  const label = labelOf(one);
  const fields = { account, roleArn: role.roleArn };
  const command = `okta-aws exec ${quoted(name)} -- `;
  const snippet = `[profile ${name.replace(/^.*:role\//, "")}]\n` +
    `credential_process = okta-aws cred-process ${quoted(name)}\n` +
    (region === undefined ? "" : `region = ${region}\n`);
  const isBusy = view.busy.has(role.roleArn) || view.busy.has("all");
  return html`
    <li class="role" data-key="${account} ${role.roleArn}" data-search="${[
      label,
      role.accountId,
      role.profile ?? "",
      region ?? "",
      account,
    ].join(" ").toLowerCase()}">
      <h3>${label}</h3>
      <p class="facts"><span>${role.accountId}</span> <span>${role.roleName}</span>
    <span>${region ?? "no region"}</span></p>
      <p class="state" data-part="state">${isBusy ? "renewing…" : validity(expiration)}</p>
      <div class="actions">
    <form method="post" action="/console" target="_blank" rel="noopener">
    ${hidden({ form: view.form, ...fields })}
    <button class="main" aria-label="Console of ${label}, in a new tab">Console</button>
    <details><summary aria-label="Choose page of the console for ${label}">Choose page</summary>
    <label>Service <input name="service" list="services" autocomplete="off"></label>
    <label>Region <input name="region" list="regions" autocomplete="off" placeholder="${region ??
      ""}"></label>
    </details>
    </form>
    ${copy(name, "Copy name", `profile's name of ${label}`)}
    ${copy(command, "Copy exec", `exec command of ${label}`)}
    ${copy(snippet, "Copy profile", `AWS config section of ${label}`)}
    ${button(view, "/renew", fields, "Renew", label)}
      </div>
    </li>
  `;
}

function validity(expiration: number | undefined): Html {
  if (expiration === undefined) return html`no credentials yet`;
  return html`valid until <time data-until="${expiration}" datetime="${iso(expiration)}">${
    iso(expiration)
  }</time>`;
}

/** Quotes only if a shell needs it. */
function quoted(name: string): string {
  return /^[\w@%+=:,./-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}

function hidden(fields: Record<string, string>): Html[] {
  return Object.entries(fields).map(([name, value]) =>
    html`<input type="hidden" name="${name}" value="${value}">`
  );
}

function button(
  { form }: PageView,
  action: string,
  fields: Record<string, string>,
  label: string,
  more = "",
): Html {
  return html`<form method="post" action="${action}">${hidden({ form, ...fields })}
<button aria-label="${`${label} ${more}`.trim()}">${label}</button></form>`;
}

function copy(text: string, label: string, more: string): Html {
  return html`
    <button type="button" data-copy="${text}"
      aria-label="${label}: ${more}">${label}</button>
  `;
}
