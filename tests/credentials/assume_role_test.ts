import assert from "node:assert/strict";
import { assumeGrantedRole, type StsContext } from "../../src/credentials/assume_role.ts";
import type { AppAssertion } from "../../src/okta/sign_in/obtain_assertion.ts";
import type { AccountState, StateChange } from "../../src/store/account_state.ts";
import { Secret } from "../../src/secret.ts";
import { fakeAccount, fakeInteraction } from "../fakes/fake_account.ts";

const ROLE = {
  roleArn: "arn:aws:iam::123456789012:role/Dev",
  principalArn: "arn:aws:iam::123456789012:saml-provider/Okta",
};
const DAY = 24 * 3600 * 1000;

const TOO_LONG = `<ErrorResponse><Error><Code>ValidationError</Code>
<Message>The requested DurationSeconds exceeds the MaxSessionDuration set for this role.</Message>
</Error></ErrorResponse>`;
const ISSUED = `<AssumeRoleWithSAMLResponse><AssumeRoleWithSAMLResult><Credentials>
<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
<SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>
<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/Dev/jane</Arn>
<AssumedRoleId>A:jane</AssumedRoleId></AssumedRoleUser>
</AssumeRoleWithSAMLResult></AssumeRoleWithSAMLResponse>`;

function stage() {
  const { account, clock, state } = fakeAccount();
  const change = (members: StateChange | ((now: AccountState) => StateChange)) =>
    Promise.resolve(
      void Object.assign(state, typeof members === "function" ? members(state) : members),
    );
  const asked: number[] = [];
  let most = 3600;
  const context = {
    clock,
    state: { ...account.session.state, change },
    interaction: fakeInteraction(),
    http: {
      send({ body }: { body: string }) {
        const seconds = Number(new URLSearchParams(body).get("DurationSeconds"));
        asked.push(seconds);
        const fits = seconds <= most;
        const headers = new Headers({ "content-type": "text/xml" });
        return Promise.resolve({
          status: fits ? 200 : 400,
          headers,
          body: fits ? ISSUED : TOO_LONG,
        });
      },
    },
  } as unknown as StsContext;
  const assertion = {
    form: { samlResponse: new Secret("PHg+") },
    assertion: { roles: [ROLE] },
  } as unknown as AppAssertion;
  const endpoint = {
    url: "https://sts.us-east-1.amazonaws.com/",
    region: "us-east-1",
    custom: false,
  };
  const assume = async (again = false) => {
    asked.length = 0;
    await assumeGrantedRole(context, { assertion, role: ROLE, duration: 14_400, endpoint, again });
    return [...asked];
  };
  return { assume, clock, raise: () => void (most = 43_200) };
}

Deno.test("assumeGrantedRole() remembers a shorter duration for a day", async () => {
  const { assume, clock, raise } = stage();
  assert.deepEqual(await assume(), [14_400, 7200, 3600]);
  assert.deepEqual(await assume(), [3600]);
  raise();
  await clock.sleep(DAY - 1);
  assert.deepEqual(await assume(), [3600]);
  await clock.sleep(1);
  assert.deepEqual(await assume(), [14_400]);
});

Deno.test("assumeGrantedRole() tries the duration again with --force", async () => {
  const { assume, raise } = stage();
  await assume();
  raise();
  assert.deepEqual(await assume(true), [14_400]);
});
