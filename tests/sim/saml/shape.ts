/**
 * In how many ways the same assertion, and the page that carries it, can be written.
 *
 * @module
 */

/** How a SAML Response is written. The default is what Okta writes. */
export interface ResponseShape {
  /** Which ARN stands first in a Role value. */
  order: "provider,role" | "role,provider";
  /** The prefix of assertion elements, with its colon; `""` uses the default namespace. */
  prefix: "saml2:" | "saml:" | "";
  /** `several` puts every attribute into an AttributeStatement of its own. */
  statements: "one" | "several";
  /** `repeated` writes one Attribute element per Role value. */
  roleAttribute: "one" | "repeated";
  /** Line breaks and indentation everywhere, inside values too. */
  pretty: boolean;
  /** An XML comment inside each Role value. */
  comments: boolean;
  /** Role values as CDATA sections. */
  cdata: boolean;
  /** Put between the XML declaration and the root, e.g. a DOCTYPE with entities. */
  doctype: string;
  /** Role values that stand beside the grants, verbatim (escaped for XML). */
  extraRoleValues: string[];
  /** More attributes: name to values. */
  extraAttributes: Record<string, string[]>;
  /** `null` leaves Destination out. */
  destination?: string | null;
  /** Bytes of an attribute that only makes the document longer. */
  paddingBytes: number;
  /** Hides the assertion in an EncryptedAssertion. */
  encrypted: boolean;
}

/** How the page with the form is written. */
export interface PageShape {
  /** Entities of `action` and the values: none but what HTML demands, or Okta's hexadecimal ones. */
  entities: "plain" | "hex";
  /** `three` puts two other forms around the real one. */
  forms: "one" | "three";
  /** How attributes are quoted and in which order they stand. */
  attributes: "okta" | "reversed";
  /** Breaks the base64 into lines of 76. */
  folded: boolean;
}

/** @returns What Okta writes. */
export function defaultResponseShape(): ResponseShape {
  return {
    order: "provider,role",
    prefix: "saml2:",
    statements: "one",
    roleAttribute: "one",
    pretty: false,
    comments: false,
    cdata: false,
    doctype: "",
    extraRoleValues: [],
    extraAttributes: {},
    paddingBytes: 0,
    encrypted: false,
  };
}

/** @returns What Okta writes. */
export function defaultPageShape(): PageShape {
  return { entities: "hex", forms: "one", attributes: "okta", folded: false };
}
