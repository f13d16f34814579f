/**
 * Parses a SAML response for AWS: which roles it grants, to whom, until when. It checks no
 * signature (STS does), so all values are untrusted. Elements are found by path (Response ›
 * Assertion › AttributeStatement › Attribute) and local name, whatever the namespace prefix.
 *
 * @module
 */

import { AssertionError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { child, parseXml, type XmlElement, XmlError } from "../xml.ts";

/** Text is trimmed but untrusted: show it with `showUntrusted`. */
export interface SamlAssertion {
  readonly issuer: string | undefined;
  readonly destination: string | undefined;
  /** Such as `urn:amazon:webservices`. */
  readonly audiences: readonly string[];
  /** Milliseconds since the Unix epoch. STS accepts the response for 5 minutes after that. */
  readonly issueInstant: number | undefined;
  /** The earliest limit, milliseconds since the Unix epoch. */
  readonly notOnOrAfter: number | undefined;
  /** The user, as the identity provider names them. */
  readonly nameId: string | undefined;
  /** The latest expiry of credentials, milliseconds since the Unix epoch. */
  readonly sessionNotOnOrAfter: number | undefined;
  /** In the order of the assertion, without duplicates; may be empty. */
  readonly roles: readonly AssertionRole[];
  /** Values of the Role attribute that are not valid roles, through `showUntrusted`. */
  readonly skippedRoles: readonly string[];
  readonly roleSessionName: string | undefined;
  /** Console session length, 900 to 43,200 seconds; `undefined` if missing or out of range. */
  readonly sessionDurationSeconds: number | undefined;
}

/**
 * The limit of `AssumeRoleWithSAML` in base64 characters
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html).
 */
export const MAX_SAML_RESPONSE_CHARACTERS = 100_000;

const ATTRIBUTE_PREFIX = "https://aws.amazon.com/SAML/Attributes/";

/**
 * Parses a SAML response (base64; white space and missing padding are allowed). Of several
 * assertions, reads the first that is not encrypted.
 *
 * @throws {AssertionError} `assertion_too_large`, `assertion_not_base64`, `assertion_has_dtd`,
 * `assertion_not_xml`, `assertion_not_saml` (XML of another kind), `assertion_encrypted`,
 * `assertion_missing` (a response without an assertion, such as one that reports an error).
 */
export function parseSamlResponse(samlResponse: Secret): SamlAssertion {
  const response = readXml(decodeText(samlResponse.reveal()));
  if (response.name !== "Response") {
    throw failure("assertion_not_saml", "Okta did not send a SAML response");
  }
  const assertion = child(response, "Assertion") ?? refuseWithoutAssertion(response);
  const values = attributeValues(assertion);
  const statements = childrenOf(assertion, "AuthnStatement");
  return {
    issuer: textOf(child(assertion, "Issuer") ?? child(response, "Issuer")),
    destination: textOrNothing(response.attributes.get("Destination")),
    audiences: audiencesOf(assertion),
    issueInstant: instantOf(assertion.attributes.get("IssueInstant")),
    notOnOrAfter: earliest(limitsOf(assertion)),
    nameId: textOf(child(child(assertion, "Subject"), "NameID")),
    sessionNotOnOrAfter: earliest(
      statements.map((statement) => statement.attributes.get("SessionNotOnOrAfter")),
    ),
    ...readRoles(values("Role")),
    roleSessionName: values("RoleSessionName").find((value) => value !== ""),
    sessionDurationSeconds: readSessionDuration(values("SessionDuration")),
  };
}

function failure(code: string, message: string, hint?: string): AssertionError {
  return new AssertionError(message, { code, hint: hint ?? DEFAULT_HINT });
}

const DEFAULT_HINT =
  "check with --debug whether the app is the AWS account federation app (amazon_aws)";

function decodeText(base64: string): string {
  const digits = base64.replace(/[\s=]+/g, "");
  if (base64.replace(/\s+/g, "").length > MAX_SAML_RESPONSE_CHARACTERS) {
    throw failure(
      "assertion_too_large",
      `the SAML response is longer than the ${MAX_SAML_RESPONSE_CHARACTERS} characters that AWS accepts`,
      "ask your Okta administrator to assign fewer roles or send fewer attributes",
    );
  }
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(digits));
  } catch {
    throw failure("assertion_not_base64", "the SAML response is not base64");
  }
}

function readXml(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    if (error.code === "doctype") {
      throw failure(
        "assertion_has_dtd",
        "the SAML response contains a DTD, which is not allowed",
      );
    }
    throw failure("assertion_not_xml", `could not parse the SAML response: ${error.message}`);
  }
}

function refuseWithoutAssertion(response: XmlElement): never {
  if (child(response, "EncryptedAssertion") !== undefined) {
    throw failure(
      "assertion_encrypted",
      "the assertion is encrypted, so its roles can't be read",
      "ask your Okta administrator to turn assertion encryption off for the AWS app",
    );
  }
  const status = child(response, "Status");
  const message = textOf(child(status, "StatusMessage")) ??
    child(status, "StatusCode")?.attributes.get("Value");
  const reason = message === undefined ? "" : `: ${showUntrusted(message)}`;
  throw failure("assertion_missing", `the SAML response has no assertion${reason}`);
}

function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((candidate) => candidate.name === name);
}

function textOrNothing(text: string | undefined): string | undefined {
  return text?.trim() || undefined;
}

function textOf(element: XmlElement | undefined): string | undefined {
  return textOrNothing(element?.text);
}

/** Returns the values of an AWS attribute by short name, from all statements, trimmed. */
function attributeValues(assertion: XmlElement): (name: string) => string[] {
  const attributes = childrenOf(assertion, "AttributeStatement")
    .flatMap((statement) => childrenOf(statement, "Attribute"));
  return (name) =>
    attributes
      .filter((attribute) => attribute.attributes.get("Name") === ATTRIBUTE_PREFIX + name)
      .flatMap((attribute) => childrenOf(attribute, "AttributeValue"))
      .map((value) => value.text.trim());
}

function audiencesOf(assertion: XmlElement): string[] {
  return childrenOf(assertion, "Conditions")
    .flatMap((conditions) => childrenOf(conditions, "AudienceRestriction"))
    .flatMap((restriction) => childrenOf(restriction, "Audience"))
    .flatMap((audience) => textOf(audience) ?? []);
}

/** STS checks both the subject confirmation and the conditions. */
function limitsOf(assertion: XmlElement): (string | undefined)[] {
  const confirmations = childrenOf(assertion, "Subject")
    .flatMap((subject) => childrenOf(subject, "SubjectConfirmation"))
    .flatMap((confirmation) => childrenOf(confirmation, "SubjectConfirmationData"));
  return [...confirmations, ...childrenOf(assertion, "Conditions")]
    .map((element) => element.attributes.get("NotOnOrAfter"));
}

function earliest(instants: (string | undefined)[]): number | undefined {
  const known = instants.map(instantOf).filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** xs:dateTime; in SAML always UTC, even without a zone (SAML core, 1.3.3). */
function instantOf(text: string | undefined): number | undefined {
  const found = /^\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:\d\d)?\s*$/
    .exec(text ?? "");
  if (found === null) return undefined;
  const instant = Date.parse(`${found[1]}${found[2] ?? "Z"}`);
  return Number.isNaN(instant) ? undefined : instant;
}

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
 */
function readSessionDuration(values: string[]): number | undefined {
  const seconds = /^\d{1,9}$/.test(values[0] ?? "") ? Number(values[0]) : NaN;
  return seconds >= 900 && seconds <= 43_200 ? seconds : undefined;
}

export interface AssertionRole {
  /** `arn:aws:iam::123456789012:role/path/Name`. */
  readonly roleArn: string;
  /** `arn:aws:iam::123456789012:saml-provider/Name`, possibly of another AWS account. */
  readonly principalArn: string;
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;
const PRINCIPAL_ARN = /^arn:aws[a-z-]*:iam::\d{12}:saml-provider\/[\w+=.@/-]{1,576}$/;

/**
 * Parses the Role attribute: each value is a role ARN and a provider ARN in either order, separated
 * by a comma. Duplicates are removed; invalid values go through `showUntrusted`.
 */
export function readRoles(
  values: readonly string[],
): { roles: AssertionRole[]; skippedRoles: string[] } {
  const roles = new Map<string, AssertionRole>();
  const skipped = new Set<string>();
  for (const value of values) {
    const role = readRole(value);
    if (role === undefined) skipped.add(showUntrusted(value));
    else roles.set(`${role.roleArn},${role.principalArn}`, role);
  }
  return { roles: [...roles.values()], skippedRoles: [...skipped] };
}

/**
 * Exactly two parts. IAM allows commas in role names, but then the value is ambiguous, and a guess
 * could select the wrong role.
 */
function readRole(value: string): AssertionRole | undefined {
  const [first, second, ...more] = value.split(",").map((component) => component.trim());
  if (first === undefined || second === undefined || more.length > 0) return undefined;
  if (ROLE_ARN.test(first) && PRINCIPAL_ARN.test(second)) {
    return { roleArn: first, principalArn: second };
  }
  if (PRINCIPAL_ARN.test(first) && ROLE_ARN.test(second)) {
    return { roleArn: second, principalArn: first };
  }
  return undefined;
}
