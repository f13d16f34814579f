import { SignInError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import { object } from "../../schemas.ts";
import type { Secret } from "../../secret.ts";
import type {
  Authenticator,
  FactorAnswer,
  FactorChallenge,
  FactorSession,
  StepResult,
} from "../factors/authenticator.ts";
import { processAuthnResponse } from "./authn.ts";
import { authenticatorOf, GOING_ON, processFactorResponse, resultOf } from "./authn_factors.ts";
import type { AuthnTransaction, Factor } from "./authn_transaction.ts";
import type { OktaBody, OktaClient } from "../client/client.ts";
import * as v from "valibot";
import { oktaError } from "../client/error_codes.ts";

export interface AuthnChallengeOptions {
  client: OktaClient;
  transaction: AuthnTransaction;
  /** Whether to ask Okta to remember the device (`rememberDevice`, the `DT` cookie). */
  rememberDevice: boolean;
}

type State = AuthnChallengeOptions;

export function openAuthnChallenge(
  options: AuthnChallengeOptions,
): FactorChallenge<AuthnTransaction> {
  const state: State = { ...options };
  const { factors, factor } = options.transaction;
  // A page that starts in MFA_CHALLENGE lists only that challenge's factor.
  const offered = factors.length === 0 && factor !== undefined
    ? [{ ...factor, verify: factor.verify ?? servedBy(options.transaction) }]
    : mergeTypes(options.transaction);
  const byAuthenticator = new Map(offered.map((one) => [authenticatorOf(one), one]));
  return {
    authenticators: [...byAuthenticator.keys()],
    async choose(authenticator) {
      const chosen = byAuthenticator.get(authenticator)!;
      await leaveOther(state, chosen);
      return openSession(state, authenticator, chosen);
    },
  };
}

/** The link that answers a challenge that Okta has begun; `undefined` if only a browser can. */
export function servedBy({ status, next }: AuthnTransaction): string | undefined {
  const isServed = status === "MFA_CHALLENGE" && ["poll", "verify"].includes(next?.name ?? "");
  return isServed ? next!.href : undefined;
}

/** Types of which any factor (key, phone) can answer at one link. */
const SHARED_TYPES = ["webauthn", "u2f", "token:software:totp"];

/** Several factors of one type become one, if Okta has a link for the type. */
function mergeTypes({ factors, typeLinks }: AuthnTransaction): Factor[] {
  const merged = new Set<string>();
  return factors.flatMap((factor) => {
    const { factorType, provider } = factor;
    const link = typeLinks.get(factorType);
    const isShared = SHARED_TYPES.includes(factorType) && provider !== "GOOGLE";
    const alike = factors.filter((one) =>
      one.factorType === factorType && one.provider === provider
    );
    if (link === undefined || !isShared || alike.length < 2) return [factor];
    const key = `${factorType} ${provider}`;
    if (merged.has(key)) return [];
    merged.add(key);
    return [{ ...factor, id: undefined, profile: {}, verify: link }];
  });
}

/** Only the challenged factor can be answered: go back to the list first. */
async function leaveOther(state: State, chosen: Factor): Promise<void> {
  const { status, factor, prev, stateToken } = state.transaction;
  if (status !== "MFA_CHALLENGE" || factor?.id === chosen.id || prev === undefined) return;
  const response = await state.client.post(prev.href, { stateToken });
  state.transaction = processAuthnResponse(response, "go back to the list of factors");
}

function openSession(
  state: State,
  authenticator: Authenticator,
  factor: Factor,
): FactorSession<AuthnTransaction> {
  const { client } = state;
  const read = (response: HttpResponse): StepResult<AuthnTransaction> => {
    const { result, transaction } = processFactorResponse(response, authenticator, client.org);
    if (transaction !== undefined) state.transaction = transaction;
    return result;
  };
  const verify = (body: OktaBody) => postVerify(state, factor, { body }).then(read);
  let begun = isBegun(state.transaction, factor) ? state.transaction : undefined;
  return {
    authenticator,
    get expiresAt() {
      return state.transaction.expiresAt;
    },
    get canResend() {
      return state.transaction.resend.length > 0;
    },
    start() {
      // A challenge that Okta has begun is not sent twice.
      const at = begun;
      begun = undefined;
      return at === undefined
        ? verify({})
        : Promise.resolve(resultOf(at, authenticator, client.org));
    },
    async answer(answer: FactorAnswer) {
      if (answer.kind !== "duo") return await verify(answerBody(answer));
      await completeDuo(state, answer);
      return await verify({});
    },
    poll: () => postVerify(state, factor, { idempotent: true }).then(read),
    async resend() {
      const { resend } = state.transaction;
      const link = resend.find(({ name }) => name === factor.factorType) ?? resend[0];
      if (link === undefined) return await verify({});
      return read(await client.post(link.href, { stateToken: stateTokenOf(state) }));
    },
  };
}

function isBegun(transaction: AuthnTransaction, { id }: Factor): boolean {
  return servedBy(transaction) !== undefined && transaction.factor?.id === id &&
    GOING_ON.includes(transaction.factorResult);
}

function stateTokenOf({ transaction: { stateToken } }: State): Secret {
  if (stateToken !== undefined) return stateToken;
  throw new SignInError("Okta's response has no stateToken", {
    code: "no_state_token",
    hint: "try again; if it fails again, sign in with a browser",
  });
}

/** Uses the factor's own link: its id may differ from the factor's. */
function postVerify(
  state: State,
  factor: Factor,
  { body = {}, idempotent = false }: { body?: OktaBody; idempotent?: boolean },
): Promise<HttpResponse> {
  const { next, status } = state.transaction;
  const link = status === "MFA_CHALLENGE" && (next?.name === "poll" || next?.name === "verify")
    ? next.href
    : factor.verify ?? next?.href;
  const url = new URL(link!, state.client.org);
  // As a query parameter: Okta ignores it in the body.
  if (remembers(state)) url.searchParams.set("rememberDevice", "true");
  return state.client.post(
    url.href,
    { stateToken: stateTokenOf(state), ...body },
    { idempotent, password: body.password !== undefined },
  );
}

function remembers({ rememberDevice, transaction }: State): boolean {
  return rememberDevice && transaction.allowRememberDevice !== false;
}

/** The body without the stateToken. Okta accepts `answer` for questions only. */
function answerBody(answer: Exclude<FactorAnswer, { kind: "duo" }>): OktaBody {
  switch (answer.kind) {
    case "code":
      return { passCode: answer.passCode };
    case "question":
      return { answer: answer.answer };
    case "password":
      return { password: answer.password };
    case "webauthn":
    case "u2f": {
      const { kind: _, ...fields } = answer;
      return fields;
    }
  }
}

const verificationSchema = object({
  _links: object({ complete: object({ href: v.string() }) }),
});

/**
 * Sends Duo's response to Okta, as Duo's frame would
 * (https://developer.okta.com/docs/reference/api/authn/#verify-duo-factor).
 *
 * @throws {SignInError} Okta's refusal.
 */
async function completeDuo(
  state: State,
  { signedResponse }: Extract<FactorAnswer, { kind: "duo" }>,
): Promise<void> {
  const { factor } = state.transaction;
  const parsed = v.safeParse(verificationSchema, factor?.embedded.verification);
  if (!parsed.success) {
    throw new SignInError("Okta's response has no link for Duo's answer", {
      code: "bad_answer",
      hint: "try again, or choose another factor",
    });
  }
  const response = await state.client.postForm(parsed.output._links.complete.href, {
    id: factor!.id,
    stateToken: stateTokenOf(state),
    sig_response: signedResponse,
  });
  if (response.status >= 400) throw oktaError(response, "accept Duo's answer");
}
