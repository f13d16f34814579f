import assert from "node:assert/strict";
import { otherFactor, totpFactor } from "../../sim/default_world.ts";
import { scene, type SceneSettings } from "./scene.ts";

/** `stty -g` before and after: whether the terminal was restored. */
const WATCHED = `before=$(stty -g); $PROGRAM; code=$?; ` +
  `[ "$before" = "$(stty -g)" ] && echo terminal as before; exit $code`;

const google = totpFactor("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");

function several(): SceneSettings {
  return { factors: [otherFactor("question"), otherFactor("sms"), { ...google }] };
}

const INTERRUPTED: [string, SceneSettings, string][] = [
  ["the menu", several(), "enter select"],
  ["a typed code", {}, "Code of"],
  ["a sent code", { factors: [otherFactor("sms")] }, "Code from SMS"],
  ["the security question", { factors: [otherFactor("question")] }, "liked as a child"],
  ["a new password", { user: { mfa: "none", passwordState: "expired" } }, "New Okta password"],
];

for (const [name, settings, question] of INTERRUPTED) {
  scene(`Ctrl-C at ${name} ends with 130, the transaction cancelled`, settings, async (it) => {
    const program = await it.start(["signin"], { shell: WATCHED });
    await program.until(question);
    await program.type("12\x03");
    await program.until("terminal as before");
    const { code, shown } = await program.end();
    assert.equal(code, 130, shown);
    assert.equal(it.authnRequests().at(-1), "/cancel");
    assert.equal(it.sim.state.transactions.size, 0);
  });
}

scene("TERM=dumb has plain lines: no escape sequence, a menu by number", several(), async (it) => {
  const program = await it.start(["signin"], { env: { TERM: "dumb" } });
  await program.until("3");
  await program.until("Google Authenticator");
  await program.until(":");
  await program.type("3\r");
  await program.until("Code of");
  await program.type(`${await it.sim.user.code()}\r`);
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  // deno-lint-ignore no-control-regex -- that is what is looked for
  assert.doesNotMatch(shown, /\x1b/);
  assert.doesNotMatch(shown, /[▀▄█]/);
});

scene("TERM=dumb tells a push's number in words alone", {
  factors: [otherFactor("push", { push: { outcome: "wait", waits: 0, numbers: [0] } })],
}, async (it) => {
  const program = await it.start(["signin"], { env: { TERM: "dumb" } });
  await program.until("Tap 0 in Okta Verify");
  it.user.factors[0]!.push!.outcome = "approve";
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  // deno-lint-ignore no-control-regex -- that is what is looked for
  assert.doesNotMatch(shown, /\x1b|█/);
});

scene("NO_COLOR has no colours", several(), async (it) => {
  const program = await it.start(["signin"], { env: { NO_COLOR: "1" } });
  await program.until("enter select");
  await program.type("\x03");
  const { shown } = await program.end();
  // deno-lint-ignore no-control-regex -- that is what is looked for
  assert.doesNotMatch(shown, /\x1b\[[\d;]*m/);
});

scene("no line of the menu is wider than a narrow terminal", several(), async (it) => {
  const program = await it.start(["signin"], { shell: "stty cols 30; $PROGRAM" });
  await program.until("security question");
  await program.until("of 3");
  await program.type("\x03");
  const { shown } = await program.end();
  // deno-lint-ignore no-control-regex -- escape sequences take no room
  const lines = shown.replace(/\x1b\[[\d;?]*[A-Za-z]/g, "\n").split(/\r?\n|\r/);
  assert.deepEqual(lines.filter((line) => line.length > 30 && /SMS|Google|filter/.test(line)), []);
});

scene("a code typed ahead of its question is its answer", {}, async (it) => {
  const code = await it.sim.user.code();
  const program = await it.start(["signin"], { shell: "echo ready; $PROGRAM" });
  await program.until("ready");
  await program.type(`${code}\r`);
  const { code: exit, shown } = await program.end();
  assert.equal(exit, 0, shown);
  assert.deepEqual(it.authnRequests(), ["/", "/factors/ID/verify"]);
});

scene("keys typed ahead do not choose from the menu", several(), async (it) => {
  const program = await it.start(["signin"], { shell: "echo ready; $PROGRAM" });
  await program.until("ready");
  await program.type("\r");
  await program.until("enter select");
  await program.type("\x1b[B\x1b[B\r");
  await program.answer("Code of", await it.sim.user.code());
  assert.equal((await program.end()).code, 0);
});

scene("a factor's name can't break out of the menu", {
  factors: [
    otherFactor("sms", { profile: { phoneNumber: "+1\u001b]0;pwned\u0007\r\nevil" } }),
    otherFactor("question"),
  ],
}, async (it) => {
  const program = await it.start(["signin"]);
  await program.until("enter select");
  await program.type("\x03");
  const { shown } = await program.end();
  assert.ok(!shown.includes("\u001b]0;") && !shown.includes("\nevil"), shown);
});

scene(
  "a question to a background caller at the terminal leaves standard output to the answer",
  several(),
  async (it) => {
    const role = "arn:aws:iam::123456789012:role/Developer";
    const program = await it.start(["cred-process", role], {
      shell: `$PROGRAM > '${it.home.folder}/out' 2> '${it.home.folder}/err'`,
    });
    await program.until("enter select");
    await program.type("\x1b[B\x1b[B\r");
    await program.answer("Code of", await it.sim.user.code());
    assert.equal((await program.end()).code, 0);
    assert.equal(JSON.parse(await it.home.read("out")).Version, 1);
  },
);
