/** The JSON bodies of authn transactions. */

import { oktaNow, oktaTime } from "../../clock.ts";
import { oktaToken } from "../../random_text.ts";
import type { Transaction } from "../../state.ts";
import type { SimFactor, SimUser } from "../../world.ts";
import type { OktaContext } from "../context.ts";

type Json = Record<string, unknown>;

export function link(href: string, method?: string, name?: string): Json {
  return { ...(name === undefined ? {} : { name }), href, hints: { allow: [method ?? "POST"] } };
}

function userBody(user: SimUser): Json {
  return {
    id: user.id,
    passwordChanged: oktaTime(user.passwordChanged),
    profile: {
      login: user.login,
      firstName: user.firstName,
      lastName: user.lastName,
      locale: "en_US",
      timeZone: "America/Los_Angeles",
    },
  };
}

/** The factor being challenged or activated: no vendor name, unlike in lists. */
function factorBody({ id, factorType, provider, profile }: SimFactor, embedded?: Json): Json {
  return {
    id,
    factorType,
    provider,
    ...(profile === undefined ? {} : { profile }),
    ...(embedded === undefined ? {} : { _embedded: embedded }),
  };
}

function listedFactor(context: OktaContext, factor: SimFactor): Json {
  const { vendorName = factor.provider } = factor;
  const _links = { verify: link(verifyHref(context, factor.id)) };
  return { ...factorBody(factor), vendorName, _links };
}

export function verifyHref({ world, origin }: OktaContext, id: string): string {
  const base = world.policy.linkOrigin ?? origin;
  return `${base}/api/v1/authn/factors/${id}/verify${world.policy.verifyQuery}`;
}

const ENROLLABLE: [string, string][] = [
  ["question", "OKTA"],
  ["token:software:totp", "GOOGLE"],
  ["token:software:totp", "OKTA"],
  ["sms", "OKTA"],
  ["push", "OKTA"],
];

function targetBody(context: OktaContext, transaction: Transaction): Json {
  const { app } = transaction;
  if (!app) return {};
  const logo = `${context.origin}/assets/img/logos/amazon_aws.png`;
  return {
    target: {
      type: "APP",
      name: app.name,
      label: app.label,
      _links: { logo: { name: "medium", href: logo, type: "image/png" } },
    },
    authentication: {
      protocol: "SAML2.0",
      issuer: { id: app.id, name: app.label, uri: app.exk },
    },
  };
}

function base(context: OktaContext, transaction: Transaction): Json {
  return {
    stateToken: transaction.stateToken,
    ...(transaction.app ? { type: "SESSION_STEP_UP" } : {}),
    expiresAt: oktaTime(transaction.expiresAt),
    status: transaction.status === "STOPPED" ? transaction.user!.endsIn : transaction.status,
    ...(transaction.relayState === undefined ? {} : { relayState: transaction.relayState }),
    _embedded: {
      ...(transaction.user ? { user: userBody(transaction.user) } : {}),
      ...targetBody(context, transaction),
    },
  };
}

/** What a state adds to the base body. */
interface Addition {
  top?: Json;
  embedded?: Json;
  links?: Json;
}

function devicePolicy({ world }: OktaContext): Json {
  return {
    allowRememberDevice: world.policy.allowRememberDevice,
    rememberDeviceLifetimeInMinutes: 0,
    rememberDeviceByDefault: false,
  };
}

function factorRequired(context: OktaContext, { user }: Transaction): Addition {
  const { world } = context;
  const factors = user!.factors.map((factor) => listedFactor(context, factor));
  const pushes = user!.factors.filter(({ factorType }) => factorType === "push");
  const autoPush = pushes.map(({ id }) => [id, { autoPushEnabled: false }]);
  return {
    embedded: {
      [world.policy.factorsMember]: factors,
      policy: {
        ...devicePolicy(context),
        ...(pushes.length === 0 ? {} : { factorsPolicyInfo: Object.fromEntries(autoPush) }),
      },
    },
  };
}

/** In challenges, these factor types have a vendor name, and the body has the policy. */
const NAMED_IN_CHALLENGE = [
  "web",
  "claims_provider",
  "assertion:saml2",
  "assertion:oidc",
  "u2f",
  "webauthn",
];

function challengedFactor(context: OktaContext, factor: SimFactor, embedded?: Json): Json {
  if (!NAMED_IN_CHALLENGE.includes(factor.factorType)) {
    return { factor: factorBody(factor, embedded) };
  }
  const { profile, ...body } = factorBody(factor, embedded);
  const vendorName = factor.vendorName ?? factor.provider;
  return {
    factor: { ...body, ...(profile === null ? {} : { profile }), vendorName },
    policy: devicePolicy(context),
  };
}

function factorChallenge(context: OktaContext, transaction: Transaction): Addition {
  const factor = transaction.user!.factors.find(({ id }) => id === transaction.factorId)!;
  const href = verifyHref(context, factor.id);
  const { factorResult, challenge = {} } = transaction;
  const { name, href: nextHref, method } = challenge.next ?? {
    name: factorResult === "WAITING" ? "poll" : "verify",
    href,
    method: "POST",
  };
  const resend = `${context.origin}/api/v1/authn/factors/${factor.id}/verify/resend`;
  const resendable = ["push", "sms", "email"].includes(factor.factorType);
  return {
    top: {
      ...(factorResult === undefined ? {} : { factorResult }),
      ...(challenge.type === undefined ? {} : { challengeType: challenge.type }),
    },
    embedded: challengedFactor(context, factor, challenge.embedded),
    links: {
      next: link(nextHref, method, name),
      prev: link(`${context.origin}/api/v1/authn/previous`),
      ...(resendable ? { resend: [link(resend, "POST", factor.factorType)] } : {}),
    },
  };
}

function factorEnroll({ origin }: OktaContext, transaction: Transaction): Addition {
  const user = transaction.user!;
  const factors = ENROLLABLE.map(([factorType, provider]) => {
    const active = user.factors.some((factor) =>
      factor.factorType === factorType && factor.provider === provider
    );
    return {
      factorType,
      provider,
      vendorName: provider,
      _links: { enroll: link(`${origin}/api/v1/authn/factors`) },
      status: active ? "ACTIVE" : "NOT_SETUP",
      enrollment: "OPTIONAL",
    };
  });
  const skip = user.mfa === "enroll_optional"
    ? { skip: link(`${origin}/api/v1/authn/skip`, "POST", "skip") }
    : {};
  return { embedded: { factors }, links: skip };
}

function enrollActivate({ origin }: OktaContext, transaction: Transaction): Addition {
  const factor = transaction.enrolling!;
  const { totp } = factor;
  const factorUrl = `${origin}/api/v1/users/${transaction.user!.id}/factors/${factor.id}`;
  const activation = {
    timeStep: totp!.period,
    sharedSecret: totp!.secret,
    encoding: "base32",
    keyLength: totp!.digits,
    _links: {
      qrcode: { href: `${factorUrl}/qr/${transaction.stateToken}`, type: "image/png" },
    },
  };
  return {
    embedded: { factor: factorBody(factor, { activation }) },
    links: {
      next: link(
        `${origin}/api/v1/authn/factors/${factor.id}/lifecycle/activate`,
        "POST",
        "activate",
      ),
      prev: link(`${origin}/api/v1/authn/previous`),
    },
  };
}

function password({ world, origin }: OktaContext, { user, status }: Transaction): Addition {
  const state = user!.passwordState;
  const expiration = typeof state === "object"
    ? { expiration: { passwordExpireDays: state.expiresInDays } }
    : {};
  const change = `${origin}/api/v1/authn/credentials/change_password`;
  const skip = status === "PASSWORD_WARN"
    ? { skip: link(`${origin}/api/v1/authn/skip`, "POST", "skip") }
    : {};
  return {
    embedded: { policy: { ...expiration, complexity: world.policy.complexity } },
    links: { next: link(change, "POST", "changePassword"), ...skip },
  };
}

/** A forgotten password or a locked account. */
function recovery(context: OktaContext, { status, user, recovery }: Transaction): Addition {
  const { type: recoveryType, factorType } = recovery!;
  const authn = `${context.origin}/api/v1/authn`;
  if (status === "RECOVERY_CHALLENGE") {
    const factor = `${authn}/recovery/factors/${factorType}`;
    return {
      top: { factorType, recoveryType },
      links: {
        next: link(`${factor}/verify`, "POST", "verify"),
        resend: link(`${factor}/resend`, "POST", factorType.toLowerCase()),
      },
    };
  }
  if (status === "RECOVERY") {
    const { question } = user!.recovery!;
    return {
      top: { recoveryType },
      embedded: { user: { ...userBody(user!), recovery_question: { question } } },
      links: { next: link(`${authn}/recovery/answer`, "POST", "answer") },
    };
  }
  const { complexity } = context.world.policy;
  const policy = {
    expiration: { passwordExpireDays: 0 },
    complexity,
    age: { minAgeMinutes: 0, historyCount: 0 },
  };
  const reset = `${authn}/credentials/reset_password`;
  return {
    top: { recoveryType },
    embedded: { policy },
    links: { next: link(reset, "POST", "resetPassword") },
  };
}

function addition(context: OktaContext, transaction: Transaction): Addition {
  const { origin } = context;
  switch (transaction.status) {
    case "UNAUTHENTICATED":
      return { links: { next: link(`${origin}/api/v1/authn`, "POST", "authenticate") } };
    case "MFA_REQUIRED":
      return factorRequired(context, transaction);
    case "MFA_CHALLENGE":
      return factorChallenge(context, transaction);
    case "MFA_ENROLL":
      return factorEnroll(context, transaction);
    case "MFA_ENROLL_ACTIVATE":
      return enrollActivate(context, transaction);
    case "PASSWORD_EXPIRED":
    case "PASSWORD_WARN":
      return password(context, transaction);
    case "RECOVERY_CHALLENGE":
    case "RECOVERY":
    case "PASSWORD_RESET":
      return recovery(context, transaction);
    case "STOPPED":
    case "SUCCESS":
      return {};
  }
}

function pendingBody(context: OktaContext, transaction: Transaction): Json {
  const body = base(context, transaction);
  const { top = {}, embedded = {}, links = {} } = addition(context, transaction);
  const cancel = transaction.status === "UNAUTHENTICATED"
    ? {}
    : { cancel: link(`${context.origin}/api/v1/authn/cancel`) };
  return {
    ...body,
    ...top,
    _embedded: { ...body._embedded as Json, ...embedded },
    _links: { ...links, ...cancel },
  };
}

function sessionTokenFor(context: OktaContext, transaction: Transaction): string {
  const sessionToken = oktaToken("2011");
  context.state.sessionTokens.set(sessionToken, {
    user: transaction.user!,
    expiresAt: oktaNow(context.world.clock) + context.world.org.sessionTokenLifetimeMs,
    amr: [...transaction.amr],
    ...(transaction.app ? { steppedUp: transaction.app.id } : {}),
  });
  return sessionToken;
}

function successBody(context: OktaContext, transaction: Transaction): Json {
  const { stateToken, ...body } = base(context, transaction);
  const result = transaction.app?.stepUpResult ?? "sessionToken";
  if (result !== "original") body.sessionToken = sessionTokenFor(context, transaction);
  if (result === "sessionToken") {
    context.state.transactions.delete(stateToken as string);
    return body;
  }
  const path = result === "both" ? "/login/token/redirect" : "/login/step-up/redirect";
  const next = link(`${context.origin}${path}?stateToken=${stateToken}`, "GET", "original");
  return { stateToken, ...body, _links: { next } };
}

export function showTransaction(context: OktaContext, transaction: Transaction): Response {
  const body = transaction.status === "SUCCESS"
    ? successBody(context, transaction)
    : pendingBody(context, transaction);
  return Response.json(body);
}
