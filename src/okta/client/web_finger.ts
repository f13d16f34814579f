import * as z from "zod/mini";
import type { HttpResponse } from "../../ports.ts";

/** Who proves who a person is. */
export interface IdentityProvider {
  /** `OKTA`, `SAML2`, `IWA`, … An open set, untrusted. */
  type: string;
  /** What the org calls it, untrusted. */
  title: string | undefined;
}

const text = z.catch(z.optional(z.string()), undefined);
const linkSchema = z.object({
  titles: z.catch(z.optional(z.object({ und: text })), undefined),
  properties: z.object({ "okta:idp:type": z.string() }),
});
const answerSchema = z.object({ links: z.array(z.catch(z.nullable(linkSchema), null)) });

/** The types whose users have no password at Okta, by the documentation of identity providers. */
const EXTERNAL =
  /^(?:SAML2?|OIDC|GENERIC_|X509|FACEBOOK|GOOGLE|LINKEDIN|MICROSOFT|APPLE|AMAZON|GITHUB|GITLAB|LOGIN)/i;

/** The path that asks for a person's identity provider. */
export function webFingerPath(username: string): string {
  const query = new URLSearchParams({ resource: `okta:acct:${username}`, rel: "okta:idp" });
  return `/.well-known/webfinger?${query}`;
}

export function processWebFingerResponse(response: HttpResponse): IdentityProvider | undefined {
  if (response.status !== 200) return undefined;
  try {
    const link = answerSchema.parse(JSON.parse(response.body)).links.find((one) => one !== null);
    return link && { type: link.properties["okta:idp:type"], title: link.titles?.und };
  } catch {
    return undefined;
  }
}

/**
 * Whether somebody else than Okta asks for the password, so that a terminal has nothing to send.
 *
 * @returns Whether it is one; desktop sign-in (`IWA`, `AgentlessDSSO`) has a password as well.
 */
export function isExternal({ type }: IdentityProvider): boolean {
  return EXTERNAL.test(type);
}
