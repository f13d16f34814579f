import assert from "node:assert/strict";
import { pathWith, writeProgram } from "../fakes/programs.ts";
import { send } from "../sim/probe.ts";
import { startSimulator } from "../sim/simulator.ts";
import { type Home, setUpHome } from "./program.ts";

Deno.test("console --print: prints a sign-in URL that it requests by POST", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const { code, stdout, stderr } = await home.run(["console", "Developer", "--print"]);
  assert.equal(code, 0, stderr);
  const url = new URL(stdout.trimEnd());
  assert.equal(`${url.origin}${url.pathname}`, `${sim.signin}/federation`);
  assert.deepEqual([...url.searchParams.keys()], [
    "Action",
    "Issuer",
    "Destination",
    "SigninToken",
  ]);
  assert.equal(url.searchParams.get("Action"), "login");
  assert.equal(url.searchParams.get("Issuer"), sim.embedLink());
  assert.equal(url.searchParams.get("Destination"), "https://console.aws.amazon.com/");
  const landed = await send(url.href);
  assert.equal(landed.headers.get("location"), "https://console.aws.amazon.com/");
  const [asked] = sim.requestsTo("signin", "POST", "/federation");
  assert.equal(asked!.form.get("Action"), "getSigninToken");
  assert.equal(asked!.form.get("SessionDuration"), "43200");
  assert.equal(asked!.url.search, "");
});

Deno.test("console: sends no secret in a URL except Okta's sessionToken", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const { code } = await home.run(["console", "ReadOnly", "--print"]);
  assert.equal(code, 0);
  const secrets = [sim.user.password, ...sim.state.assertions.keys()];
  for (const { secretAccessKey, sessionToken } of sim.state.credentials.values()) {
    secrets.push(secretAccessKey, sessionToken!);
  }
  for (const { url } of sim.requests) {
    for (const secret of secrets) assert.ok(!decodeURIComponent(url.href).includes(secret));
  }
});

Deno.test("console: opens the requested page", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--region", "eu-west-1"] });
  const destination = async (...args: string[]) => {
    const { stdout, stderr } = await home.run(["console", "Developer", "--print", ...args]);
    assert.ok(stdout, stderr);
    return new URL(stdout.trim()).searchParams.get("Destination");
  };
  const origin = "https://eu-west-1.console.aws.amazon.com";
  for (
    const [args, expected] of [
      [[], `${origin}/console/home?region=eu-west-1`],
      [["--service", "s3"], `${origin}/s3/home?region=eu-west-1`],
      [["--destination", `${origin}/ec2/v2#x`], `${origin}/ec2/v2#x`],
    ] as const
  ) {
    await t.step(args.join(" ") || "the home page of the region", async () => {
      assert.equal(await destination(...args), expected);
    });
  }
  await t.step("--destination outside the console exits with 2", async () => {
    const args = ["console", "Developer", "--print", "--destination", "https://evil.example/"];
    const { code, stdout } = await home.run(args);
    assert.equal(code, 2);
    assert.equal(stdout, "");
  });
});

Deno.test("console: retries without a duration when AWS rejects it", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  sim.world.faults.push((request) =>
    request.form.has("SessionDuration") ? new Response("no", { status: 400 }) : undefined
  );
  const { code, stderr } = await home.run(["console", "Developer", "--print"]);
  assert.equal(code, 0, stderr);
  const asked = sim.requestsTo("signin", "POST", "/federation");
  assert.deepEqual(asked.map(({ form }) => form.get("SessionDuration")), ["43200", null]);
});

Deno.test("console: runs the given browser with the URL as argument", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const note = (folder: string) => {
    Deno.writeTextFileSync(`${folder}/opened`, Deno.args[0]!);
    Deno.writeTextFileSync(`${folder}/environment`, JSON.stringify(Deno.env.toObject()));
  };
  const BROWSER = await writeProgram(`${home.folder}/bin/browser`, note, home.folder);
  const { code, stdout, stderr } = await home.run(["console", "Developer"], { env: { BROWSER } });
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "");
  assert.ok((await home.read("opened")).startsWith(`${sim.signin}/federation?Action=login&`));
  assert.doesNotMatch(await home.read("environment"), /OKTA_AWS_FILE_PASSPHRASE/);
});

Deno.test("login and -s: are aliases of console and --print, as in aws-okta", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  for (const args of [["login", "Developer", "-s"], ["login", "Developer", "--stdout"]]) {
    assert.match((await home.run(args)).stdout, /^http:\S+&SigninToken=\S+\n$/);
  }
  const { stdout } = await home.run(["console", "Developer", "--json"]);
  assert.deepEqual(Object.keys(JSON.parse(stdout)), ["url"]);
});

/** A browser in `bin` that notes its arguments, one a line. */
function noteBrowser({ folder }: Home, name: string): Promise<string> {
  const note = (file: string) => {
    const lines = Deno.args.map((word) => `${word}\n`).join("");
    Deno.writeTextFileSync(file, lines, { append: true });
  };
  return writeProgram(`${folder}/bin/${name}`, note, `${folder}/opened`);
}

Deno.test("console: opens several roles, after it has the credentials of all", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const env = { BROWSER: await noteBrowser(home, "browser") };
  const wrong = await home.run(["console", "Developer", "nobody"], { env });
  assert.equal(wrong.code, 2);
  assert.equal(await home.read("opened"), "", "nothing opens if one of them is unknown");
  const { code, stderr } = await home.run(["console", "Developer", "ReadOnly"], { env });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^Opened the console of \S*Developer\nOpened the console of \S*ReadOnly\n/);
  assert.match(stderr, /multi-session support/);
  const tokens = (await home.read("opened")).match(/SigninToken=\S+/g)!;
  assert.equal(new Set(tokens).size, 2);
  const printed = await home.run(["console", "Developer", "ReadOnly", "--print"]);
  assert.match(printed.stdout, /^http:\S+\nhttp:\S+\n$/);
  const { stdout } = await home.run(["console", "Developer", "ReadOnly", "--json"]);
  const profiles = JSON.parse(stdout).map(({ profile }: { profile: string }) => profile);
  assert.deepEqual(profiles, ["Developer", "ReadOnly"]);
});

Deno.test({
  name: "console --chrome-profile: opens the browser profile of that name",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    const chrome = await noteBrowser(home, "google-chrome");
    const cache = { "Profile 3": { name: "Work" } };
    const state = JSON.stringify({ profile: { info_cache: cache } });
    await home.write(".config/google-chrome/Local State", state);
    const env = { PATH: pathWith(`${home.folder}/bin`) };
    const open = (...args: string[]) => home.run(["console", "Developer", ...args], { env });
    const { code, stderr } = await open("--chrome-profile", "work");
    assert.equal(code, 0, stderr);
    assert.match(await home.read("opened"), /^--profile-directory=Profile 3\nhttp:\S+\n$/);
    const unknown = await home.run(["console", "Developer", "--chrome-profile", "x"], {
      env: { OKTA_AWS_BROWSER_PATH: chrome },
    });
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /no browser has a profile named x\n {2}use one of: Work/);
    const both = await open("--chrome-profile", "work", "--container");
    assert.equal(both.code, 2);
    await open("--chrome-profile", "Any", "--browser", `${chrome} --new-window`);
    assert.match(await home.read("opened"), /\n--new-window\n--profile-directory=Any\nhttp:\S+\n$/);
  },
});
