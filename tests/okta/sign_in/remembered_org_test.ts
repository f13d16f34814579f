import assert from "node:assert/strict";
import { rememberedOrg } from "../../../src/okta/sign_in/remembered_org.ts";
import { openAccountState } from "../../../src/store/account_state.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { memoryFiles } from "../../fakes/memory_files.ts";

const ORG = "https://acme.okta.com";
const DAY = 24 * 3600 * 1000;

Deno.test("rememberedOrg() keeps what an org said, for a week and for this org", async () => {
  const clock = new FakeClock();
  const state = await openAccountState(memoryFiles(), "/cache", "default");
  const remembered = rememberedOrg(state, clock, ORG);
  assert.equal(await remembered.read(), undefined);
  await remembered.write({ pipeline: undefined, origins: [ORG] });
  assert.equal(await remembered.read(), undefined);
  const description = { pipeline: "v1", origins: [ORG, "https://login.acme.example"] };
  await remembered.write(description);
  assert.deepEqual(await remembered.read(), description);
  assert.equal(await rememberedOrg(state, clock, "https://other.okta.com").read(), undefined);
  await clock.sleep(7 * DAY + 1);
  assert.equal(await remembered.read(), undefined);
});

Deno.test("rememberedOrg() takes no origin that a password must not go to", async () => {
  const clock = new FakeClock();
  const state = await openAccountState(memoryFiles(), "/cache", "default");
  const origins = [ORG, "http://evil.example", "nonsense"];
  await state.change({ org: { org: ORG, asked: clock.now(), pipeline: "v1", origins } });
  const read = await rememberedOrg(state, clock, ORG).read();
  assert.deepEqual(read, { pipeline: "v1", origins: [ORG] });
});
