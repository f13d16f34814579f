import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { emptyHome, type Home, setUpHome, signIns, simulatorEnvironment } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

function terminalTest(
  name: string,
  setUp: (sim: Simulator) => Promise<Home>,
  fn: (sim: Simulator, home: Home) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: ignorePty,
    async fn() {
      await using sim = await startSimulator();
      await using home = await setUp(sim);
      await fn(sim, home);
    },
  });
}

const fresh = (sim: Simulator) => emptyHome(simulatorEnvironment(sim));

/** `stty -g` before and after: whether the terminal was restored. */
const WATCHED = `before=$(stty -g); $PROGRAM; code=$?; ` +
  `[ "$before" = "$(stty -g)" ] && echo terminal as before; exit $code`;

terminalTest(
  "init: asks for everything it needs in a terminal without showing secrets",
  fresh,
  async (sim, home) => {
    const program = await runOnTerminal(home, ["init"]);
    await program.until("right-click the AWS tile");
    await program.answer("1/6 AWS app link or Okta org", sim.embedLink());
    await program.answer("2/6 Okta user name", sim.user.login);
    await program.answer("3/6 Okta password of jane@example.com", sim.user.password);
    await program.answer("4/6 TOTP secret or otpauth:// URI", sim.user.totpUri);
    await program.answer("5/6 AWS region", "");
    await program.answer("6/6 Let AWS tools", "");
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.ok(!shown.includes(sim.user.password));
    assert.ok(!shown.includes(sim.user.totpUri) && !shown.includes("JBSWY3DP"));
    assert.match(shown, /signed in; 3 roles/);
    assert.match(await home.read(".aws/config"), /\[profile okta-acme-production-Developer\]/);
    assert.equal(signIns(sim), 1);
  },
);

terminalTest(
  "init: does not change the AWS config file when the user says no",
  fresh,
  async (sim, home) => {
    const args = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
    const program = await runOnTerminal(home, args);
    await program.answer("1/4 Okta password", sim.user.password);
    await program.answer("2/4 TOTP secret", sim.user.totpUri);
    await program.answer("AWS region", "");
    await program.answer("credential_process", "n");
    assert.equal((await program.end()).code, 0);
    assert.equal(await home.read(".aws/config"), "");
  },
);

terminalTest(
  "init: asks again after an invalid link, TOTP secret or password",
  fresh,
  async (sim, home) => {
    const args = ["init", "--username", sim.user.login, "--profiles", "none"];
    const program = await runOnTerminal(home, args);
    await program.answer("AWS app link", "http://acme.example");
    await program.until("not an Okta address");
    await program.answer("AWS app link", sim.embedLink());
    await program.answer("Okta password", "mistyped");
    await program.answer("TOTP secret or", "0189-no-base32");
    await program.answer("TOTP secret or", sim.user.totpUri);
    await program.until("wrong user name or password");
    await program.until("Attempt 2 of 3. Too many failures lock your account.");
    await program.answer("Okta password", sim.user.password);
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.ok(!shown.includes("0189-no-base32") && !shown.includes("mistyped"));
    assert.equal(signIns(sim), 2);
    const [{ secrets }] = JSON.parse((await home.run(["status", "--json"])).stdout);
    assert.deepEqual(secrets, ["password", "totp"]);
  },
);

terminalTest(
  "init: asks again for a password that Identity Engine rejected",
  fresh,
  async (sim, home) => {
    sim.world.org.pipeline = "idx";
    const args = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
    const program = await runOnTerminal(home, [...args, "--profiles", "none"]);
    await program.answer("Okta password", "mistyped");
    await program.answer("TOTP secret or", sim.user.totpUri);
    await program.until("Attempt 2 of 3");
    await program.answer("Okta password", sim.user.password);
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
  },
);

terminalTest(
  "init: goes back to a mistyped name, with all its tries and the password that was typed",
  fresh,
  async (sim, home) => {
    const args = ["init", "--sso-url", sim.embedLink(), "--profiles", "none", "--region"];
    const program = await runOnTerminal(home, [...args, "eu-west-1"]);
    await program.answer("Okta user name", "jnae@example.com");
    await program.answer("Okta password of jnae@", sim.user.password);
    await program.answer("TOTP secret or", sim.user.totpUri);
    await program.until("Attempt 2 of 3");
    await program.answer("Okta user name", sim.user.login);
    await program.answer("Okta password of jane@example.com (empty: the one you typed)", "");
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.equal(signIns(sim), 2);
    assert.match(await home.read(".config/okta-aws/config.ini"), /username = jane@example\.com/);
  },
);

for (const pipeline of ["v1", "idx"] as const) {
  terminalTest(
    `init: asks again for a TOTP secret whose code Okta refuses (${pipeline})`,
    fresh,
    async (sim, home) => {
      sim.world.org.pipeline = pipeline;
      const args = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
      const program = await runOnTerminal(home, [...args, "--profiles", "none"]);
      await program.answer("Okta password", sim.user.password);
      for (let slip = 0; slip < 4; slip++) await program.answer("TOTP secret or", "0189-no-base32");
      await program.answer("TOTP secret or", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
      await program.until("Okta refused the code of this TOTP secret");
      await program.answer("TOTP secret or", sim.user.totpUri);
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
      assert.ok(!shown.includes("GEZDGNBV"), shown);
      const [{ secrets }] = JSON.parse((await home.run(["status", "--json"])).stdout);
      assert.deepEqual(secrets, ["password", "totp"]);
    },
  );
}

terminalTest(
  "init: offers to keep only what is stored",
  (sim) =>
    setUpHome(sim, {
      args: ["--no-verify"],
      secrets: JSON.stringify({ password: sim.user.password }),
    }),
  async (sim, home) => {
    const args = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
    const program = await runOnTerminal(home, [...args, "--profiles", "none"]);
    await program.answer("(empty: keep stored)", "");
    await program.answer("(empty: none)", sim.user.totpUri);
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.ok(!shown.includes("keep stored)\x1b[22m: *"), "an empty answer shows nothing");
    await home.run(["secrets", "forget", "--yes"]);
    const again = await runOnTerminal(home, [...args, "--no-verify"]);
    await again.answer("(empty: ask at each sign-in)", sim.user.password);
    await again.answer("(empty: none)", sim.user.totpUri);
    assert.equal((await again.end()).code, 0);
  },
);

terminalTest("init: gives up after three rejected passwords", fresh, async (sim, home) => {
  const args = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
  const program = await runOnTerminal(home, args);
  await program.answer("Okta password", "mistyped");
  await program.answer("TOTP secret or", "");
  await program.until("Attempt 2 of 3");
  await program.answer("Okta password", "mistyped");
  await program.until("Attempt 3 of 3");
  await program.answer("Okta password", "mistyped");
  assert.equal((await program.end()).code, 3);
  assert.equal(signIns(sim), 3);
  assert.equal(await home.read(".config/okta-aws/config.ini"), "");
});

terminalTest(
  "init: asks twice for a new passphrase of the file backend, without echo",
  (sim) => emptyHome({ ...sim.env(), OKTA_AWS_BACKEND: "file" }),
  async (sim, home) => {
    const args = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
    const program = await runOnTerminal(home, [...args, "--profiles", "none"]);
    await program.answer("Okta password", sim.user.password);
    await program.answer("TOTP secret or", sim.user.totpUri);
    await program.answer("New passphrase", "my own phrase");
    await program.answer("Confirm passphrase", "my own phrase");
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.ok(!shown.includes("my own phrase"));
    const again = await home.run(["totp"], { env: { OKTA_AWS_FILE_PASSPHRASE: "my own phrase" } });
    assert.match(again.stdout, /^\d{6}\n$/);
  },
);

terminalTest(
  "refresh: asks for a code without a stored TOTP secret, and again after a wrong one",
  (sim) =>
    setUpHome(sim, {
      args: ["--no-verify"],
      secrets: JSON.stringify({ password: sim.user.password }),
    }),
  async (sim, home) => {
    const program = await runOnTerminal(home, ["refresh"]);
    await program.answer("Code of", "000000");
    const code = await sim.user.code();
    await program.answer("Code of", `${code.slice(0, 3)} ${code.slice(3)}`);
    const { code: exit, shown } = await program.end();
    assert.equal(exit, 0, shown);
    assert.match(shown, /wrong code/);
    assert.ok(!shown.includes(code));
    assert.match(await home.read(".aws/credentials"), /\[okta-acme-production-Developer\]/);
  },
);

terminalTest(
  "signin: asks for the password when none is stored",
  (sim) =>
    setUpHome(sim, { args: ["--no-verify"], secrets: JSON.stringify({ totp: sim.user.totpUri }) }),
  async (sim, home) => {
    const program = await runOnTerminal(home, ["signin"]);
    await program.answer("Okta password of jane@example.com", sim.user.password);
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.match(shown, /signed in as jane@example.com/);
    assert.ok(!shown.includes(sim.user.password));
  },
);

terminalTest(
  "cred-process: asks on the terminal, not on the streams that the SDK reads",
  (sim) =>
    setUpHome(sim, {
      args: ["--no-verify"],
      secrets: JSON.stringify({ password: sim.user.password }),
    }),
  async (sim, home) => {
    const program = await runOnTerminal(home, [
      "cred-process",
      "arn:aws:iam::123456789012:role/Developer",
    ], { shell: `$PROGRAM < /dev/null > '${home.folder}/answer' 2> '${home.folder}/errors'` });
    await program.answer("Code of", await sim.user.code());
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.equal(JSON.parse(await home.read("answer")).Version, 1);
    assert.equal(await home.read("errors"), "");
  },
);

terminalTest(
  "exec: shows a menu of roles when PROFILE is omitted",
  setUpHome,
  async (_sim, home) => {
    const command = ["exec", "--", "sh", "-c", "echo role=$AWS_OKTA_ASSUMED_ROLE"];
    const program = await runOnTerminal(home, command);
    await program.until("3 of 3");
    await program.type("zzzzz");
    await program.until("0 of 3");
    await program.type("\x7f".repeat(5) + "readonly");
    await program.until("1 of 3");
    await program.type("\r");
    await program.until("role=ReadOnly");
    assert.equal((await program.end()).code, 0);
  },
);

terminalTest(
  "console: does not print the menu to standard output",
  setUpHome,
  async (_sim, home) => {
    const program = await runOnTerminal(home, ["console", "--print"], {
      shell: `$PROGRAM > '${home.folder}/url'`,
    });
    await program.answer("3 of 3", "\x1b[B");
    assert.equal((await program.end()).code, 0);
    assert.match(await home.read("url"), /^http:\S+\n$/);
  },
);

for (const [args, question] of [[["init"], "AWS app link"], [["env"], "3 of 3"]] as const) {
  terminalTest(
    `Ctrl-C at a prompt of ${args[0]} exits with 130 and restores the terminal`,
    args[0] === "init" ? fresh : setUpHome,
    async (_sim, home) => {
      const program = await runOnTerminal(home, args, { shell: WATCHED });
      await program.until(question);
      await program.type("\x03");
      await program.until("terminal as before");
      assert.equal((await program.end()).code, 130);
    },
  );
}

terminalTest(
  "init: stores nothing after Ctrl-C at a secret",
  fresh,
  async (sim, home) => {
    const args = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
    const program = await runOnTerminal(home, args, { shell: WATCHED });
    await program.until("Okta password");
    await program.type("half\x03");
    await program.until("terminal as before");
    const { code, shown } = await program.end();
    assert.equal(code, 130);
    assert.ok(!shown.includes("half"));
    assert.equal(await home.read(".config/okta-aws/config.ini"), "");
    assert.deepEqual(sim.requests, []);
  },
);

terminalTest(
  "--no-input: asks nothing even in a terminal",
  (sim) =>
    setUpHome(sim, {
      args: ["--no-verify"],
      secrets: JSON.stringify({ password: sim.user.password }),
    }),
  async (_sim, home) => {
    const program = await runOnTerminal(home, ["refresh", "--no-input"]);
    const { code, shown } = await program.end();
    assert.equal(code, 4, shown);
    assert.match(shown, /--no-input/);
  },
);

terminalTest(
  "signin: asks for a new password instead of sending a rejected one again",
  (sim) => setUpHome(sim, { args: ["--no-verify"] }),
  async (sim, home) => {
    sim.world.users[0]!.password = "a new one, this spring";
    const refused = await home.run(["refresh"]);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /wrong user name or password\n/);
    assert.match((await home.run(["refresh"])).stderr, /will not be sent again/);
    assert.equal(signIns(sim), 1);
    const program = await runOnTerminal(home, ["signin"]);
    await program.answer("New Okta password", "a new one, this spring");
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.match(shown, /the new password is stored/);
    assert.ok(!shown.includes("a new one, this spring"));
    await home.run(["signout"]);
    assert.doesNotMatch((await home.run(["status"])).stdout, /rejected/);
  },
);
