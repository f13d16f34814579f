import assert from "node:assert/strict";
import { scene } from "./scene.ts";

scene("a code of Google Authenticator is typed, and a mistyped one again", {}, async (it) => {
  const program = await it.start(["signin"]);
  await program.answer("Google Authenticator", "000000");
  await program.answer("Google Authenticator", await it.sim.user.code());
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(it.authnRequests(), ["/", "/factors/ID/verify", "/factors/ID/verify"]);
});
