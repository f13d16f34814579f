import assert from "node:assert/strict";
import type { AuthnTransaction } from "../../src/okta/classic/authn_transaction.ts";
import { parseAuthnTransaction } from "../../src/okta/classic/parse_authn_transaction.ts";
import { oktaError, parseOktaError } from "../../src/okta/client/error_codes.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

/** Folders of recorded answers and documentation examples. */
const FOLDERS = [
  "okta-auth-js/_json/xhr/",
  "okta-signin-widget/_json/xhr/",
  "okta-developer-docs/_derived/authn-reference/",
];

interface RecordedAnswer {
  name: string;
  status: number;
  /** The raw body. */
  body: string;
}

// deno-lint-ignore no-explicit-any -- raw JSON, deliberately read without our model
type Raw = any;

function readAnswer(folder: URL, name: string): RecordedAnswer {
  const { status, response, body = response }: Raw = JSON.parse(
    Deno.readTextFileSync(new URL(name, folder)),
  );
  const text = typeof body === "string" ? body : JSON.stringify(body ?? null);
  return { name, status: status ?? (body?.errorCode ? 400 : 200), body: text };
}

function readFolder(folder: string): RecordedAnswer[] {
  const url = new URL(folder, FIXTURES);
  try {
    return [...Deno.readDirSync(url)].map(({ name }) => name)
      .filter((name) => name.endsWith(".json")).sort().map((name) => readAnswer(url, name));
  } catch {
    return [];
  }
}

function rawJson(body: string): Raw {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const OLD_NAMES: Record<string, string> = {
  FACTOR_ENROLL: "MFA_ENROLL",
  FACTOR_ENROLL_ACTIVATE: "MFA_ENROLL_ACTIVATE",
  FACTOR_REQUIRED: "MFA_REQUIRED",
  FACTOR_CHALLENGE: "MFA_CHALLENGE",
};

/** States that a terminal can't handle: the user continues in the browser. */
const BROWSER_STATES = [
  "ADMIN_CONSENT_REQUIRED",
  "CONSENT_REQUIRED",
  "DEVICE_ACTIVATE",
  "DEVICE_ACTIVATED",
  "PROFILE_REQUIRED",
];

function checkLinks(transaction: AuthnTransaction, links: Raw): void {
  const next = links?.next ?? links?.original;
  assert.equal(transaction.next?.href, next?.href);
  assert.equal(transaction.next?.name, next?.name);
  assert.equal(transaction.cancel?.href, links?.cancel?.href);
  assert.equal(transaction.skip?.href, links?.skip?.href);
  const resend = [links?.resend ?? []].flat();
  assert.deepEqual(
    transaction.resend.map(({ name, href }) => [name, href]),
    resend.map((link: Raw) => [link.name, link.href]),
  );
}

function checkFactors(transaction: AuthnTransaction, embedded: Raw): void {
  const { factors, factor } = embedded ?? {};
  const listed: Raw[] = Array.isArray(factors) ? factors : Array.isArray(factor) ? factor : [];
  const facts = (one: Raw) => [
    one.id,
    one.factorType.toLowerCase(),
    (one.provider ?? "").toUpperCase(),
    one._links?.verify?.href,
    one._links?.enroll?.href,
  ];
  assert.deepEqual(
    transaction.factors.map((one) => [
      one.id,
      one.factorType,
      one.provider,
      one.verify,
      one.enroll,
    ]),
    listed.map(facts),
  );
  const single = factor !== undefined && !Array.isArray(factor);
  assert.equal(transaction.factor?.id, single ? factor.id : undefined);
  assert.equal(transaction.factor?.factorType, single ? factor.factorType : undefined);
}

/** Checks that the model has everything that the raw body has. */
function checkTransaction(body: string, raw: Raw): void {
  const transaction = parseAuthnTransaction(body);
  assert.ok(transaction !== undefined, "not read");
  const status = transaction.status === "UNRECOGNIZED" ? transaction.original : transaction.status;
  assert.equal(status, OLD_NAMES[raw.status] ?? raw.status);
  const unknown = transaction.status === "UNRECOGNIZED";
  assert.equal(unknown, BROWSER_STATES.includes(raw.status));
  assert.equal(transaction.factorResult, raw.factorResult);
  assert.equal(transaction.stateToken?.reveal(), raw.stateToken);
  const sessionToken = transaction.status === "SUCCESS" ? transaction.sessionToken : undefined;
  assert.equal(sessionToken?.reveal(), raw.sessionToken);
  assert.equal(transaction.expiresAt, raw.expiresAt ? Date.parse(raw.expiresAt) : undefined);
  assert.equal(
    transaction.passwordExpireDays,
    raw._embedded?.policy?.expiration?.passwordExpireDays,
  );
  checkLinks(transaction, raw._links);
  checkFactors(transaction, raw._embedded);
}

function checkError({ status, body }: RecordedAnswer, raw: Raw): void {
  const error = parseOktaError(body);
  assert.equal(error?.errorCode, raw.errorCode);
  assert.equal(error?.errorSummary, raw.errorSummary ?? "");
  assert.equal(error?.errorId, raw.errorId);
  const causes = (raw.errorCauses ?? []).map((cause: Raw) => cause.errorSummary);
  assert.deepEqual(error?.causes, causes);
  const thrown = oktaError({ status, body, headers: new Headers() }, "sign in");
  assert.equal(thrown.code, raw.errorCode);
  assert.ok(thrown.hint);
}

/** Users, phones and sessions also have a `status`, which is ACTIVE. */
function isTransaction(raw: Raw): boolean {
  return typeof raw?.status === "string" && raw.status !== "ACTIVE" && !("errorCode" in raw);
}

for (const folder of FOLDERS) {
  const answers = readFolder(folder);
  const parsed = answers.map((answer) => ({ answer, raw: rawJson(answer.body) }));
  const transactions = parsed.filter(({ raw }) => isTransaction(raw));
  const errors = parsed.filter(({ raw }) => typeof raw?.errorCode === "string");
  const rest = parsed.filter((one) => !transactions.includes(one) && !errors.includes(one));

  Deno.test({
    name: `parseAuthnTransaction() keeps everything of ${transactions.length} states in ${folder}`,
    ignore: ignoreWithoutData(answers.length === 0),
    async fn(t) {
      assert.ok(transactions.length > 0);
      for (const { answer, raw } of transactions) {
        await t.step(`${answer.name}: ${raw.status}`, () => checkTransaction(answer.body, raw));
      }
    },
  });

  Deno.test({
    name: `parseOktaError() keeps everything of ${errors.length} errors in ${folder}`,
    ignore: ignoreWithoutData(answers.length === 0),
    async fn(t) {
      assert.ok(errors.length > 0);
      for (const { answer, raw } of errors) {
        await t.step(`${answer.name}: ${raw.errorCode}`, () => checkError(answer, raw));
      }
    },
  });

  Deno.test({
    name:
      `parseAuthnTransaction() takes none of ${rest.length} other bodies in ${folder} for SUCCESS`,
    ignore: ignoreWithoutData(rest.length === 0),
    fn() {
      for (const { answer } of rest) {
        const transaction = parseAuthnTransaction(answer.body);
        assert.ok(
          transaction === undefined || transaction.status === "UNRECOGNIZED",
          answer.name,
        );
        assert.equal(parseOktaError(answer.body), undefined, answer.name);
      }
    },
  });
}
