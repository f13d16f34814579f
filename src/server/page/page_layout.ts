/** The frame of every page, and the small pages that only say something. @module */

import { html } from "hono/html";

/** Escaped HTML; what is put into a template is escaped. */
export type Html = ReturnType<typeof html>;

/** A whole page. */
export function layout(title: string, body: Html, script = false): Html {
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="stylesheet" href="/page.css">
    <link rel="icon" href="data:,">
    ${script ? html`<script src="/page.js" defer></script>` : ""}
      </head>
      <body>
    ${body}
      </body>
    </html>
  `;
}

/** A page with a heading and a few lines. */
export function notePage(title: string, ...lines: (string | Html)[]): Html {
  const paragraphs = lines.map((line) => html`<p>${line}</p>`);
  return layout(title, html`<main class="note"><h1>${title}</h1>${paragraphs}</main>`);
}

export function noSessionPage(): Html {
  return notePage(
    "Open this page from a terminal",
    html`Run <code>okta-aws serve --open</code>. It opens this page in your browser with a code that
      works once.`,
  );
}
