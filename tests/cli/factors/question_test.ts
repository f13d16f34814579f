import assert from "node:assert/strict";
import { otherFactor } from "../../sim/default_world.ts";
import { scene } from "./scene.ts";

scene(
  "the security question is asked in its own words, its answer not shown",
  { factors: [otherFactor("question")] },
  async (it) => {
    const program = await it.start(["signin"]);
    await program.answer("What is the food you least liked as a child?", "cake");
    await program.answer("What is the food you least liked as a child?", "liver");
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.ok(!shown.includes("liver"));
    const answers = it.sim.requests.map(({ json }) => json?.answer).filter(Boolean);
    assert.deepEqual(answers, ["cake", "liver"]);
    assert.ok(it.sim.requests.every(({ json }) => json?.passCode === undefined));
  },
);
