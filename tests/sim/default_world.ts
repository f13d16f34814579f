/**
 * The default world of tests and the demo, and builders for people, factors and apps.
 */

import { createWorldClock } from "./clock.ts";
import { defaultPageShape, defaultResponseShape } from "./saml/shape.ts";
import {
  providerArn,
  roleArn,
  type SimAccount,
  type SimApp,
  type SimFactor,
  type SimUser,
  type World,
} from "./world.ts";

/** Every role of the accounts, with the account's first SAML provider. */
export function grantsOf(accounts: SimAccount[]): SimApp["grants"] {
  return accounts.flatMap((account) =>
    account.roles.map((role) => ({
      roleArn: roleArn(account, role),
      principalArn: providerArn(account, account.samlProviders[0] ?? "Okta"),
    }))
  );
}

/** A Google Authenticator factor; with provider `OKTA`, an Okta Verify code. */
export function totpFactor(secret: string, settings: Partial<SimFactor> = {}): SimFactor {
  return {
    id: settings.provider === "OKTA" ? "ostigevBq2NObXmTh0h7" : "uftigiEmYTPOmvqTS0h7",
    factorType: "token:software:totp",
    provider: "GOOGLE",
    totp: { secret, algorithm: "SHA-1", digits: 6, period: 30 },
    ...settings,
  };
}

/** A factor of another type with the values of a typical org. */
export function otherFactor(factorType: string, settings: Partial<SimFactor> = {}): SimFactor {
  const known = OTHER_FACTORS[factorType];
  return {
    id: "ufxigasO4dVUPM5O40h7",
    factorType,
    provider: "OKTA",
    // Codes are removed when used, so each factor gets its own copy.
    ...structuredClone(known),
    ...settings,
  };
}

const OTHER_FACTORS: Record<string, Partial<SimFactor>> = {
  push: {
    id: "opfhw7v2OnxKpftO40h7",
    profile: {
      credentialId: "jane@example.com",
      deviceType: "SmartPhone_IPhone",
      keys: [{
        kty: "PKIX",
        use: "sig",
        kid: "default",
        x5c: ["MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"],
      }],
      name: "Jane’s iPhone",
      platform: "IOS",
      version: "17.4",
    },
  },
  sms: { id: "smsigwDlH85L9FyQK0h7", profile: { phoneNumber: "+1 XXX-XXX-6688" } },
  call: { id: "clf193zUBEROPBNZKPPE", profile: { phoneNumber: "+1 XXX-XXX-6688" } },
  email: { id: "emfnf3gSScB8xXoXK0h7", profile: { email: "j...e@example.com" } },
  question: {
    id: "ufsigasO4dVUPM5O40h7",
    profile: {
      question: "disliked_food",
      questionText: "What is the food you least liked as a child?",
    },
    answer: "liver",
  },
  "token:hotp": {
    id: "uftihotp4dVUPM5O40h7",
    provider: "CUSTOM",
    vendorName: "Entrust",
    profile: { credentialId: "jane@example.com" },
    codes: ["755224", "287082", "359152"],
  },
  token: {
    id: "rsaigasO4dVUPM5O40h7",
    provider: "RSA",
    profile: { credentialId: "jane" },
    codes: ["20261121", "20261122", "20261123"],
  },
  "token:hardware": {
    id: "ykfigasO4dVUPM5O40h7",
    provider: "YUBICO",
    profile: { credentialId: "000003500025" },
    codes: ["cccccccccccbjgdtcvjrvkhdhefvvlhdkjtbbcfdkbgi"],
  },
  signed_nonce: { id: "pfdtxkyRQrmwfWdIE0g4", profile: { name: "Jane’s laptop" } },
  tac: { id: "tacigasO4dVUPM5O40h7", codes: ["47114711"] },
  claims_provider: {
    id: "smligasO4dVUPM5O40h7",
    provider: "CUSTOM",
    vendorName: "Acme IdP",
    profile: null,
  },
};

/** A person with a password and (by default) a Google TOTP factor. */
export function simUser(login: string, settings: Partial<SimUser> = {}): SimUser {
  return {
    id: "00ub0oNGTSWTBKOLGLNR",
    login,
    password: "correct-horse-battery-staple",
    firstName: "Jane",
    lastName: "O’Neill",
    factors: [totpFactor("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", { profile: { credentialId: login } })],
    mfa: "required",
    passwordState: "active",
    passwordChanged: Date.UTC(2024, 0, 15, 9, 30),
    lockedOut: false,
    denied: false,
    failedPasswords: 0,
    failedCodes: 0,
    ...settings,
  };
}

/** An `amazon_aws` app. */
export function awsApp(label: string, settings: Partial<SimApp> = {}): SimApp {
  return {
    id: "0oa3omz2i9XRNSRIHBZO",
    exk: "exk3omz2i9XRNSRIHBZO",
    name: "amazon_aws",
    label,
    linkNumber: 272,
    assigned: ["jane@example.com"],
    grants: [],
    sessionDuration: 3600,
    action: "https://signin.aws.amazon.com/saml",
    audience: "urn:amazon:webservices",
    relayState: "",
    response: defaultResponseShape(),
    page: defaultPageShape(),
    withoutSession: "redirect",
    stepUp: "none",
    stepUpResult: "original",
    embedRedirects: false,
    ...settings,
  };
}

/** The IAM Identity Center app, whose assertion grants no roles. */
export function identityCenterApp(settings: Partial<SimApp> = {}): SimApp {
  return awsApp("AWS IAM Identity Center", {
    id: "0oa5idcz2i9XRNSRIHBZ",
    exk: "exk5idcz2i9XRNSRIHBZ",
    name: "amazon_aws_sso",
    linkNumber: 643,
    sessionDuration: undefined,
    roleSessionName: null,
    action:
      "https://us-east-1.signin.aws.amazon.com/platform/saml/acs/3f1a7c52-6a5e-4f0b-9d1c-2b7e8a9c0d1e",
    audience: "https://us-east-1.signin.aws.amazon.com/platform/saml/d-9067f0a1b2",
    ...settings,
  });
}

function defaultAccounts(): SimAccount[] {
  return [
    {
      id: "123456789012",
      alias: "acme-production",
      samlProviders: ["Okta"],
      roles: [
        { name: "Administrator", path: "/", maxSessionDurationSeconds: 3600 },
        { name: "Developer", path: "/", maxSessionDurationSeconds: 43200 },
      ],
    },
    {
      id: "210987654321",
      samlProviders: ["Okta"],
      roles: [{ name: "ReadOnly", path: "/audit/", maxSessionDurationSeconds: 14400 }],
    },
  ];
}

/** Jane, one AWS app, three roles in two accounts. */
export function defaultWorld(): World {
  const accounts = defaultAccounts();
  return {
    clock: createWorldClock(),
    org: {
      id: "00o4wzh294nJMXp5P0h7",
      pipeline: "v1",
      idpType: "OKTA",
      trustedOrigins: [],
      stateTokenLifetimeMs: 5 * 60_000,
      sessionTokenLifetimeMs: 5 * 60_000,
      sessionLifetimeMs: 2 * 3600_000,
    },
    policy: {
      maxFailedPasswords: 10,
      maxFailedCodes: 5,
      showLockout: false,
      replayError: "E0000082",
      tellsTimeWindow: true,
      factorsMember: "factors",
      verifyQuery: "",
      allowRememberDevice: true,
      complexity: { minLength: 8, minLowerCase: 1, minUpperCase: 1, minNumber: 1, minSymbol: 0 },
      complexityError: "E0000080",
      strictAccept: true,
      nullErrorCauses: false,
    },
    idx: {
      identify: "combined",
      handles: "per_form",
      menu: "helpful",
      autoChallenge: false,
      probing: false,
      keepMeSignedIn: false,
      expiredAs: "reenroll-authenticator",
      success: "member",
      page: "script",
      refreshMs: 4000,
      keyHints: false,
      authn: "works",
      takesSid: true,
    },
    users: [simUser("jane@example.com")],
    apps: [awsApp("AWS Production", { grants: grantsOf(accounts) })],
    accounts,
    clusters: [],
    aws: {
      signinLayout: "nextjs",
      throttledRequests: 0,
      regionDisabled: false,
      throttlingStatus: 400,
      eksDenied: [],
      eksPageSize: 100,
    },
    throttles: [],
    faults: [],
  };
}
