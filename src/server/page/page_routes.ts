/**
 * The routes of the page and of awslogin's links. All need the cookie; what changes something or
 * opens a console needs the form's value besides.
 *
 * @module
 */

import type { Context } from "hono";
import { html } from "hono/html";
import type { AppContext } from "../../app/context.ts";
import { consoleUrl } from "../../aws/console/console_url.ts";
import { requestForRole } from "../../credentials/credential_request.ts";
import { obtainCredentials } from "../../credentials/obtain_credentials.ts";
import { noteRecentRole } from "../../roles/recent_roles.ts";
import type { KnownRole } from "../../roles/role_match.ts";
import type { Secret } from "../../secret.ts";
import { errorAnswer } from "../answers.ts";
import { type AwsLogin, awsLogin, parseAwsLogin } from "../awslogin.ts";
import type { Obtain } from "../credential_service.ts";
import { isOwnOrigin, readForm } from "../request_rules.ts";
import { isEqual } from "../secret_text.ts";
import type { Bindings, HasToken, ServerApp } from "../server_app.ts";
import { freshContext } from "../server_context.ts";
import { redeemCode } from "../server_files.ts";
import { eventStream } from "./page_events.ts";
import { type Html, noSessionPage, notePage } from "./page_layout.ts";
import { findRole, readPage } from "./page_model.ts";
import { pageQuestions } from "./page_questions.ts";
import { PAGE_SCRIPT } from "./page_script.ts";
import { formValue, newCookie, sessionOf } from "./page_session.ts";
import { PAGE_STYLE } from "./page_style.ts";
import { pageTasks } from "./page_tasks.ts";
import { liveView, type PageView, pageView } from "./page_view.ts";

export interface PageParts {
  context: AppContext;
  pageKey: Secret;
  hasToken: HasToken;
  obtain: Obtain;
  /** Called when something has changed that the page shows. */
  listeners: Set<() => void>;
}

type PageContext = Context<{ Bindings: Bindings }>;

/** @returns Tells the person at the page something. */
export function addPage(app: ServerApp, parts: PageParts): (line: string) => void {
  const { context: server, pageKey, listeners } = parts;
  const { clock } = server.ports;
  const onChange = () => listeners.forEach((listener) => listener());
  const questions = pageQuestions(onChange);
  const tasks = pageTasks(server, questions, onChange);

  const session = ({ req }: PageContext) =>
    sessionOf(pageKey, req.header("cookie") ?? null, clock.now());

  const view = async (form: string): Promise<PageView> => ({
    accounts: await readPage(await freshContext(server)),
    question: questions.current(),
    number: questions.number(),
    messages: questions.messages(),
    busy: tasks.busy,
    form,
    now: clock.now(),
  });

  /** A handler that only a person's own browser reaches, with the value for its forms. */
  const forSession =
    (answer: (context: PageContext, form: string) => Promise<Response> | Response) =>
    async (context: PageContext): Promise<Response> => {
      const moved = onOneHost(context);
      if (moved !== undefined) return moved;
      const own = await session(context);
      const isOwn = isOwnOrigin(context.req.raw, context.env.port);
      if (own === undefined || !isOwn) return context.html(await noSessionPage(), 403);
      return await answer(context, await formValue(pageKey, own));
    };

  /** A form of the page, sent by the page. */
  const post = (
    path: string,
    answer: (context: PageContext, fields: URLSearchParams) => Promise<Response>,
  ) =>
    app.post(
      path,
      forSession(async (context, form) => {
        const fields = await readForm(context.req.raw);
        if (!await isEqual(fields.get("form") ?? "", form)) {
          return context.html(await notePage("Reload the page", "The form is out of date."), 403);
        }
        return await answer(context, fields);
      }),
    );

  const roleOf = async (context: AppContext, fields: URLSearchParams) =>
    await findRole(context, fields.get("account") ?? "", fields.get("roleArn") ?? "");

  const back = (context: PageContext) => context.redirect("/", 303);
  const nothing = (context: PageContext) => context.notFound();

  app.get("/", async (context) => {
    const moved = onOneHost(context);
    if (moved !== undefined) return moved;
    const code = context.req.query("code");
    if (code !== undefined && await redeemCode(server, code)) {
      context.header("Set-Cookie", await newCookie(pageKey, clock.now()));
      return context.redirect("/", 303);
    }
    return await forSession(async (_, form) => context.html(await pageView(await view(form))))(
      context,
    );
  });
  app.get(
    "/live",
    forSession(async (context, form) => context.html(await liveView(await view(form)))),
  );
  app.get("/events", forSession((context) => eventStream(context.req.raw.signal, listeners)));
  app.get("/page.css", (context) => context.body(PAGE_STYLE, 200, { "Content-Type": "text/css" }));
  app.get(
    "/page.js",
    (context) => context.body(PAGE_SCRIPT, 200, { "Content-Type": "text/javascript" }),
  );

  post("/answer", (context, fields) => {
    const fits = questions.answer(fields.get("id") ?? "", fields.get("value") ?? "");
    return Promise.resolve(fits ? back(context) : nothing(context));
  });
  for (const [path, start] of [["/signin", tasks.signIn], ["/signout", tasks.signOut]] as const) {
    post(path, (context, fields) => {
      const account = fields.get("account") ?? "";
      if (!server.settings.accounts.has(account)) return Promise.resolve(nothing(context));
      start(account);
      return Promise.resolve(back(context));
    });
  }
  post("/renew", async (context, fields) => {
    if (fields.has("all")) tasks.renewAll();
    else {
      const role = await roleOf(server, fields);
      if (role === undefined) return await nothing(context);
      tasks.renew(role);
    }
    return back(context);
  });
  post("/console", async (context, fields) => {
    const quiet = await freshContext(server);
    const role = await roleOf(quiet, fields);
    if (role === undefined) return await nothing(context);
    try {
      const url = await consoleOf(quiet, role, fields);
      onChange();
      return context.redirect(url.reveal(), 303);
    } catch (error) {
      return await failurePage(context, error);
    }
  });
  app.get("/awslogin", (context) => answerAwsLogin(context, parts, session));
  return questions.say;
}

/** Page and links live on one host name, so that there is one cookie. */
function onOneHost(context: PageContext): Response | undefined {
  if (context.env.entrance === "socket") return undefined;
  const { hostname, pathname, search, port } = new URL(context.req.url);
  if (hostname === "localhost") return undefined;
  return context.redirect(`http://localhost:${port}${pathname}${search}`, 307);
}

async function consoleOf(
  context: AppContext,
  role: KnownRole,
  fields: URLSearchParams,
): Promise<Secret> {
  const request = await requestForRole(context, role, {});
  const { credentials } = await obtainCredentials(context, request);
  const { roleArn, profile = roleArn } = role;
  await noteRecentRole(context, { roleArn, profile, typed: undefined });
  const service = fields.get("service")?.trim() || undefined;
  const region = fields.get("region")?.trim() || undefined;
  return await consoleUrl(context, { request, credentials }, { service, region });
}

async function failurePage(context: PageContext, error: unknown): Promise<Response> {
  const { status, body } = errorAnswer(error);
  const advice = status === 503
    ? html`<a href="/">Go to the page of roles</a>, choose Sign in there, then try again.`
    : body.hint ?? "";
  return context.html(await notePage("This did not work", body.message, advice), status);
}

async function answerAwsLogin(
  context: PageContext,
  { context: server, hasToken, obtain }: PageParts,
  session: (context: PageContext) => Promise<string | undefined>,
): Promise<Response> {
  const query = new URL(context.req.url).searchParams;
  const isText = query.get("format") === "txt";
  const isOwn = isOwnOrigin(context.req.raw, context.env.port);
  if (!isOwn || !isText || !await hasToken(context)) {
    const moved = onOneHost(context);
    if (moved !== undefined) return moved;
    if (!isOwn) return context.html(await askPage(query), 200);
    if (await session(context) === undefined) return context.html(await noSessionPage(), 403);
  }
  try {
    const login: AwsLogin = parseAwsLogin(query);
    const { url, notes } = await awsLogin(await freshContext(server), login, obtain);
    for (const note of notes) {
      server.ports.output.notice(`awslogin: ${note}\n`);
      context.header("X-Okta-Aws-Note", note, { append: true });
    }
    return login.isText ? context.text(`${url.reveal()}\n`) : context.redirect(url.reveal(), 302);
  } catch (error) {
    if (!isText) return await failurePage(context, error);
    const { status, body } = errorAnswer(error);
    return context.text(`${body.message}\n`, status);
  }
}

/** Another site's link must not open a console without the person's doing. */
function askPage(query: URLSearchParams): Html {
  const profile = query.get("baseProfile") ?? query.get("profile") ?? "";
  const role = query.get("roleArn") ?? "";
  return notePage(
    "Open the AWS console?",
    html`Another page wants to open the AWS console as <code>${role || profile}</code>.`,
    html`<a href="/awslogin?${query.toString()}" rel="noreferrer">Open the console</a>`,
  );
}
