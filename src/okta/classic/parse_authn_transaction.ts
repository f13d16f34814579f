/**
 * Parses an authn transaction leniently: unknown members are ignored, members that are missing,
 * null or of another type are `undefined`, an unknown status is `UNRECOGNIZED`.
 *
 * @module
 */

import * as z from "zod/mini";
import { Secret } from "../../secret.ts";
import {
  type AuthnLink,
  type AuthnState,
  type AuthnTransaction,
  type Factor,
  PENDING_STATUSES,
  type PendingStatus,
} from "./authn_transaction.ts";
import type { PasswordComplexity } from "../factors/password_change.ts";

const text = z.catch(z.optional(z.string()), undefined);
const linkSchema = z.object({ name: text, href: z.string() });
const link = z.catch(z.optional(linkSchema), undefined);
const profileSchema = z.record(z.string(), z.unknown());
const factorSchema = z.object({
  id: text,
  factorType: z.string(),
  provider: text,
  vendorName: text,
  status: text,
  profile: z.catch(z.optional(profileSchema), undefined),
  _embedded: z.catch(z.optional(profileSchema), undefined),
  _links: z.catch(z.optional(z.object({ verify: link, enroll: link })), undefined),
});
const factorTypeSchema = z.object({
  factorType: z.string(),
  _links: z.object({ next: linkSchema }),
});
const factorList = z.catch(
  z.optional(z.array(z.catch(z.nullable(factorSchema), null))),
  undefined,
);
const factorTypeList = z.catch(
  z.optional(z.array(z.catch(z.nullable(factorTypeSchema), null))),
  undefined,
);
const oneFactor = z.catch(z.optional(factorSchema), undefined);
const linkList = z.catch(z.optional(z.array(link)), undefined);
const count = z.catch(z.optional(z.number()), undefined);
const flag = z.catch(z.optional(z.boolean()), undefined);
const complexitySchema = z.object({
  minLength: count,
  minLowerCase: count,
  minUpperCase: count,
  minNumber: count,
  minSymbol: count,
  // Some orgs send it as text.
  excludeUsername: z.catch(z.optional(z.union([z.boolean(), z.string()])), undefined),
});
const policy = z.object({
  expiration: z.catch(z.optional(z.object({ passwordExpireDays: count })), undefined),
  complexity: z.catch(z.optional(complexitySchema), undefined),
  age: z.catch(z.optional(z.object({ historyCount: count })), undefined),
  allowRememberDevice: flag,
});
const polled = z.object({ profile: z.object({ refresh: z.number() }) });
const challengeSchema = z.object({ correctAnswer: z.union([z.string(), z.number()]) });
const transactionSchema = z.object({
  status: z.string(),
  stateToken: text,
  sessionToken: text,
  expiresAt: text,
  factorResult: text,
  _embedded: z.catch(
    z.optional(z.object({
      factors: factorList,
      factorTypes: factorTypeList,
      // An array in the documentation's examples, an object in real challenges.
      factor: z.catch(z.optional(z.unknown()), undefined),
      challenge: z.catch(z.optional(z.unknown()), undefined),
      policy: z.catch(z.optional(policy), undefined),
      transaction: z.catch(z.optional(polled), undefined),
    })),
    undefined,
  ),
  _links: z.catch(
    z.optional(z.object({
      next: link,
      original: link,
      prev: link,
      cancel: link,
      skip: link,
      resend: z.catch(z.optional(z.unknown()), undefined),
    })),
    undefined,
  ),
});

/** Old state names that are still in use. */
const RENAMED: ReadonlyMap<string, PendingStatus> = new Map([
  ["FACTOR_ENROLL", "MFA_ENROLL"],
  ["FACTOR_ENROLL_ACTIVATE", "MFA_ENROLL_ACTIVATE"],
  ["FACTOR_REQUIRED", "MFA_REQUIRED"],
  ["FACTOR_CHALLENGE", "MFA_CHALLENGE"],
]);

function toFactor(factor: z.infer<typeof factorSchema>): Factor {
  const profile = Object.entries(factor.profile ?? {}).filter(([, value]) =>
    typeof value === "string"
  );
  return {
    id: factor.id,
    factorType: factor.factorType.toLowerCase(),
    provider: (factor.provider ?? "").toUpperCase(),
    vendorName: factor.vendorName,
    status: factor.status,
    profile: Object.fromEntries(profile) as Record<string, string>,
    verify: factor._links?.verify?.href,
    enroll: factor._links?.enroll?.href,
    embedded: factor._embedded ?? {},
  };
}

function toComplexity(
  given: z.infer<typeof policy> | undefined,
): PasswordComplexity | undefined {
  const { complexity, age } = given ?? {};
  if (complexity === undefined) return undefined;
  const { minLength, minLowerCase, minUpperCase, minNumber, minSymbol, excludeUsername } =
    complexity;
  const historyCount = age?.historyCount;
  const letters = { minLength, minLowerCase, minUpperCase, minNumber, minSymbol };
  const isTrue = excludeUsername === undefined ? undefined : String(excludeUsername) === "true";
  return { ...letters, excludeUsername: isTrue, historyCount };
}

/** 0 is a valid number; only a missing one is `undefined`. */
function correctAnswerOf(factor: Factor | undefined): string | undefined {
  const parsed = challengeSchema.safeParse(factor?.embedded.challenge);
  return parsed.success ? String(parsed.data.correctAnswer) : undefined;
}

function toLink(link: { name?: string | undefined; href: string }): AuthnLink {
  return { name: link.name, href: link.href };
}

function optional<A, B>(value: A | undefined, convert: (value: A) => B): B | undefined {
  return value === undefined ? undefined : convert(value);
}

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
  const pending = PENDING_STATUSES.find((known) => known === status);
  if (pending !== undefined) return { ...state, status: pending };
  return { ...state, status: "UNRECOGNIZED", original: data.status };
}

function toState(data: z.infer<typeof transactionSchema>): AuthnState {
  const { _embedded: embedded, _links: links } = data;
  const listed = factorList.parse(embedded?.factors ?? embedded?.factor) ?? [];
  const factor = optional(oneFactor.parse(embedded?.factor), toFactor);
  const resend = linkList.parse(links?.resend) ?? [link.parse(links?.resend)];
  return {
    stateToken: optional(data.stateToken, toSecret),
    expiresAt: optional(data.expiresAt, (date) => Date.parse(date) || undefined),
    factorResult: data.factorResult,
    factors: listed.filter((factor) => factor !== null).map(toFactor),
    typeLinks: new Map(
      (embedded?.factorTypes ?? []).filter((one) => one !== null)
        .map(({ factorType, _links }) => [factorType.toLowerCase(), _links.next.href]),
    ),
    factor,
    challenge: embedded?.challenge,
    passwordExpireDays: embedded?.policy?.expiration?.passwordExpireDays,
    pollMilliseconds: embedded?.transaction?.profile.refresh,
    complexity: toComplexity(embedded?.policy),
    allowRememberDevice: embedded?.policy?.allowRememberDevice,
    correctAnswer: correctAnswerOf(factor),
    next: optional(links?.next ?? links?.original, toLink),
    prev: optional(links?.prev, toLink),
    cancel: optional(links?.cancel, toLink),
    skip: optional(links?.skip, toLink),
    resend: resend.filter((one) => one !== undefined).map(toLink),
  };
}

function toSecret(value: string): Secret {
  return new Secret(value);
}
