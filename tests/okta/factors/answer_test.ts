import assert from "node:assert/strict";
import { NetworkError, SignInError } from "../../../src/errors.ts";
import { answerChallenge } from "../../../src/okta/factors/answer.ts";
import type {
  Authenticator,
  FactorChallenge,
  FactorSession,
} from "../../../src/okta/factors/authenticator.ts";
import { fakeAccount, fakeInteraction } from "../../fakes/fake_account.ts";

function duo(id: string): Authenticator {
  return { kind: "duo", factorType: "web", provider: "DUO", id, name: id, question: undefined };
}

const details = { hint: "wait" };
const FAILURES = [
  new SignInError("quota", { code: "errors.E0000150", ...details }),
  new NetworkError("quota", { code: "E0000147", ...details }),
  new SignInError("update it", {
    code: "oie.authenticator.custom_app.method.push.verify.enable.biometrics",
    ...details,
  }),
];

for (const failure of FAILURES) {
  Deno.test(`answerChallenge() offers the menu again after ${failure.code}`, async () => {
    const interaction = fakeInteraction({ choice: 0 });
    const { account } = fakeAccount({ interaction });
    let tries = 0;
    const challenge: FactorChallenge<string> = {
      authenticators: [duo("one"), duo("two")],
      choose: (authenticator) =>
        ++tries === 1
          ? Promise.reject(failure)
          : Promise.resolve({ authenticator } as FactorSession<string>),
    };
    Object.assign(account.factors, { answerDuo: () => Promise.resolve("done") });
    assert.equal(await answerChallenge(account, challenge), "done");
    assert.equal(interaction.menus.length, 2);
    assert.ok(interaction.said.includes(failure.message));
  });
}
