import assert from "node:assert/strict";
import { idxMove } from "../../src/okta/idx/idx_move.ts";
import { idxRefusal } from "../../src/okta/idx/idx_refusals.ts";
import type { IdxForm, IdxTransaction } from "../../src/okta/idx/idx_transaction.ts";
import { parseIdxTransaction } from "../../src/okta/idx/parse_idx_transaction.ts";
import { Secret } from "../../src/secret.ts";
import {
  idxMocks,
  ignoreIdxMocks as ignore,
  isTransaction,
  type Json,
  remediationsOf,
} from "./idx_mocks.ts";

const TRANSACTIONS = idxMocks.filter(({ body }) => isTransaction(body));

function handleOf(raw: Json): unknown {
  const fields: Json[] = Array.isArray(raw.value) ? raw.value : [];
  return fields.find(({ name }) => name === "stateHandle")?.value;
}

function checkForm(form: IdxForm, raw: Json): void {
  assert.equal(form.name, raw.name);
  assert.equal(form.href, raw.href);
  assert.equal(form.method, raw.method ?? "POST");
  assert.equal(form.refresh, raw.refresh);
  const handle = form.fields.find(({ name }) => name === "stateHandle")?.value;
  assert.equal(handle instanceof Secret ? handle.reveal() : handle, handleOf(raw));
  const names = (Array.isArray(raw.value) ? raw.value : []).map(({ name }: Json) => name);
  assert.deepEqual(form.fields.map(({ name }) => name), names);
}

/** Every list of messages, at any depth. */
function rawMessages(value: Json): Json[] {
  if (value === null || typeof value !== "object") return [];
  const own = Array.isArray(value.messages?.value) ? value.messages.value : [];
  return [...own, ...Object.values(value).flatMap((inner) => rawMessages(inner))];
}

function sorted(keys: unknown[]): string[] {
  return keys.map(String).sort();
}

function checkTransaction(transaction: IdxTransaction, raw: Json): void {
  const remediations = remediationsOf(raw).filter(({ href }) => href !== undefined);
  assert.equal(transaction.remediations.length, remediations.length);
  transaction.remediations.forEach((form, index) => checkForm(form, remediations[index]));
  assert.equal(transaction.stateHandle?.reveal(), raw.stateHandle);
  assert.equal(transaction.cancel?.href, raw.cancel?.href);
  const current = raw.currentAuthenticatorEnrollment ?? raw.currentAuthenticator;
  assert.equal(transaction.current?.key, current?.value?.key);
  const number = current?.value?.contextualData?.correctAnswer;
  assert.equal(transaction.current?.contextualData.correctAnswer, number);
  const messages = rawMessages({ messages: raw.messages, remediation: raw.remediation });
  assert.deepEqual(
    sorted(transaction.messages.map(({ key }) => key).filter((key) => key !== "device_enrollment")),
    sorted(messages.map(({ i18n }) => i18n?.key ?? "")),
  );
}

Deno.test({
  name: `parseIdxTransaction() keeps everything of ${TRANSACTIONS.length} recorded answers`,
  ignore,
  async fn(t) {
    assert.ok(TRANSACTIONS.length > 150);
    for (const { name, text, body } of TRANSACTIONS) {
      await t.step(name, () => {
        const transaction = parseIdxTransaction(text);
        assert.ok(transaction, "not read");
        checkTransaction(transaction, body);
      });
    }
  },
});

Deno.test({
  name: "parseIdxTransaction() returns undefined for other recorded bodies",
  ignore,
  fn() {
    for (const { name, text } of idxMocks.filter(({ body }) => !isTransaction(body))) {
      assert.equal(parseIdxTransaction(text), undefined, name);
    }
  },
});

Deno.test({
  name: "idxRefusal() returns Okta's key and message and a hint for every recorded error",
  ignore,
  async fn(t) {
    const refusals = TRANSACTIONS.filter(({ body }) =>
      remediationsOf(body).length === 0 && rawMessages(body).length > 0
    );
    assert.ok(refusals.length > 20);
    for (const { name, text, body } of refusals) {
      await t.step(name, () => {
        const error = idxRefusal(parseIdxTransaction(text, 403)!, "sign in");
        const keys = rawMessages(body).map(({ i18n }) => i18n?.key);
        assert.ok(keys.includes(error.code), error.code);
        assert.ok(error.message.includes(error.code));
        assert.ok(error.hint);
      });
    }
  },
});

/** The remediations that a terminal can handle. */
const HANDLED = [
  "authenticator-verification-data",
  "cancel-transaction",
  "challenge-authenticator",
  "challenge-poll",
  "device-assurance-grace-period",
  "device-challenge-poll",
  "enroll-authenticator",
  "identify",
  "keep-me-signed-in",
  "poll",
  "reenroll-authenticator",
  "reenroll-authenticator-warning",
  "resend",
  "reset-authenticator",
  "select-authenticator-authenticate",
  "select-authenticator-enroll",
  "skip",
  "success-redirect",
];

Deno.test({
  name: "sign-in: handles every recorded remediation, or sends it to the browser",
  ignore,
  async fn(t) {
    const waiting = TRANSACTIONS.filter(({ body }) => remediationsOf(body).length > 0);
    for (const { name, text, body } of waiting) {
      await t.step(name, () => {
        const names = remediationsOf(body).map(({ name }) => name);
        const move = idxMove(parseIdxTransaction(text)!);
        const isHandled = names.some((one) => HANDLED.includes(one));
        assert.equal(move.kind !== "browser", isHandled, names.join());
        if (move.kind !== "browser") return;
        assert.ok(move.names.length > 0);
        for (const one of move.names) assert.ok(names.includes(one), one);
      });
    }
    const all = new Set(
      waiting.flatMap(({ body }) => remediationsOf(body).map(({ name }) => name)),
    );
    for (const one of HANDLED) assert.ok(all.has(one), `${one} is not recorded`);
  },
});
