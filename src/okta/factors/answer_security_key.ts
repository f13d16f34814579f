/**
 * A security key (WebAuthn, U2F) that is plugged in, by libfido2's tools.
 *
 * @module
 */

import { InteractionError, type OktaAwsError, SignInError } from "../../errors.ts";
import type { SecurityKeyDemand } from "./authenticator.ts";
import { keyAnswer, type KeyAssertion, type KeyChallenge, keyChallenge } from "./security_key.ts";
import type { SecurityKeyRequest, SecurityKeyResult, SecurityKeys } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { FactorContext } from "./factor_context.ts";
import { nobodyThere, unexpected } from "./factor_errors.ts";

/** One credential on one key. */
interface Candidate {
  device: string;
  request: SecurityKeyRequest;
}

/** How often a person may mistype the key's PIN; a key locks after three in a row, for good after eight. */
const PIN_TRIES = 2;

/** The key knows the credential, and says so without being touched. */
const KNOWN = ["FIDO_ERR_USER_PRESENCE_REQUIRED", "FIDO_ERR_UP_REQUIRED"];

const WANTS_PIN = ["FIDO_ERR_PIN_REQUIRED", "FIDO_ERR_PUAT_REQUIRED", "FIDO_ERR_UV_INVALID"];

/**
 * @throws {InteractionError} `no_fido2_tools`, `no_security_key`, `unanswered`; `no_terminal` if
 * nobody is
 * there to touch the key, or to type its PIN.
 * @throws {SignInError} `key_not_enrolled`, `key_refused`
 */
export async function answerSecurityKey<T>(context: FactorContext<T>): Promise<T> {
  const { factor, interaction, account } = context;
  if (!await interaction.mayPush()) throw nobodyThere(factor.authenticator);
  const keys = await account.factors.securityKeys();
  const devices = await pluggedIn(context, keys);
  const started = await factor.start();
  if (started.kind === "next") return started.transaction;
  if (started.kind !== "asks") throw unexpected(started);
  const { demand } = started;
  if (demand.kind !== "webauthn" && demand.kind !== "u2f") throw unexpected(started);
  const challenge = await keyChallenge(demand);
  const candidate = await findCredential(keys, candidates(devices, demand, challenge));
  const assertion = await touch(context, keys, candidate);
  const result = await factor.answer(keyAnswer(demand, challenge, assertion));
  if (result.kind === "next") return result.transaction;
  throw unexpected(result);
}

/** A person is given the time to fetch the key. */
async function pluggedIn<T>(
  { interaction }: FactorContext<T>,
  keys: SecurityKeys,
): Promise<string[]> {
  for (;;) {
    const devices = await keys.list();
    if (devices.length > 0) return devices;
    const again = await interaction.canAsk() &&
      await interaction.askConfirm("No security key is plugged in. Look again", true);
    if (again) continue;
    throw new InteractionError("no security key is plugged in", {
      code: "no_security_key",
      hint: "plug it in and try again, or choose another factor",
    });
  }
}

function candidates(
  devices: string[],
  { userVerification }: SecurityKeyDemand,
  { clientDataHash, relyingParties, credentialIds }: KeyChallenge,
): Candidate[] {
  const pin = userVerification === "required";
  return devices.flatMap((device) =>
    relyingParties.flatMap(({ id: rpId, u2f }) =>
      credentialIds.map((credentialId) => ({
        device,
        // U2F has no PIN.
        request: { clientDataHash, rpId, credentialId, u2f, touch: true, pin: pin && !u2f },
      }))
    )
  );
}

/** With several keys or credentials: which belongs to which is asked without a touch. */
async function findCredential(keys: SecurityKeys, all: Candidate[]): Promise<Candidate> {
  let second: Candidate | undefined;
  for (const candidate of all.length === 1 ? [] : all) {
    const request = { ...candidate.request, touch: false, pin: false };
    const result = await keys.sign(candidate.device, request);
    if (result.kind === "signed" || KNOWN.includes(result.code)) return candidate;
    // It does not tell before it has seen its PIN.
    if (WANTS_PIN.includes(result.code)) second ??= candidate;
  }
  return second ?? all[0]!;
}

async function touch<T>(
  context: FactorContext<T>,
  keys: SecurityKeys,
  { device, request }: Candidate,
): Promise<KeyAssertion> {
  const { interaction, account } = context;
  const purpose = (await account.factors.purpose()).map((line) => `  ${line}\n`).join("");
  await interaction.show(`touch your security key\n${purpose}`);
  let { pin } = request;
  let wrongPins = 0;
  for (;;) {
    // fido2-assert itself asks for the PIN at the terminal.
    if (pin && !await interaction.canAsk()) throw nobodyThere(context.factor.authenticator);
    const result: SecurityKeyResult = await keys.sign(device, { ...request, pin });
    if (result.kind === "signed") return result;
    const wantsPin = WANTS_PIN.includes(result.code) && !pin && !request.u2f;
    const wrongPin = result.code === "FIDO_ERR_PIN_INVALID" && ++wrongPins < PIN_TRIES;
    if (!wantsPin && !wrongPin) throw refusal(result.code);
    if (wrongPin) await interaction.say("wrong PIN: try again");
    pin = true;
  }
}

function refusal(code: string): OktaAwsError {
  switch (code) {
    case "FIDO_ERR_NO_CREDENTIALS":
    case "FIDO_ERR_INVALID_CREDENTIAL":
      return new SignInError("this security key is not enrolled at Okta", {
        code: "key_not_enrolled",
        hint: "plug in the one that is enrolled, or choose another factor",
      });
    case "FIDO_ERR_ACTION_TIMEOUT":
    case "FIDO_ERR_USER_ACTION_TIMEOUT":
    case "FIDO_ERR_TIMEOUT":
      return new InteractionError("nobody touched the security key in time", {
        code: "unanswered",
        hint: "try again, and touch the key when it blinks",
      });
    case "FIDO_ERR_PIN_AUTH_BLOCKED":
    case "FIDO_ERR_PIN_BLOCKED":
      return new SignInError("the security key is locked after too many wrong PINs", {
        code: "key_refused",
        hint: code === "FIDO_ERR_PIN_BLOCKED"
          ? "reset it and enrol it again at Okta, or choose another factor"
          : "unplug it, plug it in again and try again",
      });
    default:
      return new SignInError(`the security key failed: ${showUntrusted(code)}`, {
        code: "key_refused",
        hint:
          "unplug it, plug it in again and try again; on Linux, install libfido2's udev rules for " +
          "access to it",
      });
  }
}
