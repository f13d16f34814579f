/**
 * Account aliases from AWS's own sign-in page: the only place that shows them to somebody
 * who has an assertion and no permission yet. The page is not an interface, so this is best effort:
 * what can't be read is skipped, and no page makes this throw.
 *
 * @module
 */

import { readHtml } from "../html_tokens.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import type { Secret } from "../secret.ts";
import { isAccountAlias, isAccountId } from "./arn.ts";
import type { GetVariable } from "./endpoint_variables.ts";
import { signInFormUrl } from "./endpoints.ts";

/** Nobody waits longer for a name. */
const TIMEOUT_MILLISECONDS = 5_000;
/** The page repeats the assertion and lists every role. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** The form of Okta's page that carries the assertion. */
export interface AliasesInput {
  /** The form's address, absolute. */
  action: string;
  /** The SAMLResponse, base64. */
  samlResponse: Secret;
  /** The form's RelayState, often empty. */
  relayState: string;
  /** The environment, for `OKTA_AWS_SIGNIN_ENDPOINT`. */
  get: GetVariable;
}

/**
 * Builds the request for the page on which a person would choose a role. With a single role in
 * the assertion AWS would show no such page but sign in to the console: don't send it then.
 *
 * @returns `undefined` if the form leads anywhere but to AWS's sign-in service.
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint` for the environment's endpoint.
 */
export function aliasesRequest(input: AliasesInput): HttpRequest | undefined {
  const url = signInFormUrl(input.action, input.get);
  if (url === undefined) return undefined;
  const form = new URLSearchParams({
    SAMLResponse: input.samlResponse.reveal(),
    RelayState: input.relayState,
  });
  return {
    method: "POST",
    url: url.href,
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      "Accept": "text/html,application/xhtml+xml",
    },
    body: form.toString(),
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    maxBodyBytes: PAGE_BYTES,
  };
}

/** The keys of the newer page's data: `alias (123456789012)`, or the id alone. */
function dataLabels(content: string): string[] {
  try {
    const json = new TextDecoder().decode(Uint8Array.fromBase64(content.replace(/\s+/g, "")));
    const data = JSON.parse(json) as { roles_accounts?: object | null } | null;
    return Object.keys(data?.roles_accounts ?? {});
  } catch {
    return [];
  }
}

/** The text of one element, up to the end tag that matches it. */
interface OpenLabel {
  tagName: string;
  /** Elements of its name that are open. */
  open: number;
  text: string;
}

/** An alias has at most 63 characters; the text around it is short. */
const LABEL_CHARACTERS = 1_000;

function labelsOf(page: string): string[] {
  const labels: string[] = [];
  let label: OpenLabel | undefined;
  readHtml(page, {
    onStartTag({ tagName, attrs }) {
      const attribute = (wanted: string) => attrs.find(({ name }) => name === wanted)?.value;
      if (tagName === "meta" && attribute("name") === "data") {
        labels.push(...dataLabels(attribute("content") ?? ""));
      }
      if (label?.tagName === tagName) label.open++;
      const classes = attribute("class")?.split(/\s+/) ?? [];
      // A label in a label: the inner one has the name.
      if (classes.includes("saml-account-name")) label = { tagName, open: 1, text: "" };
    },
    onEndTag(tagName) {
      if (label?.tagName !== tagName || --label.open > 0) return;
      labels.push(label.text.trim());
      label = undefined;
    },
    onText(text) {
      if (label !== undefined && label.text.length < LABEL_CHARACTERS) label.text += text;
    },
  });
  if (label !== undefined) labels.push((label as OpenLabel).text.trim());
  return labels;
}

/**
 * Reads the aliases off the page: both its older form (`div.saml-account-name`: "Account: alias
 * (123456789012)") and its newer one (`<meta name="data">`, base64 of JSON).
 */
export function processAliasPage(response: HttpResponse): Map<string, string> {
  const aliases = new Map<string, string>();
  if (response.status !== 200) return aliases;
  for (const label of labelsOf(response.body)) {
    if (label.length > LABEL_CHARACTERS) continue;
    // "Account:" may be in another language.
    const [, alias, accountId] = /(?:^|\s)([^\s()]+)\s+\((\d{12})\)$/.exec(label) ?? [];
    if (alias === undefined || accountId === undefined) continue;
    if (isAccountAlias(alias) && !isAccountId(alias)) aliases.set(accountId, alias);
  }
  return aliases;
}
