import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";

/**
 * Reads the start URL of an AWS access portal as people paste it: `https://` may be missing, the
 * query and the fragment that the portal's page adds are dropped.
 *
 * @throws {SettingsError} `bad_start_url`
 */
export function parseStartUrl(text: string): string {
  const trimmed = text.trim();
  const hasScheme = !isPortalAddress(trimmed) || /^[a-z]+:/i.test(trimmed);
  const url = URL.parse(hasScheme ? trimmed : `https://${trimmed}`);
  const isLoopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url?.hostname ?? "");
  const isSafe = url?.protocol === "https:" || url?.protocol === "http:" && isLoopback;
  const isOkta = /\.okta(?:preview|-emea|-gov)?\.\w+$/.test(url?.hostname ?? "");
  if (url === null || !isSafe || isOkta || url.username + url.password !== "") {
    throw new SettingsError(`not the start URL of an AWS access portal: ${showUntrusted(text)}`, {
      code: "bad_start_url",
      hint: isOkta
        ? "this is an Okta address: enter the URL that the AWS tile opens, https://….awsapps.com/start"
        : "enter a URL such as https://d-1234567890.awsapps.com/start",
    });
  }
  url.hash = "";
  url.search = "";
  return url.pathname === "/" ? url.origin : url.href.replace(/\/$/, "");
}

/** Whether the host is one of AWS's for access portals; `https://` may be missing. */
export function isPortalAddress(text: string): boolean {
  const host = URL.parse(text.trim())?.hostname ?? URL.parse(`https://${text.trim()}`)?.hostname;
  return /(?:^|\.)(?:awsapps\.com|awsapps\.cn|app\.aws|identitycenter\.amazonaws\.com)$/
    .test(host ?? "");
}

/** Compares two start URLs as {@linkcode parseStartUrl} reads them. */
export function isSamePortal(one: string, other: string): boolean {
  const normalized = (text: string) => {
    try {
      return parseStartUrl(text);
    } catch {
      return text;
    }
  };
  return normalized(one) === normalized(other);
}
