/**
 * The authn transaction: what Okta's `/api/v1/authn` answers, as a union on its own `status` words.
 *
 * Lenient by rule: unknown members are ignored, whatever is missing, null or of another type is
 * `undefined`, an unknown status is `UNRECOGNIZED`. Source:
 * https://developer.okta.com/docs/reference/api/authn/#authentication-transaction-object
 *
 * @module
 */

import * as z from "zod/mini";
import { Secret } from "../secret.ts";

/** A link of Okta's, to be followed as it is. */
export interface AuthnLink {
  /** `poll`, `verify`, `original`, … */
  name: string | undefined;
  /** Absolute URL. */
  href: string;
}

/** A factor, as far as choosing and answering it needs. */
export interface Factor {
  /** Okta's id. */
  id: string | undefined;
  /** `token:software:totp`, `push`, … in lower case. An open set. */
  factorType: string;
  /** `OKTA`, `GOOGLE`, … in upper case. An open set. */
  provider: string;
  /** The vendor's own name, untrusted. */
  vendorName: string | undefined;
  /** Members of `profile` that are text: `phoneNumber`, `email`, … Untrusted. */
  profile: Record<string, string>;
  /** Where to answer it. */
  verify: string | undefined;
  /** Where to enrol it. */
  enroll: string | undefined;
}

/** What every state may hold. */
export interface AuthnState {
  /** Names the transaction. */
  stateToken: Secret | undefined;
  /** When the transaction ends, milliseconds since the Unix epoch. */
  expiresAt: number | undefined;
  /** `WAITING`, `REJECTED`, … An open set. */
  factorResult: string | undefined;
  /** The factors to choose from. */
  factors: Factor[];
  /** The factor that is being answered. */
  factor: Factor | undefined;
  /** Days until the password expires, in PASSWORD_WARN. */
  passwordExpireDays: number | undefined;
  /** Where to go on; `name` says how. */
  next: AuthnLink | undefined;
  /** Where to end the transaction. */
  cancel: AuthnLink | undefined;
  /** Where to leave an optional step out. */
  skip: AuthnLink | undefined;
  /** Where to have a code or a push sent again. */
  resend: AuthnLink[];
}

/** The states that Okta documents, without SUCCESS. */
const PENDING = [
  "UNAUTHENTICATED",
  "PASSWORD_WARN",
  "PASSWORD_EXPIRED",
  "PASSWORD_RESET",
  "RECOVERY",
  "RECOVERY_CHALLENGE",
  "LOCKED_OUT",
  "MFA_ENROLL",
  "MFA_ENROLL_ACTIVATE",
  "MFA_REQUIRED",
  "MFA_CHALLENGE",
] as const;

/** A state that is not SUCCESS. */
export type PendingStatus = typeof PENDING[number];

/** An authn transaction. */
export type AuthnTransaction =
  | AuthnState & { status: PendingStatus }
  | AuthnState & { status: "SUCCESS"; sessionToken: Secret | undefined }
  | AuthnState & { status: "UNRECOGNIZED"; original: string };

/** Old names of states, still seen (protocol.md, a.3). */
const RENAMED: ReadonlyMap<string, PendingStatus> = new Map([
  ["FACTOR_ENROLL", "MFA_ENROLL"],
  ["FACTOR_ENROLL_ACTIVATE", "MFA_ENROLL_ACTIVATE"],
  ["FACTOR_REQUIRED", "MFA_REQUIRED"],
  ["FACTOR_CHALLENGE", "MFA_CHALLENGE"],
]);

const text = z.catch(z.optional(z.string()), undefined);
const linkSchema = z.object({ name: text, href: z.string() });
const link = z.catch(z.optional(linkSchema), undefined);
const profileSchema = z.record(z.string(), z.unknown());
const factorSchema = z.object({
  id: text,
  factorType: z.string(),
  provider: text,
  vendorName: text,
  profile: z.catch(z.optional(profileSchema), undefined),
  _links: z.catch(z.optional(z.object({ verify: link, enroll: link })), undefined),
});
const factorList = z.catch(z.optional(z.array(z.catch(z.nullable(factorSchema), null))), undefined);
const oneFactor = z.catch(z.optional(factorSchema), undefined);
const linkList = z.catch(z.optional(z.array(link)), undefined);
const expiration = z.object({ passwordExpireDays: z.catch(z.optional(z.number()), undefined) });
const policy = z.object({ expiration: z.catch(z.optional(expiration), undefined) });
const transactionSchema = z.object({
  status: z.string(),
  stateToken: text,
  sessionToken: text,
  expiresAt: text,
  factorResult: text,
  _embedded: z.catch(
    z.optional(z.object({
      factors: factorList,
      // An array in the documentation's examples, an object in live challenges.
      factor: z.catch(z.optional(z.unknown()), undefined),
      policy: z.catch(z.optional(policy), undefined),
    })),
    undefined,
  ),
  _links: z.catch(
    z.optional(z.object({
      next: link,
      original: link,
      cancel: link,
      skip: link,
      resend: z.catch(z.optional(z.unknown()), undefined),
    })),
    undefined,
  ),
});

function toFactor(factor: z.infer<typeof factorSchema>): Factor {
  const profile = Object.entries(factor.profile ?? {}).filter(([, value]) =>
    typeof value === "string"
  );
  return {
    id: factor.id,
    factorType: factor.factorType.toLowerCase(),
    provider: (factor.provider ?? "").toUpperCase(),
    vendorName: factor.vendorName,
    profile: Object.fromEntries(profile) as Record<string, string>,
    verify: factor._links?.verify?.href,
    enroll: factor._links?.enroll?.href,
  };
}

function toLink(link: { name?: string | undefined; href: string }): AuthnLink {
  return { name: link.name, href: link.href };
}

function optional<A, B>(value: A | undefined, convert: (value: A) => B): B | undefined {
  return value === undefined ? undefined : convert(value);
}

/**
 * Reads an answer's body.
 *
 * @param body The body.
 * @returns The transaction, or `undefined` where the body is not one.
 */
export function parseAuthnTransaction(body: string): AuthnTransaction | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const parsed = transactionSchema.safeParse(json);
  return parsed.success ? toTransaction(parsed.data) : undefined;
}

function toTransaction(data: z.infer<typeof transactionSchema>): AuthnTransaction {
  const state = toState(data);
  const status = RENAMED.get(data.status) ?? data.status;
  if (status === "SUCCESS") {
    return { ...state, status, sessionToken: optional(data.sessionToken, toSecret) };
  }
  const pending = PENDING.find((known) => known === status);
  if (pending !== undefined) return { ...state, status: pending };
  return { ...state, status: "UNRECOGNIZED", original: data.status };
}

function toState(data: z.infer<typeof transactionSchema>): AuthnState {
  const { _embedded: embedded, _links: links } = data;
  const listed = factorList.parse(embedded?.factors ?? embedded?.factor) ?? [];
  const resend = linkList.parse(links?.resend) ?? [link.parse(links?.resend)];
  return {
    stateToken: optional(data.stateToken, toSecret),
    expiresAt: optional(data.expiresAt, (date) => Date.parse(date) || undefined),
    factorResult: data.factorResult,
    factors: listed.filter((factor) => factor !== null).map(toFactor),
    factor: optional(oneFactor.parse(embedded?.factor), toFactor),
    passwordExpireDays: embedded?.policy?.expiration?.passwordExpireDays,
    next: optional(links?.next ?? links?.original, toLink),
    cancel: optional(links?.cancel, toLink),
    skip: optional(links?.skip, toLink),
    resend: resend.filter((one) => one !== undefined).map(toLink),
  };
}

function toSecret(value: string): Secret {
  return new Secret(value);
}
