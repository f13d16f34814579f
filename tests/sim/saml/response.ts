/** The SAML Response for an app and a user, in Okta's format. */

import { oktaTime } from "../clock.ts";
import { base64Text, digits } from "../random_text.ts";
import type { SimApp, SimUser } from "../world.ts";
import type { ResponseShape } from "./shape.ts";

const ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
const PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
const AWS = "https://aws.amazon.com/SAML/Attributes/";
const FIVE_MINUTES = 5 * 60_000;

/** For XML content and attributes. */
export function escapeXml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(
    /"/g,
    "&quot;",
  );
}

interface Names {
  /** Adds the prefix to an element's name. */
  (name: string): string;
  /** The prefix's namespace declaration. */
  xmlns: string;
}

function names(prefix: ResponseShape["prefix"]): Names {
  const xmlns = prefix === ""
    ? `xmlns="${ASSERTION}"`
    : `xmlns:${prefix.slice(0, -1)}="${ASSERTION}"`;
  return Object.assign((name: string) => prefix + name, { xmlns });
}

function signature(reference: string): string {
  const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
  return `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>` +
    `<ds:CanonicalizationMethod Algorithm="${exclusive}"/>` +
    `<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>` +
    `<ds:Reference URI="#${reference}"><ds:Transforms>` +
    `<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>` +
    `<ds:Transform Algorithm="${exclusive}"><ec:InclusiveNamespaces xmlns:ec="${exclusive}" PrefixList="xs"/></ds:Transform>` +
    `</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>` +
    `<ds:DigestValue>${base64Text(43)}=</ds:DigestValue></ds:Reference></ds:SignedInfo>` +
    `<ds:SignatureValue>${base64Text(342)}==</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>MIIDpDCCAoygAwIBAgIGAV2ka${
      base64Text(1200)
    }</ds:X509Certificate>` +
    `</ds:X509Data></ds:KeyInfo></ds:Signature>`;
}

function roleValue(value: string, shape: ResponseShape): string {
  if (shape.cdata) return `<![CDATA[${value}]]>`;
  const text = escapeXml(value);
  if (!shape.comments) return text;
  const middle = Math.floor(text.length / 2);
  // A comment must not split an entity, so such values stay as they are.
  return text.includes("&") ? text : `${text.slice(0, middle)}<!-- c -->${text.slice(middle)}`;
}

function attribute(
  n: Names,
  name: string,
  format: string,
  values: string[],
): string {
  const value = (text: string) =>
    `<${n("AttributeValue")} xmlns:xs="http://www.w3.org/2001/XMLSchema" ` +
    `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">${text}</${
      n("AttributeValue")
    }>`;
  return `<${n("Attribute")} Name="${escapeXml(name)}" ` +
    `NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:${format}">` +
    values.map(value).join("") + `</${n("Attribute")}>`;
}

function attributes(app: SimApp, user: SimUser, n: Names): string[] {
  const shape = app.response;
  const roles = app.grants.map(({ roleArn, principalArn }) =>
    shape.order === "provider,role" ? `${principalArn},${roleArn}` : `${roleArn},${principalArn}`
  ).concat(shape.extraRoleValues).map((value) => roleValue(value, shape));
  const roleGroups = shape.roleAttribute === "one" ? [roles] : roles.map((role) => [role]);
  const all = roles.length === 0
    ? []
    : roleGroups.map((group) => attribute(n, `${AWS}Role`, "uri", group));
  const sessionName = app.roleSessionName === undefined ? user.login : app.roleSessionName;
  if (sessionName !== null) {
    all.push(attribute(n, `${AWS}RoleSessionName`, "basic", [escapeXml(sessionName)]));
  }
  if (app.sessionDuration !== undefined) {
    all.push(attribute(n, `${AWS}SessionDuration`, "basic", [String(app.sessionDuration)]));
  }
  for (const [name, values] of Object.entries(shape.extraAttributes)) {
    all.push(attribute(n, name, "basic", values.map(escapeXml)));
  }
  if (shape.paddingBytes > 0) {
    all.push(attribute(n, "padding", "basic", ["A".repeat(shape.paddingBytes)]));
  }
  return all;
}

function attributeStatements(app: SimApp, user: SimUser, n: Names): string {
  const all = attributes(app, user, n);
  const groups = app.response.statements === "one" ? [all] : all.map((one) => [one]);
  return groups.filter((group) => group.length > 0).map((group) =>
    `<${n("AttributeStatement")} ${n.xmlns}>${group.join("")}</${n("AttributeStatement")}>`
  ).join("");
}

function issuerElement(app: SimApp, n: Names): string {
  return `<${n("Issuer")} Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity" ${n.xmlns}>` +
    `${issuerOf(app)}</${n("Issuer")}>`;
}

export function issuerOf(app: SimApp): string {
  return `http://www.okta.com/${app.exk}`;
}

function assertion(app: SimApp, user: SimUser, issued: number, n: Names): string {
  const id = `id${digits(25)}`;
  const end = oktaTime(issued + FIVE_MINUTES);
  return `<${n("Assertion")} ${n.xmlns} ID="${id}" IssueInstant="${
    oktaTime(issued)
  }" Version="2.0" ` +
    `xmlns:xs="http://www.w3.org/2001/XMLSchema">` + issuerElement(app, n) + signature(id) +
    `<${n("Subject")} ${n.xmlns}><${
      n("NameID")
    } Format="urn:oasis:names:tc:SAML:2.0:nameid-format:unspecified">${escapeXml(user.login)}</${
      n("NameID")
    }>` +
    `<${n("SubjectConfirmation")} Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">` +
    `<${n("SubjectConfirmationData")} NotOnOrAfter="${end}" Recipient="${
      escapeXml(app.action)
    }"/>` +
    `</${n("SubjectConfirmation")}></${n("Subject")}>` +
    `<${n("Conditions")} NotBefore="${
      oktaTime(issued - FIVE_MINUTES)
    }" NotOnOrAfter="${end}" ${n.xmlns}>` +
    `<${n("AudienceRestriction")}><${n("Audience")}>${escapeXml(app.audience)}</${n("Audience")}>` +
    `</${n("AudienceRestriction")}></${n("Conditions")}>` +
    `<${n("AuthnStatement")} AuthnInstant="${oktaTime(issued)}" SessionIndex="id${issued}.${
      digits(9)
    }" ${n.xmlns}>` +
    `<${n("AuthnContext")}><${
      n("AuthnContextClassRef")
    }>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</${
      n("AuthnContextClassRef")
    }></${n("AuthnContext")}></${n("AuthnStatement")}>` +
    attributeStatements(app, user, n) + `</${n("Assertion")}>`;
}

function encryptedAssertion(n: Names): string {
  const encryption = "http://www.w3.org/2001/04/xmlenc#";
  return `<${
    n("EncryptedAssertion")
  } ${n.xmlns}><xenc:EncryptedData xmlns:xenc="${encryption}" Type="${encryption}Element">` +
    `<xenc:EncryptionMethod Algorithm="${encryption}aes256-cbc"/><xenc:CipherData><xenc:CipherValue>${
      base64Text(2400)
    }</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></${n("EncryptedAssertion")}>`;
}

/** Each element and each text on its own line, as in an assertion recorded in 2023. */
function prettyPrinted(xml: string): string {
  return xml.replace(/(?<!--)>(?=[^<\s])/g, ">\n    ").replace(/(?<=[^>\s])<\//g, "\n  </").replace(
    /></g,
    ">\n  <",
  );
}

/** `issued`: by Okta's clock, milliseconds since 1970. */
export function samlResponse(app: SimApp, user: SimUser, issued: number): string {
  const shape = app.response;
  const n = names(shape.prefix);
  const id = `id${digits(26)}`;
  const destination = shape.destination === undefined ? app.action : shape.destination;
  const inner = shape.encrypted ? encryptedAssertion(n) : assertion(app, user, issued, n);
  const body = `<saml2p:Response xmlns:saml2p="${PROTOCOL}"` +
    (destination === null ? "" : ` Destination="${escapeXml(destination)}"`) +
    ` ID="${id}" IssueInstant="${
      oktaTime(issued)
    }" Version="2.0" xmlns:xs="http://www.w3.org/2001/XMLSchema">` +
    issuerElement(app, n) + signature(id) +
    `<saml2p:Status xmlns:saml2p="${PROTOCOL}"><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></saml2p:Status>` +
    inner + `</saml2p:Response>`;
  return `<?xml version="1.0" encoding="UTF-8"?>${shape.doctype}` +
    (shape.pretty ? prettyPrinted(body) : body);
}
