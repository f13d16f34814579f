import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { emptyHome, type Home, setUpHome, simulatorEnvironment } from "./program.ts";
import { ignorePty } from "./pty.ts";
import { openScreen } from "./screens/screen.ts";

const SETTINGS = ".config/okta-aws/config.ini";

function initTest(
  name: string,
  fn: (sim: Simulator, home: Home) => Promise<void>,
  env: Record<string, string> = {},
): void {
  Deno.test({
    name,
    ignore: ignorePty,
    async fn() {
      await using sim = await startSimulator();
      await using home = await emptyHome({ ...simulatorEnvironment(sim), ...env });
      await fn(sim, home);
    },
  });
}

const ESC = "\x1b";

initTest("init: Esc goes back to any step and keeps what was typed", async (sim, home) => {
  const screen = await openScreen(home, ["init"], { columns: 100 });
  await screen.answer("1/6 AWS app link or Okta org:", "https://acme.okta.com");
  await screen.answer("2/6 Okta user name:", "jnae@example.com");
  await screen.answer("3/6 Okta password of jnae@example.com", sim.user.password);
  await screen.until("4/6 TOTP secret");
  await screen.type(ESC);
  await screen.until("jnae@example.com (empty: the one you typed):");
  await screen.type(ESC);
  await screen.until("2/6 Okta user name (jnae@example.com):");
  await screen.type(ESC);
  await screen.until("1/6 AWS app link or Okta org (https://acme.okta.com):");
  await screen.type(`${sim.embedLink()}\r`);
  await screen.answer("2/6 Okta user name (jnae@example.com):", sim.user.login);
  await screen.answer("jane@example.com (empty: the one you typed):", "");
  await screen.until("4/6 TOTP secret or otpauth:// URI (empty: none): (back)");
  await screen.type(`${sim.user.totpUri}\r`);
  await screen.answer("5/6 AWS region (us-east-1):", "eu-west-1");
  await screen.until("6/6 Let AWS tools");
  await screen.type(ESC);
  await screen.answer("5/6 AWS region (eu-west-1):", "eu-central-1");
  await screen.answer("(Y/n):", "n");
  assert.equal((await screen.end()).code, 0);
  assert.match(
    await home.read(SETTINGS),
    /username = jane@example\.com\n[^]*region = eu-central-1/,
  );
});

initTest("init: keeps the answers after a refusal other than the password's", async (sim, home) => {
  const args = ["init", "--profiles", "none", "--region", "eu-west-1"];
  const screen = await openScreen(home, args, { columns: 100 });
  // Nothing listens there.
  await screen.answer("1/4", "http://127.0.0.1:9/home/amazon_aws/0oa3omz2i9XRNSRIHBZO/272");
  await screen.answer("2/4", sim.user.login);
  await screen.answer("3/4", sim.user.password);
  await screen.answer("4/4", sim.user.totpUri);
  await screen.until("What now (your answers are kept)");
  assert.equal(await home.read(SETTINGS), "");
  await screen.type("link\r");
  await screen.answer("272):", sim.embedLink());
  // Another org: its password may be another one.
  await screen.answer("2/4 Okta user name (jane@example.com):", "");
  await screen.answer("jane@example.com (empty: ask at each sign-in):", sim.user.password);
  await screen.answer("(empty: none):", sim.user.totpUri);
  assert.equal((await screen.end()).code, 0);
  assert.match(await home.read(SETTINGS), /username = jane@example\.com/);
});

initTest("init: signs in again with the same answers when asked to", async (sim, home) => {
  const { assigned } = sim.world.apps[0]!;
  assigned.length = 0;
  const args = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
  const screen = await openScreen(home, [...args, "--profiles", "none"], { columns: 100 });
  await screen.answer("1/2", sim.user.password);
  await screen.answer("2/2", sim.user.totpUri);
  await screen.until("What now");
  assigned.push(sim.user.login);
  delete sim.world.users[0]!.factors[0]!.lastCounter;
  await screen.type("again\r");
  assert.equal((await screen.end()).code, 0);
  assert.match(await home.read(SETTINGS), /username = jane@example\.com/);
});

initTest(
  "init: ends with the error of what was refused when the person quits",
  async (sim, home) => {
    sim.world.apps[0]!.assigned.length = 0;
    const args = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
    const screen = await openScreen(home, [...args, "--profiles", "none"], { columns: 100 });
    await screen.answer("1/2", sim.user.password);
    await screen.answer("2/2", sim.user.totpUri);
    await screen.until("What now");
    await screen.type("quit\r");
    assert.equal((await screen.end()).code, 3);
    assert.equal(await home.read(SETTINGS), "");
  },
);

initTest("init: chooses the store after Okta has accepted the sign-in", async (sim, home) => {
  const args = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
  const screen = await openScreen(home, [...args, "--profiles", "none"], {
    columns: 100,
    env: { OKTA_AWS_BACKEND: "pass", PATH: "/usr/bin:/bin" },
  });
  await screen.answer("1/2", sim.user.password);
  await screen.answer("2/2", sim.user.totpUri);
  await screen.answer("Use an encrypted file? (Y/n):", "");
  assert.equal((await screen.end()).code, 0, screen.text());
  assert.match(await home.read(SETTINGS), /backend = file/);
  assert.equal(sim.requestsTo("okta", "POST", "/api/v1/authn").length, 1);
}, { PASSWORD_STORE_DIR: "/nonexistent" });

initTest("init: asks again in plain lines, where < goes back", async (sim, home) => {
  const args = ["init", "--profiles", "none", "--region", "eu-west-1"];
  const screen = await openScreen(home, args, { columns: 80, env: { TERM: "dumb" } });
  await screen.answer("1/4 AWS app link or Okta org:", sim.embedLink());
  await screen.answer("2/4 Okta user name:", "jnae");
  await screen.answer("3/4 Okta password of jnae", "<");
  await screen.answer("2/4 Okta user name (jnae):", sim.user.login);
  await screen.answer("3/4 Okta password of jane@example.com", sim.user.password);
  await screen.answer("4/4", sim.user.totpUri);
  const { code, bytes } = await screen.end();
  assert.equal(code, 0, bytes);
  // deno-lint-ignore no-control-regex -- that is what is looked for
  assert.doesNotMatch(bytes, /\x1b/);
});

Deno.test({
  name: "init: keeps the stored secrets of a second run, and their store",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    delete sim.world.users[0]!.factors[0]!.lastCounter;
    const screen = await openScreen(home, ["init", "--region", "eu-west-1"], { columns: 100 });
    await screen.answer("1/5 AWS app link", "");
    await screen.answer("2/5 Okta user name (jane@example.com):", "");
    await screen.answer("3/5 Okta password of jane@example.com (empty: keep stored):", "");
    await screen.answer("4/5 TOTP secret or otpauth:// URI (empty: keep stored):", "");
    await screen.answer("5/5 Let AWS tools", "n");
    assert.equal((await screen.end()).code, 0);
    assert.match((await home.run(["totp"])).stdout, /^\d{6}\n$/);
  },
});
