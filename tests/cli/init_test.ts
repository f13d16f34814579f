import assert from "node:assert/strict";
import { assertMode, filesBelow } from "../platform/scratch_folder.ts";
import { awsApp } from "../sim/default_world.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import {
  emptyHome,
  type Home,
  PASSPHRASE,
  type ProgramRun,
  requestLines,
  secretsOf,
  setUpHome,
  signIns,
  simulatorEnvironment,
} from "./program.ts";

const SETTINGS = ".config/okta-aws/config.ini";

/** Runs `init` in an empty home. */
async function init(
  sim: Simulator,
  args: string[],
  act: (run: ProgramRun, home: Home) => Promise<void> | void,
  secrets = secretsOf(sim),
): Promise<void> {
  await using home = await emptyHome(simulatorEnvironment(sim));
  const run = await home.run(["init", "--username", sim.user.login, "--secrets-stdin", ...args], {
    stdin: secrets,
  });
  await act(run, home);
}

Deno.test("init: accepts an app's embed link, its SSO URL, and the org alone", async (t) => {
  await using sim = await startSimulator();
  const { name, exk } = sim.world.apps[0]!;
  const sso = `${sim.okta}/app/${name}/${exk}/sso/saml`;
  for (
    const [kind, url, app] of [
      ["embed link", sim.embedLink(), sim.embedLink()],
      ["SSO URL", sso, sso],
      ["bare org", sim.okta, sim.embedLink()],
      ["bare org with a slash", `${sim.okta}/`, sim.embedLink()],
    ]
  ) {
    await t.step(kind!, () =>
      init(sim, ["--sso-url", url!], async ({ code, stderr }, home) => {
        delete sim.world.users[0]!.factors[0]!.lastCounter;
        assert.equal(code, 0, stderr);
        assert.match(stderr, /signed in; 3 roles/);
        const settings = await home.read(SETTINGS);
        assert.ok(settings.includes(`org = ${sim.okta}\n`), settings);
        assert.ok(settings.includes(`app = ${app}\n`), settings);
        assert.match(settings, /^\[account default\]\n/);
        assert.match(settings, /^username = jane@example\.com$/m);
      }));
  }
});

Deno.test("init: finds every AWS app when given the org alone", async () => {
  await using sim = await startSimulator();
  const [account] = sim.world.accounts;
  sim.world.apps.push(awsApp("AWS Sandbox", {
    id: "0oa7sandz2i9XRNSRIHB",
    exk: "exk7sandz2i9XRNSRIHB",
    grants: [{
      roleArn: `arn:aws:iam::${account!.id}:role/Developer`,
      principalArn: `arn:aws:iam::${account!.id}:saml-provider/Okta`,
    }],
  }));
  await init(sim, ["--sso-url", sim.okta], async ({ code, stderr }, home) => {
    assert.equal(code, 0, stderr);
    assert.equal(signIns(sim), 1);
    const settings = await home.read(SETTINGS);
    assert.ok(settings.includes(sim.embedLink("AWS Production")));
    assert.ok(settings.includes(sim.embedLink("AWS Sandbox")));
  });
});

Deno.test("init: writes secrets only to the secret store, and all files with mode 0600", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const files = filesBelow(home.folder);
  assert.ok(files.length > 3);
  for (const file of files) {
    const text = await Deno.readTextFile(file);
    assert.ok(!text.includes(sim.user.password), file);
    assert.ok(!text.includes("JBSWY3DP"), file);
    assert.ok(![...sim.state.sessions.keys()].some((sid) => text.includes(sid)), file);
    assertMode(file, 0, 0o077);
  }
});

Deno.test("init: keeps its session for the next command", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  assert.equal((await home.run(["refresh"])).code, 0);
  assert.deepEqual(requestLines(sim).filter((line) => line.includes("authn")), []);
});

Deno.test("init --no-verify: stores everything without sending a request", async () => {
  await using sim = await startSimulator();
  await init(sim, ["--sso-url", sim.embedLink(), "--no-verify"], async ({ code }, home) => {
    assert.equal(code, 0);
    assert.deepEqual(sim.requests, []);
    assert.equal((await home.run(["totp"])).stdout, `${await sim.user.code()}\n`);
    assert.equal((await home.run(["refresh"])).code, 0);
  });
});

Deno.test("init: stores nothing when Okta rejects the sign-in", async () => {
  await using sim = await startSimulator();
  const secrets = JSON.stringify({ password: "wrong", totp: sim.user.totpUri });
  await init(sim, ["--sso-url", sim.embedLink()], async ({ code, stdout, stderr }, home) => {
    assert.equal(code, 3);
    assert.equal(stdout, "");
    assert.match(stderr, /wrong user name or password\n/);
    assert.equal(await home.read(SETTINGS), "");
    assert.equal((await home.run(["status"])).code, 2);
  }, secrets);
});

Deno.test("init: keeps what it is not given when run again", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--region", "eu-west-1"] });
  const mine = "; mine\n[aws-account 210987654321]\nalias = audit\n";
  await home.write(SETTINGS, mine + await home.read(SETTINGS) + "session_ttl = 2h\n");
  const before = await home.read(SETTINGS);
  const again = ["init", "--secrets-stdin", "--no-verify", "--sso-url", sim.embedLink()];
  await t.step("keeps settings and TOTP secret when only a password is given", async () => {
    const { code, stderr } = await home.run([...again, "--username", sim.user.login], {
      stdin: JSON.stringify({ password: "another" }),
    });
    assert.equal(code, 0, stderr);
    assert.equal(await home.read(SETTINGS), before);
    assert.equal((await home.run(["totp"])).stdout, `${await sim.user.code()}\n`);
  });
  await t.step("keeps the password when only the TOTP secret is given", async () => {
    const sha256 = sim.user.totpUri.replace("SHA1", "SHA256");
    await home.run([...again, "--username", sim.user.login], {
      stdin: JSON.stringify({ totp: sha256 }),
    });
    const { stdout } = await home.run(["status", "--json"]);
    assert.deepEqual(JSON.parse(stdout)[0].secrets, ["password", "totp"]);
    assert.notEqual((await home.run(["totp"])).stdout, `${await sim.user.code()}\n`);
  });
});

Deno.test("init: uses nothing of the first user for a second one", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.run(["refresh", "Developer"]);
  sim.requests.length = 0;
  const again = ["init", "--secrets-stdin", "--no-verify", "--sso-url", sim.embedLink()];
  const { code } = await home.run([...again, "--username", "joe"], {
    stdin: JSON.stringify({ password: "x" }),
  });
  assert.equal(code, 0);
  assert.equal((await home.run(["cred-process", "Developer"])).code, 3);
  assert.equal(sim.requestsTo("okta", "POST", "/api/v1/authn")[0]!.json!.username, "joe");
  assert.equal((await home.run(["totp"])).code, 7);
});

Deno.test("init: does not send one org's password to another", async () => {
  await using sim = await startSimulator();
  await using other = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const args = ["init", "--secrets-stdin", "--sso-url", other.embedLink()];
  const { code } = await home.run([...args, "--username", sim.user.login], { stdin: "{}" });
  assert.equal(code, 4);
  assert.equal(signIns(other), 0);
  args[3] = other.okta;
  await home.run([...args, "--username", sim.user.login, "--no-verify"], { stdin: "{}" });
  const settings = await home.read(SETTINGS);
  assert.ok(settings.includes(other.okta) && !settings.includes(sim.okta), settings);
});

Deno.test("init --account: adds a second account", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const args = ["init", "--account", "work.2", "--sso-url", sim.embedLink(), "--username", "jane"];
  const { code, stderr } = await home.run([...args, "--secrets-stdin"], { stdin: secretsOf(sim) });
  assert.equal(code, 0, stderr);
  const settings = await home.read(SETTINGS);
  assert.match(settings, /\[account default\][^[]+\[account work\.2\]/);
  assert.doesNotMatch(settings, /default_account/);
  const { stdout } = await home.run(["signin", "--account", "work.2", "--json"]);
  assert.equal(JSON.parse(stdout).username, "jane");
});

Deno.test("init --account: makes the first account the default", async () => {
  await using sim = await startSimulator();
  const args = ["--account", "work", "--sso-url", sim.embedLink()];
  await init(sim, args, async ({ code }, home) => {
    assert.equal(code, 0);
    assert.equal((await home.run(["refresh", "-q"])).code, 0);
  });
});

Deno.test("init --profiles: sets up what it names", async (t) => {
  await using sim = await startSimulator({
    world: (world) => void (world.users[0]!.mfa = "none"),
  });
  const withProfiles = (kind: string[], act: (home: Home) => Promise<void>) =>
    init(sim, ["--sso-url", sim.embedLink(), ...kind], async ({ code, stderr }, home) => {
      assert.equal(code, 0, stderr);
      await act(home);
    });
  await t.step(
    "process writes credential_process sections and no credentials",
    () =>
      withProfiles(["--profiles", "process", "--region", "eu-west-1"], async (home) => {
        const config = await home.read(".aws/config");
        assert.match(
          config,
          /^\[profile okta-210987654321-ReadOnly\]\ncredential_process = .+ cred-process okta-210987654321-ReadOnly\nregion = eu-west-1\n/m,
        );
        assert.equal(config.match(/^\[/gm)?.length, 3);
        assert.equal(await home.read(".aws/credentials"), "");
      }),
  );
  await t.step(
    "static writes credentials",
    () =>
      withProfiles(["--profiles", "static"], async (home) => {
        assert.equal(await home.read(".aws/config"), "");
        assert.equal((await home.read(".aws/credentials")).match(/^\[okta-/gm)?.length, 3);
      }),
  );
  for (const kind of [["--profiles", "none"], []]) {
    await t.step(
      `${kind.join(" ") || "no flag and no terminal"} writes nothing`,
      () =>
        withProfiles(kind, async (home) => {
          assert.equal(await home.read(".aws/config"), "");
          assert.equal(await home.read(".aws/credentials"), "");
        }),
    );
  }
});

Deno.test("init --json: prints what it has set up", async () => {
  await using sim = await startSimulator();
  await init(sim, ["--sso-url", sim.embedLink(), "--json"], ({ stdout }, home) => {
    const answer = JSON.parse(stdout);
    assert.deepEqual(Object.keys(answer), ["account", "settings", "backend", "roles"]);
    assert.equal(answer.settings, `${home.folder}/${SETTINGS}`);
    assert.equal(answer.backend, "file");
    assert.equal(answer.roles.length, 3);
  });
});

Deno.test("init: exits with 4 and names the missing flag without a terminal", async () => {
  await using sim = await startSimulator();
  await using home = await emptyHome(simulatorEnvironment(sim));
  const missing = async (...args: string[]) => {
    const { code, stderr } = await home.run(["init", ...args], { stdin: secretsOf(sim) });
    assert.equal(code, 4);
    return stderr;
  };
  assert.match(await missing(), /--sso-url/);
  assert.match(await missing("--sso-url", sim.okta), /--username/);
  assert.match(await missing("--sso-url", sim.okta, "--username", "j"), /--secrets-stdin/);
  assert.deepEqual(sim.requests, []);
});

Deno.test("init: checks every flag before it asks or sends anything", async () => {
  await using sim = await startSimulator();
  await using home = await emptyHome(simulatorEnvironment(sim));
  // Without a terminal, a question would be an error of its own (exit 4).
  const refused = async (...args: string[]) => {
    const { code, stderr } = await home.run(["init", ...args]);
    assert.equal(code, 2, stderr);
    return stderr;
  };
  assert.match(await refused("--qr", "nofile.png"), /no such picture: nofile\.png/);
  assert.match(await refused("--region", "x"), /not the name of a region: --region x/);
  assert.match(await refused("--region", "x", "--username", "j"), /--region eu-west-1/);
  assert.match(await refused("--sso-region", "Ireland"), /--sso-region Ireland/);
  assert.match(await refused("--sso-start-url", "http://acme.example"), /not the start URL/);
  assert.match(await refused("--sso-url", "http://acme.example"), /not an Okta address/);
  assert.match(await refused("--username", " "), /--username is empty/);
  assert.match(await refused("--username", "ja\nne"), /not a user name: --username ja\\nne/);
  const pasted = await refused("--sso-url", "https://jane:s3cret@acme.okta.com");
  assert.match(pasted, /not an Okta address/);
  assert.doesNotMatch(pasted, /s3cret/);
  assert.deepEqual(sim.requests, []);
});

Deno.test("add: is an alias of init, as in aws-okta", async () => {
  await using sim = await startSimulator();
  await using home = await emptyHome(simulatorEnvironment(sim));
  const args = ["add", "--domain", sim.okta, "--username", sim.user.login, "--secrets-stdin"];
  const { code, stderr } = await home.run(args, { stdin: secretsOf(sim) });
  assert.equal(code, 0, stderr);
  assert.match(await home.read(SETTINGS), /\[account default\]/);
});

Deno.test("init: stores nothing with the env backend, which reads its variables", async () => {
  await using sim = await startSimulator();
  const variables = { OKTA_AWS_PASSWORD: sim.user.password, OKTA_AWS_TOTP: sim.user.totpUri };
  await using home = await emptyHome({ ...sim.env(), OKTA_AWS_BACKEND: "env", ...variables });
  const args = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
  for (const stdin of ["{}", secretsOf(sim)]) {
    const { code, stderr } = await home.run([...args, "--no-verify", "--secrets-stdin"], { stdin });
    assert.equal(code, 0, stderr);
  }
  assert.equal((await home.run(["totp"])).stdout, `${await sim.user.code()}\n`);
  assert.ok(!(await home.read(SETTINGS)).includes(PASSPHRASE));
});

Deno.test("init --secrets-stdin says that a backend that stores nothing can't take them", async () => {
  await using sim = await startSimulator();
  for (const [backend, hint] of [["env", /OKTA_AWS_PASSWORD/], ["command", /password_command/]]) {
    await using home = await emptyHome({ ...sim.env(), OKTA_AWS_BACKEND: String(backend) });
    const args = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
    for (const stdin of [secretsOf(sim), JSON.stringify({ password: sim.user.password })]) {
      const { code, stderr } = await home.run([...args, "--secrets-stdin"], { stdin });
      assert.equal(code, 2, stderr);
      assert.match(stderr, /can't store secrets/);
      assert.match(stderr, hint as RegExp);
    }
    assert.equal(sim.requests.length, 0);
  }
});
