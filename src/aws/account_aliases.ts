/**
 * Account aliases from AWS's own sign-in page: the only place that shows them to somebody
 * who has an assertion and no permission yet. The page is not an interface, so this is best effort:
 * what can't be read is skipped, and no page makes this throw.
 *
 * @module
 */

import { type DefaultTreeAdapterTypes, parse } from "parse5";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import type { Secret } from "../secret.ts";
import { isAccountAlias, isAccountId } from "./arn.ts";
import { type GetVariable, signInFormUrl } from "./endpoints.ts";

type Element = DefaultTreeAdapterTypes.Element;
type Node = DefaultTreeAdapterTypes.ChildNode;

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

/** In document order, without recursion: the sender decides how deep a page nests. */
function* nodesBelow(root: { childNodes: Node[] }): Generator<Node> {
  const waiting = root.childNodes.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    if ("childNodes" in node) waiting.push(...node.childNodes.toReversed());
  }
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((candidate) => candidate.name === name)?.value;
}

function textOf(element: Element): string {
  return [...nodesBelow(element)].map((node) => "value" in node ? node.value : "").join("").trim();
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

function labelsOf(page: string): string[] {
  return [...nodesBelow(parse(page))].flatMap((element) => {
    if (!("tagName" in element)) return [];
    if (element.tagName === "meta" && attribute(element, "name") === "data") {
      return dataLabels(attribute(element, "content") ?? "");
    }
    const classes = attribute(element, "class")?.split(/\s+/) ?? [];
    return classes.includes("saml-account-name") ? [textOf(element)] : [];
  });
}

/**
 * Reads the aliases off the page: both its older form (`div.saml-account-name`: "Account: alias
 * (123456789012)") and its newer one (`<meta name="data">`, base64 of JSON).
 */
export function processAliasPage(response: HttpResponse): Map<string, string> {
  const aliases = new Map<string, string>();
  if (response.status !== 200) return aliases;
  for (const label of labelsOf(response.body)) {
    // "Account:" may be in another language.
    const [, alias, accountId] = /(?:^|\s)([^\s()]+)\s+\((\d{12})\)$/.exec(label) ?? [];
    if (alias === undefined || accountId === undefined) continue;
    if (isAccountAlias(alias) && !isAccountId(alias)) aliases.set(accountId, alias);
  }
  return aliases;
}
