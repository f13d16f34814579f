import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { OktaClient } from "../client/client.ts";
import { processIdxResponse, submitRequest } from "./idx.ts";
import { answerField, type IdxAnswers } from "./idx_body.ts";
import { idxReason } from "./idx_factor_response.ts";
import { textOf } from "./idx_json.ts";
import { idxRefusal } from "./idx_refusals.ts";
import {
  errorMessage,
  type IdxForm,
  type IdxOption,
  type IdxTransaction,
  remediation,
} from "./idx_transaction.ts";
import type { EnrollmentOffer, StartedEnrollment } from "../factors/enroll_totp.ts";

const DOING = "enrol a time-based code";

/** Google Authenticator: Okta shows its secret, but not that of Okta Verify. */
const KEY = "google_otp";

/** Okta's request to enrol (`select-authenticator-enroll` or `enroll-authenticator`). */
export function idxEnrollment(
  client: OktaClient,
  transaction: IdxTransaction,
): EnrollmentOffer<IdxTransaction> {
  const options = remediation(transaction, "select-authenticator-enroll")?.fields
    .find(({ name }) => name === "authenticator")?.options ?? [];
  const names = options.map(({ label }) => label);
  const skip = remediation(transaction, "skip");
  const google = options.find(isGoogle);
  const begun = begunEnrollment(client, transaction);
  const start = begun === undefined
    ? google && (() => select(client, transaction, google))
    : () => Promise.resolve(begun);
  return {
    names: showUntrusted((names.length > 0 ? names : [nameOfCurrent(transaction)]).join(", ")),
    underWay: false,
    leave: skip &&
      (async () =>
        processIdxResponse(await submitRequest(client, skip), "continue without another factor")),
    start,
  };
}

function nameOfCurrent({ current }: IdxTransaction): string {
  return current?.displayName ?? current?.key ?? "";
}

function isGoogle({ relatesTo, label }: IdxOption): boolean {
  return relatesTo === undefined ? /google auth/i.test(label) : relatesTo.key === KEY;
}

async function select(
  client: OktaClient,
  transaction: IdxTransaction,
  { fields }: IdxOption,
): Promise<StartedEnrollment<IdxTransaction> | undefined> {
  const form = remediation(transaction, "select-authenticator-enroll")!;
  const authenticator: IdxAnswers = {};
  for (const { name, value } of fields) {
    if (typeof value === "string") authenticator[name] = value;
  }
  const response = await submitRequest(client, form, { authenticator });
  return begunEnrollment(client, processIdxResponse(response, DOING));
}

/** If there is only one thing to enrol, Okta starts it automatically. */
function begunEnrollment(
  client: OktaClient,
  transaction: IdxTransaction,
): StartedEnrollment<IdxTransaction> | undefined {
  const { current } = transaction;
  const sharedSecret = textOf(current?.contextualData.sharedSecret);
  let form = remediation(transaction, "enroll-authenticator");
  if (form === undefined || sharedSecret === undefined) return undefined;
  return {
    key: { sharedSecret: new Secret(sharedSecret), timeStepSeconds: 30, digits: 6 },
    async activate(code) {
      const answers = { credentials: { [answerField(form!) ?? "passcode"]: code } };
      const response = await submitRequest(client, form!, answers);
      const answered = processIdxResponse(response, "activate the new factor");
      const again: IdxForm | undefined = remediation(answered, "enroll-authenticator");
      if (errorMessage(answered) === undefined || again === undefined) {
        return { kind: "next", transaction: answered };
      }
      form = again;
      return {
        kind: "refused",
        reason: idxReason(errorMessage(answered)!.key),
        says: showUntrusted(errorMessage(answered)!.text),
        error: idxRefusal(answered, "activate the new factor"),
      };
    },
  };
}
