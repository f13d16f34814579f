import assert from "node:assert/strict";
import { otherFactor, totpFactor } from "../../sim/default_world.ts";
import { ignoreWithout } from "../../real/programs.ts";
import { programCommand } from "../program.ts";
import { type Scene, scene, type SceneSettings } from "./scene.ts";

const ROLE = "arn:aws:iam::123456789012:role/Developer";
const google = totpFactor("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");

/** The real AWS CLI runs okta-aws by `credential_process`, and swallows its streams. */
function awsScene(
  name: string,
  settings: SceneSettings,
  fn: (scene: Scene) => Promise<void>,
): void {
  if (ignoreWithout("aws")) return Deno.test({ name, ignore: true, fn() {} });
  scene(name, settings, async (it) => {
    const command = [...programCommand(), "cred-process", ROLE].map((word) => `"${word}"`);
    const section = `[profile dev]\nregion = eu-west-1\ncredential_process = ${
      command.join(" ")
    }\n`;
    await it.home.write(".aws/config", section);
    await fn(it);
  });
}

const AWS = "timeout --foreground 60 aws sts get-caller-identity --profile dev";

awsScene("the AWS CLI's caller is asked on the terminal, and gets its answer", {
  factors: [otherFactor("question"), { ...google }],
}, async (it) => {
  const program = await it.start([], { shell: `${AWS} > '${it.home.folder}/out'` });
  await program.until("enter select");
  await program.type("\x1b[B\r");
  await program.answer("Code of", await it.sim.user.code());
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  const { Arn } = JSON.parse(await it.home.read("out"));
  assert.equal(Arn, "arn:aws:sts::123456789012:assumed-role/Developer/jane@example.com");
});

awsScene("the AWS CLI's caller sees the number of a push, and that aws has asked", {
  factors: [otherFactor("push", { push: { outcome: "wait", waits: 0, numbers: [0] } })],
}, async (it) => {
  const program = await it.start([], { shell: `${AWS} > '${it.home.folder}/out'` });
  await program.until("asked by");
  await program.until("Tap 0 in Okta Verify");
  it.user.factors[0]!.push!.outcome = "approve";
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.match(shown, /asked by (aws|python[\d.]*)\r/);
});

awsScene("the AWS CLI in the background gets an error, not a hang", {
  factors: [otherFactor("push")],
}, async (it) => {
  const program = await it.start([], { shell: `set -m; ${AWS} & wait $!; echo ended with $?` });
  await program.until("ended with");
  const { shown } = await program.end();
  assert.match(shown, /okta-aws signin/);
  assert.deepEqual(it.sent(), []);
});
