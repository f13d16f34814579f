import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";

/** A pasted Okta address. */
export interface SignInAddress {
  /** The org's origin: `https://acme.okta.com`. */
  org: string;
  /** The address itself, if it is an app's embed link or SSO URL. */
  app: string | undefined;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const OKTA_ADMIN = /-admin(\.(?:okta|oktapreview|okta-emea|okta-gov|okta-miltest|trexcloud)\.\w+)$/;

/** Whether secrets may be sent to a URL: https, or http on this machine. */
export function isSecureUrl(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
}

/**
 * Reads an app embed link (`/home/amazon_aws/0oa…/272`), an SSO URL (`/app/…/sso/saml`), or the bare
 * org, with or without `https://`. The `-admin` of the admin console's host is dropped.
 *
 * @throws {SettingsError} `bad_sso_url`
 */
export function parseSignInAddress(text: string): SignInAddress {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  const hasHost = url !== null && /[.:]|^localhost$/.test(url.hostname);
  if (!hasHost || !isSecureUrl(url) || url.username + url.password !== "") {
    throw new SettingsError(`not an Okta address: ${showUntrusted(trimmed)}`, {
      code: "bad_sso_url",
      hint: "enter the AWS app's link from your Okta home page, or the org: https://acme.okta.com",
    });
  }
  url.hostname = url.hostname.replace(OKTA_ADMIN, "$1");
  url.hash = "";
  const isApp = /^\/(?:home|app)\/[^/]+\/[^/]+/.test(url.pathname);
  return { org: url.origin, app: isApp ? url.href : undefined };
}
