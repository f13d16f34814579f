import assert from "node:assert/strict";
import { codeToSend } from "../../../src/okta/factors/totp.ts";
import { Secret } from "../../../src/secret.ts";
import { fakeAccount, fakeInteraction } from "../../fakes/fake_account.ts";

Deno.test("codeToSend() waits for the next code instead of giving one twice", async () => {
  const interaction = fakeInteraction();
  const { account, clock } = fakeAccount({ interaction });
  account.secrets.read = () =>
    Promise.resolve({
      id: "1",
      password: undefined,
      totp: new Secret("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
      sessionKey: undefined,
    });
  const left = 30 - clock.now() / 1000 % 30;
  const codes = [await codeToSend(account), await codeToSend(account), await codeToSend(account)];
  assert.equal(new Set(codes.map((code) => code!.reveal())).size, 3);
  const waiting = (seconds: number) =>
    `this code has been used: waiting ${seconds} s for the next one`;
  assert.deepEqual(interaction.said, [waiting(Math.ceil(left)), waiting(30)]);
});
