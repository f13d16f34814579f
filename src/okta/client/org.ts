/**
 * What an Okta org says about itself, and which links lead out of it.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import { isSecureUrl } from "../../settings/sign_in_address.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** What `/.well-known/okta-organization` says, as far as it matters here. */
export interface OrgDescription {
  /** `v1` is Classic, `idx` is Identity Engine. */
  pipeline: string | undefined;
  /** The org's own origins: `_links.organization` and `_links.alternate`. */
  origins: string[];
}

/**
 * Reads `GET /.well-known/okta-organization`.
 *
 * @param body The answer's body.
 * @returns What it says; nothing where it is not what Okta sends.
 */
export function processOrgDescription(body: string): OrgDescription {
  let document: { pipeline?: unknown; _links?: Record<string, { href?: unknown } | undefined> };
  try {
    document = JSON.parse(body) ?? {};
  } catch {
    return { pipeline: undefined, origins: [] };
  }
  const links = [document._links?.organization?.href, document._links?.alternate?.href];
  const urls = links.map((href) => typeof href === "string" ? URL.parse(href) : null);
  return {
    pipeline: typeof document.pipeline === "string" ? document.pipeline : undefined,
    origins: urls.filter((url) => url !== null && isSecureUrl(url)).map((url) => url!.origin),
  };
}

/**
 * The error of a link, form or redirect that leads out of the org.
 *
 * @param url Where it leads.
 * @param what What led there: "a redirect".
 * @returns The error, to be thrown.
 */
export function leftOrg(url: URL, what: string): SignInError {
  const plain = url.host === "" ? url.protocol : `${url.protocol}//${url.host}`;
  const where = showUntrusted(url.protocol === "https:" ? url.host : plain);
  return new SignInError(`${what} leads out of your Okta org, to ${where}`, {
    code: "left_org",
    hint: "nothing was sent there; if your company signs in to Okta through another provider, " +
      "okta-aws can't sign in with a password",
  });
}
