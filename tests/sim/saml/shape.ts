/** The ways in which an assertion, and the page that carries it, can be written. */

/** How a SAML Response is written. The default is Okta's way. */
export interface ResponseShape {
  /** The order of the ARNs in a Role value. */
  order: "provider,role" | "role,provider";
  /** The prefix of assertion elements, with its colon; `""` means the default namespace. */
  prefix: "saml2:" | "saml:" | "";
  /** `several`: one AttributeStatement per attribute. */
  statements: "one" | "several";
  /** `repeated`: one Attribute element per Role value. */
  roleAttribute: "one" | "repeated";
  /** Line breaks and indentation everywhere, also inside values. */
  pretty: boolean;
  /** An XML comment inside each Role value. */
  comments: boolean;
  /** Role values as CDATA sections. */
  cdata: boolean;
  /** Inserted between the XML declaration and the root, e.g. a DOCTYPE with entities. */
  doctype: string;
  /** Role values besides the grants, verbatim (escaped for XML). */
  extraRoleValues: string[];
  /** More attributes: values by name. */
  extraAttributes: Record<string, string[]>;
  /** `null` omits Destination. */
  destination?: string | null;
  /** Bytes of an attribute that makes the document longer. */
  paddingBytes: number;
  encrypted: boolean;
}

/** How the page with the form is written. */
export interface PageShape {
  /** Escapes of `action` and values: only those that HTML needs, or Okta's hexadecimal ones. */
  entities: "plain" | "hex";
  /** `three`: one more form before and after the real one. */
  forms: "one" | "three";
  /** Quotes and order of attributes. */
  attributes: "okta" | "reversed";
  /** Whether base64 is split into lines of 76 characters. */
  folded: boolean;
}

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

export function defaultPageShape(): PageShape {
  return { entities: "hex", forms: "one", attributes: "okta", folded: false };
}
