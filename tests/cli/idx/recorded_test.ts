import assert from "node:assert/strict";
import { idxMocks, ignoreIdxMocks } from "../../conformance/idx_mocks.ts";
import { startSession } from "../../sim/okta/sessions.ts";
import type { LoggedRequest } from "../../sim/request_log.ts";
import { type Act, type IdxScene, stage } from "./stage.ts";

/** Recorded answers in place of the simulator's: each is the next after what is sent. */

const ION = "application/ion+json; okta-version=1.0.0";

/** The recorded answer, its origin the simulator's and its polls quick; stateHandles as they were. */
function recorded(name: string, origin: string): string {
  const mock = idxMocks.find((one) => one.name === `${name}.json`);
  return mock!.text.replaceAll(/http:\/\/localhost:3000(?=\/)/g, origin)
    .replaceAll(/"refresh": \d+/g, '"refresh": 50');
}

/** Signs the person in, as the redirect at the end does. */
function finish({ sim }: IdxScene, request: LoggedRequest): Response {
  const { world, state } = sim;
  const session = startSession({ world, state, request, origin: sim.okta }, {
    user: world.users[0]!,
    expiresAt: 0,
    amr: ["pwd", "mfa", "otp"],
  });
  const headers = { location: sim.embedLink(), "set-cookie": `sid=${session.id}; Path=/` };
  return new Response(null, { status: 302, headers });
}

/** Answers `/idp/idx` with these, in order; a status other than 200 follows a space. */
function replay(it: IdxScene, names: string[]): Record<string, unknown>[] {
  const bodies: Record<string, unknown>[] = [];
  const left = [...names, "success-redirect-remediation"];
  it.sim.world.faults.push((request) => {
    if (request.path === "/app/UserHome") return finish(it, request);
    if (!request.path.startsWith("/idp/idx/")) return undefined;
    bodies.push({ path: request.path, ...request.json });
    const [name, status = "200"] = left.shift()!.split(" ");
    const headers = { "content-type": ION };
    return new Response(recorded(name!, it.sim.okta), { status: Number(status), headers });
  });
  return bodies;
}

interface Replay {
  name: string;
  answers: string[];
  type?(program: Awaited<ReturnType<IdxScene["start"]>>): Promise<void>;
  args?: string[];
  last: Record<string, unknown>;
}

function act({ name, answers, type, args = [], last }: Replay): Act {
  return {
    name,
    async play(it) {
      const bodies = replay(it, answers);
      const program = await it.start(["signin", ...args]);
      await type?.(program);
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown + JSON.stringify(bodies));
      assert.deepEqual(bodies.at(-1), last);
    },
  };
}

/** Names the person, chooses the password, and gives it. */
const PASSWORD = [
  "identify-with-remember-me",
  "authenticator-verification-select-authenticator",
  "user-account-unlock-success-land-on-app",
];

const ANSWER = "/idp/idx/challenge/answer";

const RECORDED: Act[] = [
  act({
    name: "a push's poll has the stateHandle of its own form",
    answers: [...PASSWORD, "authenticator-verification-number-challenge"],
    args: ["--mfa-factor-type", "push"],
    type: (program) => program.until("Tap 10 in Okta Verify"),
    last: {
      path: "/idp/idx/challenge/poll",
      stateHandle: "022P5Fd8jBy3b77XEdFCqnjz__5wQxksRfrAS4z6wP",
    },
  }),
  act({
    name: "Okta Verify's code has the type totp",
    answers: [...PASSWORD, "authenticator-verification-okta-verify-totp", "error-okta-verify-totp"],
    args: ["--mfa-factor-type", "token:software:totp", "--mfa-provider", "OKTA"],
    async type(program) {
      await program.answer("Okta Verify", "123456");
      await program.answer("Okta Verify", "654321");
    },
    last: {
      path: ANSWER,
      credentials: { totp: "654321" },
      stateHandle: "02-RjjuIQ9g6EiQL5IYtXR_mapebjqhoiibw-EGkZq",
    },
  }),
  act({
    name: "a question's answer comes with the question's key",
    answers: [...PASSWORD, "user-account-unlock-answer-1-choose-auth-after-unlock"],
    type: (program) => program.answer("liked as a child", "liver"),
    last: {
      path: ANSWER,
      credentials: { questionKey: "disliked_food", answer: "liver" },
      stateHandle: "02SrPNlTAOhaU8-l7a2T1Q3wNnqJl3KByb7vLpVxgf",
    },
  }),
  act({
    name: "an error is read from the field that has it",
    answers: [
      ...PASSWORD,
      "authenticator-verification-symantec-vip",
      "error-authenticator-verification-symantec-vip-invalid-passcode 403",
    ],
    async type(program) {
      await program.answer("Symantec", "11111111");
      await program.until("try again");
      await program.answer("Symantec", "22222222");
    },
    last: {
      path: ANSWER,
      credentials: { passcode: "22222222" },
      stateHandle: "02UxxOzemJmZMFgNfWePmTbaWZvWyJyr-7hi_ps4Iu",
    },
  }),
];

stage("recorded answers are met with what they ask for", ignoreIdxMocks ? [] : RECORDED);
