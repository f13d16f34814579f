import assert from "node:assert/strict";
import { NetworkError } from "../../../src/errors.ts";
import { answerSentCode } from "../../../src/okta/factors/sent_code.ts";
import type { FactorContext } from "../../../src/okta/factors/factor_context.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

Deno.test("answerSentCode() leaves the question open if polling reaches a rate limit", async () => {
  let polls = 0;
  const typed = Promise.withResolvers<Secret>();
  const poll = () => {
    if (++polls === 2) typed.resolve(new Secret("123456"));
    const details = { code: "tooManyRequests", hint: "try again" };
    return Promise.reject(new NetworkError("too many requests", details));
  };
  const answers: unknown[] = [];
  const context = {
    interaction: {
      canAsk: () => Promise.resolve(true),
      say: () => Promise.resolve(),
      askSecret: () => typed.promise,
    },
    account: { session: { client: { clock: new FakeClock() } } },
    factor: {
      authenticator: { kind: "sent_code", factorType: "email", name: "e-mail" },
      canResend: false,
      pollMilliseconds: 4000,
      start: () => Promise.resolve({ kind: "asks", demand: { kind: "code" } }),
      poll,
      answer(answer: unknown) {
        answers.push(answer);
        return Promise.resolve({ kind: "next", transaction: "done" });
      },
    },
  } as unknown as FactorContext<string>;
  assert.equal(await answerSentCode(context), "done");
  assert.equal(polls, 2);
  assert.equal(answers.length, 1);
});
