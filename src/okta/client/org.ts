import { SignInError } from "../../errors.ts";
import { isSecureUrl } from "../../settings/sign_in_address.ts";
import { lenient, object } from "../../schemas.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import * as v from "valibot";
import type { HttpResponse } from "../../ports.ts";

export interface OrgDescription {
  /** `v1` is Classic, `idx` is Identity Engine. */
  pipeline: string | undefined;
  /** `_links.organization` and `_links.alternate`. */
  origins: string[];
}

/** Reads `GET /.well-known/okta-organization`. Returns no origins for any other body. */
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

/** The error for a link, form or redirect to another host. */
export function leftOrg(url: URL, what: string): SignInError {
  const plain = url.host === "" ? url.protocol : `${url.protocol}//${url.host}`;
  const where = showUntrusted(url.protocol === "https:" ? url.host : plain);
  return new SignInError(`${what} leads outside your Okta org, to ${where}`, {
    code: "left_org",
    hint: "nothing was sent; if your company signs in to Okta through another provider, " +
      "use a browser",
  });
}

/** The user's identity provider, from `/.well-known/webfinger`. */
export interface IdentityProvider {
  /** `OKTA`, `SAML2`, `IWA`, … An open set, untrusted. */
  type: string;
  /** Untrusted. */
  title: string | undefined;
}

const text = lenient(v.string());
const linkSchema = object({
  titles: lenient(object({ und: text })),
  properties: object({ "okta:idp:type": v.string() }),
});
const answerSchema = object({ links: v.array(v.fallback(v.nullable(linkSchema), null)) });

/**
 * Types whose users have no Okta password. Source:
 * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/IdentityProvider/
 */
const EXTERNAL =
  /^(?:SAML2?|OIDC|GENERIC_|X509|FACEBOOK|GOOGLE|LINKEDIN|MICROSOFT|APPLE|AMAZON|GITHUB|GITLAB|LOGIN)/i;

export function webFingerPath(username: string): string {
  const query = new URLSearchParams({ resource: `okta:acct:${username}`, rel: "okta:idp" });
  return `/.well-known/webfinger?${query}`;
}

export function processWebFingerResponse(response: HttpResponse): IdentityProvider | undefined {
  if (response.status !== 200) return undefined;
  try {
    const link = v.parse(answerSchema, JSON.parse(response.body)).links.find((one) => one !== null);
    return link && { type: link.properties["okta:idp:type"], title: link.titles?.und };
  } catch {
    return undefined;
  }
}

/**
 * Whether another provider asks for the password, so that a terminal has nothing to send. Desktop
 * sign-in (`IWA`, `AgentlessDSSO`) users have an Okta password too.
 */
export function isExternal({ type }: IdentityProvider): boolean {
  return EXTERNAL.test(type);
}
