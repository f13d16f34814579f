/**
 * The apps on a person's Okta home page.
 *
 * Source: https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserResources/
 *
 * @module
 */

import * as z from "zod/mini";
import type { HttpResponse } from "../../ports.ts";
import { NetworkError } from "../../errors.ts";
import { oktaError } from "./error_codes.ts";

const appLinkSchema = z.object({
  label: z.string(),
  linkUrl: z.string(),
  appName: z.string(),
});

/** One app that the person is assigned to. */
export interface AppLink {
  /** What the person sees, untrusted. */
  label: string;
  linkUrl: string;
  /** `amazon_aws` (federation), `amazon_aws_sso` (IAM Identity Center), or any other. */
  appName: string;
}

/**
 * Reads `GET /api/v1/users/me/appLinks`.
 *
 * @throws {SignInError} Okta's refusal.
 * @throws {NetworkError} `bad_answer`
 */
export function processAppLinksResponse(response: HttpResponse): AppLink[] {
  if (response.status !== 200) throw oktaError(response, "list your apps");
  try {
    // One link that lacks something must not hide the others.
    const links = z.array(z.catch(z.nullable(appLinkSchema), null)).parse(
      JSON.parse(response.body),
    );
    return links.filter((link) => link !== null);
  } catch (cause) {
    throw new NetworkError("Okta's list of your apps can't be read", {
      code: "bad_answer",
      hint: "give the AWS app's own link instead: okta-aws init --sso-url URL",
      cause,
    });
  }
}

/** The federation app: the one whose SAML STS takes. */
export const FEDERATION_APP = "amazon_aws";

/** The Identity Center app: its SAML is for the portal alone. */
export const IDENTITY_CENTER_APP = "amazon_aws_sso";
