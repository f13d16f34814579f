import assert from "node:assert/strict";
import { InteractionError, InterruptedError, SignInError } from "../../../src/errors.ts";
import { withSignInBackoff } from "../../../src/okta/factors/sign_in_backoff.ts";
import { fakeAccount, fakeInteraction } from "../../fakes/fake_account.ts";

const background = fakeInteraction({ foreground: false });
const unanswered = () =>
  Promise.reject(new InteractionError("nobody answered", { code: "unanswered" }));

async function leaveUnanswered(person: ReturnType<typeof fakeAccount>, times: number) {
  for (let time = 0; time < times; time++) {
    person.clock.advance(1000);
    const attempt = withSignInBackoff(person.newRun(background), unanswered);
    await assert.rejects(attempt, { code: "unanswered" });
  }
  person.clock.advance(1000);
}

Deno.test("three unanswered prompts turn background callers away, for five minutes", async () => {
  const person = fakeAccount();
  await leaveUnanswered(person, 3);
  let asked = 0;
  const work = () => Promise.resolve(++asked);
  const attempt = withSignInBackoff(person.newRun(background), work);
  await assert.rejects(attempt, { code: "unanswered_before" });
  assert.equal(asked, 0);
  person.clock.advance(5 * 60_000);
  assert.equal(await withSignInBackoff(person.newRun(background), work), 1);
});

Deno.test("two unanswered prompts turn nobody away", async () => {
  const person = fakeAccount();
  await leaveUnanswered(person, 2);
  assert.equal(await withSignInBackoff(person.newRun(background), () => Promise.resolve(1)), 1);
});

Deno.test("a person who signs in ends the rest, and is never turned away", async () => {
  const person = fakeAccount();
  await leaveUnanswered(person, 3);
  await withSignInBackoff(person.newRun(), () => Promise.resolve());
  assert.equal(person.state.unanswered, undefined);
  assert.equal(await withSignInBackoff(person.newRun(background), () => Promise.resolve(1)), 1);
});

Deno.test("a process that waited for a sign-in that failed ends with its error", async () => {
  const { newRun, clock } = fakeAccount();
  const [first, waiting] = [newRun(background), newRun()];
  clock.advance(1000);
  const rejected = new SignInError("rejected on the phone", { code: "push_rejected", hint: "h" });
  await assert.rejects(withSignInBackoff(first, () => Promise.reject(rejected)), rejected);
  let asked = 0;
  const work = () => Promise.resolve(++asked);
  await assert.rejects(withSignInBackoff(waiting, work), (error) => {
    assert.ok(error instanceof SignInError);
    assert.deepEqual([error.code, error.message, error.hint], [
      "push_rejected",
      rejected.message,
      "h",
    ]);
    return true;
  });
  assert.equal(asked, 0);
  clock.advance(1000);
  assert.equal(await withSignInBackoff(newRun(), work), 1);
});

Deno.test("an interruption, or a server that can't be reached, fails nobody else", async () => {
  const { newRun, clock } = fakeAccount();
  const [first, waiting] = [newRun(), newRun()];
  clock.advance(1000);
  const interrupted = () => Promise.reject(new InterruptedError());
  await assert.rejects(withSignInBackoff(first, interrupted), InterruptedError);
  assert.equal(await withSignInBackoff(waiting, () => Promise.resolve(1)), 1);
});

Deno.test("what one app's policy refuses is no failure of the sign-in to another app", async () => {
  const { newRun, clock } = fakeAccount();
  const [run, waiting] = [newRun(), newRun()];
  clock.advance(1000);
  const isItsRefusal = ({ code }: SignInError) => code === "security.access_denied";
  const appAt = (path: string) => ({ url: `https://acme.okta.com/${path}`, isItsRefusal });
  const [first, second] = [appAt("first"), appAt("second")];
  const denied = new SignInError("access denied", { code: "security.access_denied" });
  const refuse = () => Promise.reject(denied);
  await assert.rejects(withSignInBackoff(run, refuse, first), denied);
  const work = () => Promise.resolve(1);
  await assert.rejects(withSignInBackoff(waiting, work, first), { code: denied.code });
  assert.equal(await withSignInBackoff(run, work, second), 1);
  const wrong = new SignInError("wrong password", { code: "E0000004" });
  await assert.rejects(withSignInBackoff(run, () => Promise.reject(wrong), first), wrong);
  await assert.rejects(withSignInBackoff(waiting, work, second), { code: "E0000004" });
});
