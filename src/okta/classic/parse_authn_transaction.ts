/**
 * Parses an authn transaction leniently: unknown members are ignored, members that are missing,
 * null or of another type are `undefined`, an unknown status is `UNRECOGNIZED`.
 *
 * @module
 */

import * as v from "valibot";
import { lenient, members, number, object } from "../../schemas.ts";
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

const text = lenient(v.string());
const linkSchema = object({ name: text, href: v.string() });
const link = lenient(linkSchema);
const factorSchema = object({
  id: text,
  factorType: v.string(),
  provider: text,
  vendorName: text,
  status: text,
  profile: lenient(members),
  _embedded: lenient(members),
  _links: lenient(object({ verify: link, enroll: link })),
});
const factorTypeSchema = object({
  factorType: v.string(),
  _links: object({ next: linkSchema }),
});
const factorList = lenient(v.array(v.fallback(v.nullable(factorSchema), null)));
const factorTypeList = lenient(v.array(v.fallback(v.nullable(factorTypeSchema), null)));
const oneFactor = lenient(factorSchema);
const linkList = lenient(v.array(link));
const count = lenient(number);
const flag = lenient(v.boolean());
const complexitySchema = object({
  minLength: count,
  minLowerCase: count,
  minUpperCase: count,
  minNumber: count,
  minSymbol: count,
  // Some orgs send it as text.
  excludeUsername: lenient(v.union([v.boolean(), v.string()])),
});
const policy = object({
  expiration: lenient(object({ passwordExpireDays: count })),
  complexity: lenient(complexitySchema),
  age: lenient(object({ historyCount: count })),
  allowRememberDevice: flag,
});
const polled = object({ profile: object({ refresh: number }) });
const challengeSchema = object({ correctAnswer: v.union([v.string(), number]) });
const transactionSchema = object({
  status: v.string(),
  stateToken: text,
  sessionToken: text,
  expiresAt: text,
  factorResult: text,
  _embedded: lenient(object({
    factors: factorList,
    factorTypes: factorTypeList,
    // An array in the documentation's examples, an object in real challenges.
    factor: v.optional(v.unknown()),
    challenge: v.optional(v.unknown()),
    policy: lenient(policy),
    transaction: lenient(polled),
  })),
  _links: lenient(object({
    next: link,
    original: link,
    prev: link,
    cancel: link,
    skip: link,
    resend: v.optional(v.unknown()),
  })),
});

/** Old state names that are still in use. */
const RENAMED: ReadonlyMap<string, PendingStatus> = new Map([
  ["FACTOR_ENROLL", "MFA_ENROLL"],
  ["FACTOR_ENROLL_ACTIVATE", "MFA_ENROLL_ACTIVATE"],
  ["FACTOR_REQUIRED", "MFA_REQUIRED"],
  ["FACTOR_CHALLENGE", "MFA_CHALLENGE"],
]);

function toFactor(factor: v.InferOutput<typeof factorSchema>): Factor {
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
  given: v.InferOutput<typeof policy> | undefined,
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
  const parsed = v.safeParse(challengeSchema, factor?.embedded.challenge);
  return parsed.success ? String(parsed.output.correctAnswer) : undefined;
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
  const parsed = v.safeParse(transactionSchema, json);
  return parsed.success ? toTransaction(parsed.output) : undefined;
}

function toTransaction(data: v.InferOutput<typeof transactionSchema>): AuthnTransaction {
  const state = toState(data);
  const status = RENAMED.get(data.status) ?? data.status;
  if (status === "SUCCESS") {
    return { ...state, status, sessionToken: optional(data.sessionToken, toSecret) };
  }
  const pending = PENDING_STATUSES.find((known) => known === status);
  if (pending !== undefined) return { ...state, status: pending };
  return { ...state, status: "UNRECOGNIZED", original: data.status };
}

function toState(data: v.InferOutput<typeof transactionSchema>): AuthnState {
  const { _embedded: embedded, _links: links } = data;
  const listed = v.parse(factorList, embedded?.factors ?? embedded?.factor) ?? [];
  const factor = optional(v.parse(oneFactor, embedded?.factor), toFactor);
  const resend = v.parse(linkList, links?.resend) ?? [v.parse(link, links?.resend)];
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
