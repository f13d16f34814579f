/**
 * The apps on the user's Okta home page.
 *
 * Source: https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserResources/
 *
 * @module
 */

import * as v from "valibot";
import type { HttpResponse } from "../../ports.ts";
import { NetworkError } from "../../errors.ts";
import { oktaError } from "./error_codes.ts";
import { object } from "../../schemas.ts";

const appLinkSchema = object({
  label: v.string(),
  linkUrl: v.string(),
  appName: v.string(),
});

/** One broken link must not hide the others. The message keeps the answer out of the error. */
const appLinksSchema = v.array(v.fallback(v.nullable(appLinkSchema), null), "not a list");

/** An app assigned to the user. */
export interface AppLink {
  /** Shown to the user; untrusted. */
  label: string;
  linkUrl: string;
  /** `amazon_aws` (federation), `amazon_aws_sso` (IAM Identity Center), or any other. */
  appName: string;
}

/**
 * Reads `GET /api/v1/users/me/appLinks`. Links without label, URL or app name are skipped.
 *
 * @throws {SignInError} Okta's refusal.
 * @throws {NetworkError} `bad_answer`
 */
export function processAppLinksResponse(response: HttpResponse): AppLink[] {
  if (response.status !== 200) throw oktaError(response, "list your apps");
  try {
    const links = v.parse(appLinksSchema, JSON.parse(response.body));
    return links.filter((link) => link !== null);
  } catch (cause) {
    throw new NetworkError("could not read the list of your Okta apps", {
      code: "bad_answer",
      hint: "pass the AWS app's link: okta-aws init --sso-url URL",
      cause,
    });
  }
}

/** The account federation app: STS accepts its SAML. */
export const FEDERATION_APP = "amazon_aws";

/** The IAM Identity Center app: STS rejects its SAML. */
export const IDENTITY_CENTER_APP = "amazon_aws_sso";
