/** What Okta says about the org before sign-in. */

import type { OktaContext } from "./context.ts";
import { oktaError } from "./errors.ts";

/** `GET /.well-known/okta-organization`. */
export function organization({ world, origin }: OktaContext): Response {
  const { org } = world;
  return Response.json({
    id: org.id,
    cell: "op3",
    _links: {
      organization: { href: origin },
      ...(org.alternate === undefined ? {} : { alternate: { href: org.alternate } }),
    },
    pipeline: org.pipeline,
    settings: {
      analyticsCollectionEnabled: false,
      bugReportingEnabled: true,
      omEnabled: false,
      pssoEnabled: false,
    },
  });
}

/** `GET /.well-known/webfinger?resource=okta:acct:<login>`: the identity provider in charge. */
export function webfinger({ world, request, origin }: OktaContext): Response {
  const resource = request.query.get("resource") ?? "";
  const login = /^okta:acct:(.+)$/.exec(resource)?.[1];
  if (login === undefined) {
    return oktaError(world, "E0000001", ["The requested resource is malformed."], "resource");
  }
  const user = world.users.find((one) => one.login.toLowerCase() === login.toLowerCase());
  const idpType = user?.idpType ?? world.org.idpType;
  const id = "0oamy8gz2llVopxdr0h7";
  const href = idpType === "SAML2" ? `${origin}/sso/saml2/${id}` : `${origin}/sso/idps/${idpType}`;
  const metadata = idpType === "SAML2"
    ? { "okta:idp:metadata": `${origin}/api/v1/idps/${id}/metadata.xml` }
    : {};
  const body = {
    subject: resource.replace(/^okta:/, ""),
    links: [{
      rel: "okta:idp",
      href,
      titles: { und: idpType === "SAML2" ? "Acme Partner IdP" : "acme" },
      properties: { ...metadata, "okta:idp:id": id, "okta:idp:type": idpType },
    }],
  };
  return Response.json(body, { headers: { "content-type": "application/jrd+json" } });
}
