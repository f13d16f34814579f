/**
 * Opens a page of the org as a browser would, and tells what it is.
 *
 * @module
 */

import type { ClassifiedPage, IntermediateForm } from "../../saml/html_page.ts";
import type { OktaClient } from "../client/client.ts";
import type { OktaAccount } from "./okta_account.ts";

export interface OpenedPage {
  page: ClassifiedPage;
  /** Its address, after all redirects. */
  url: URL;
}

/** How many forms that submit themselves may follow one another. */
const FORMS = 4;

/**
 * Opens a page. Forms that a browser would submit automatically are submitted, within the org. A
 * redirect
 * to a step-up carries the stateToken even if the page it leads to does not.
 *
 * @param options `arrives`: the address itself carries a stateToken, and uses it up. `isClassic`: the
 * sign-in page that we are sent to says nothing more, and is not fetched.
 * @throws {SignInError} `left_org`, `too_many_redirects`
 */
export async function openPage(
  { session: { client } }: Pick<OktaAccount, "session">,
  address: string,
  { arrives = false, isClassic = false } = {},
): Promise<OpenedPage> {
  const stopAt = (next: URL) => isClassic && isSignInPage(next, client);
  // What reads the page is loaded while it is awaited.
  let [{ response, url }, { readPage, stateTokenFromUrl }] = await Promise.all([
    client.page(address, undefined, stopAt),
    import("./read_page.ts"),
    import("./rehearsal.ts").then(({ rehearse }) => rehearse()),
  ]);
  if (isClassic && isSignInPage(url, client)) return { url, page: { kind: "sign_in_page" } };
  let page = readPage(response);
  for (let forms = 0; isIntermediate(page) && forms < FORMS; forms++) {
    ({ response, url } = await submit(client, page.form, url));
    page = readPage(response);
  }
  const hasNone = page.kind === "unknown" || page.kind === "sign_in_page";
  const stateToken = hasNone && !arrives ? stateTokenFromUrl(url.href) : undefined;
  return { url, page: stateToken === undefined ? page : { kind: "step_up", stateToken } };
}

/** Where Classic sends a browser that has no session. */
function isSignInPage(url: URL, { org }: OktaClient): boolean {
  return url.origin === org && url.pathname === "/login/login.htm" &&
    !url.searchParams.get("stateToken");
}

function isIntermediate(
  page: ClassifiedPage,
): page is Extract<ClassifiedPage, { form: IntermediateForm }> {
  return page.kind === "relay_form" || page.kind === "saml_request_form";
}

/** The client refuses an address outside the org, before anything is sent. */
function submit(
  client: OktaClient,
  { action, method, fields }: IntermediateForm,
  from: URL,
): ReturnType<OktaClient["page"]> {
  const url = new URL(action, from);
  const values = new URLSearchParams();
  for (const [name, value] of fields) values.set(name, value.reveal());
  if (method === "POST") return client.page(url.href, values);
  url.search = values.toString();
  return client.page(url.href);
}
