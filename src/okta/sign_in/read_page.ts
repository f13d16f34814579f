/** What a page of the org is; loaded while the page is awaited. @module */

import type { HttpResponse } from "../../ports.ts";
import { type ClassifiedPage, classifyPage, stateTokenFromUrl } from "../../saml/html_page.ts";
import { failureOf } from "./page_errors.ts";

export { stateTokenFromUrl };

/** A session may be there all the same: what the server failed at is reported once it is kept. */
export function readPage(response: HttpResponse): ClassifiedPage {
  const page = classifyPage(response.body, response.status);
  const failure = page.kind === "error_page" ? failureOf(response) : undefined;
  return page.kind === "error_page" && failure !== undefined ? { ...page, failure } : page;
}
