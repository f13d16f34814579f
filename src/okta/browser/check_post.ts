/** Whether a posted form is this sign-in's answer: from the org, for AWS, by the known issuer. @module */

import { SignInError } from "../../errors.ts";
import { isSignInHost } from "../../aws/endpoints.ts";
import type { PausedPost } from "../../ports.ts";
import type { SamlAssertion } from "../../saml/assertion.ts";
import type { SamlForm } from "../../saml/html_page.ts";
import { normalizeBase64 } from "../../saml/html_page.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** The posted form, or `undefined` if it has no SAML response. */
export function readPostedForm({ url, body }: PausedPost): SamlForm | undefined {
  const fields = new URLSearchParams(body.reveal());
  const samlResponse = normalizeBase64(fields.get("SAMLResponse") ?? "");
  if (samlResponse === "") return undefined;
  return {
    action: url,
    samlResponse: new Secret(samlResponse),
    relayState: fields.get("RelayState") ?? undefined,
  };
}

function refused(code: string, message: string): SignInError {
  return new SignInError(message, {
    code,
    hint: "nothing was sent to AWS: check the app's link with your Okta administrator",
  });
}

/** The error for a form that another page than the org's posts. */
export function foreignPost({ origin }: PausedPost): SignInError {
  const where = origin === undefined ? "an unknown page" : showUntrusted(origin);
  return refused(
    "foreign_post",
    `the assertion for AWS came from ${where}, not from your Okta org`,
  );
}

/** AWS's names for itself as the audience of an assertion. */
const AWS_AUDIENCE = /^urn:amazon:webservices(?::[a-z0-9-]+)?$/;

function isAwsAddress(text: string, posted: URL): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  return url.origin === posted.origin || (url.protocol === "https:" && isSignInHost(url.host));
}

/**
 * Checks the addressee of an assertion.
 *
 * @param posted Where it goes, which is AWS's sign-in service, or its configured replacement.
 * @throws {SignInError} `wrong_destination`, `wrong_audience`
 */
export function checkAddressee(
  { destination, audiences }: Pick<SamlAssertion, "destination" | "audiences">,
  posted: URL,
): void {
  if (destination !== undefined && !isDestination(destination, posted)) {
    const where = showUntrusted(destination);
    throw refused("wrong_destination", `the assertion is for ${where}, not for where it was sent`);
  }
  const isForAws = (audience: string) =>
    AWS_AUDIENCE.test(audience) || isAwsAddress(audience, posted);
  if (audiences.length > 0 && !audiences.some(isForAws)) {
    const audience = showUntrusted(audiences.join(", "));
    throw refused("wrong_audience", `the assertion is for ${audience}, not for AWS`);
  }
}

/** At a host of AWS's, the very host; elsewhere (a configured endpoint) any of AWS's. */
function isDestination(destination: string, posted: URL): boolean {
  const url = URL.parse(destination);
  if (url === null) return false;
  if (isSignInHost(posted.host)) return url.host === posted.host;
  return isAwsAddress(destination, posted);
}
