import assert from "node:assert/strict";
import { readForeignItem } from "../../src/platform/secret_stores/foreign_item.ts";
import { emptyHome, signIns, simulatorEnvironment } from "../cli/program.ts";
import { ignorePty, runOnTerminal } from "../cli/pty.ts";
import { DEVELOPER } from "../fakes/old_homes.ts";
import { inScratchFolder } from "../platform/scratch_folder.ts";
import { startSimulator } from "../sim/simulator.ts";
import { startKeyring } from "./keyring.ts";
import { ignoreWithout } from "./programs.ts";

const ignore = ignorePty ||
  ignoreWithout("secret-tool", "gnome-keyring-daemon", "dbus-daemon", "dbus-send");

async function store(
  environment: Record<string, string>,
  attributes: readonly string[],
  secret: string,
): Promise<void> {
  const child = new Deno.Command("secret-tool", {
    args: ["store", "--label=test", ...attributes],
    env: environment,
    clearEnv: true,
    stdin: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(secret));
  await writer.close();
  assert.ok((await child.status).success);
}

/** As 99designs/keyring writes it: an item in JSON, its data in base64. */
function keyringItem(key: string, data: object): string {
  return JSON.stringify({ Key: key, Data: btoa(JSON.stringify(data)), Label: "", Description: "" });
}

Deno.test({
  name: "import: takes saml2aws's password from the Secret Service after one yes",
  ignore,
  fn: () =>
    inScratchFolder(async (folder) => {
      const keyring = await startKeyring(folder);
      try {
        await using sim = await startSimulator();
        sim.world.users[0]!.mfa = "none";
        const url = sim.embedLink();
        const credentials = { ServerURL: url, Username: sim.user.login, Secret: sim.user.password };
        await store(keyring.environment, ["profile", url], keyringItem(url, credentials));
        const bus = keyring.environment.DBUS_SESSION_BUS_ADDRESS!;
        await using home = await emptyHome({
          ...simulatorEnvironment(sim),
          DBUS_SESSION_BUS_ADDRESS: bus,
        });
        await home.write(
          ".saml2aws",
          `[default]\nprovider = Okta\nurl = ${url}\nusername = ${sim.user.login}\n` +
            `aws_profile = work\nrole_arn = ${DEVELOPER}\n`,
        );
        const program = await runOnTerminal(home, ["import"]);
        await program.until("password: from the keyring item of saml2aws");
        await program.answer("(Y/n)", "y");
        await program.until("using the password from the keyring item of saml2aws");
        const { code, shown } = await program.end();
        assert.equal(code, 0, shown);
        assert.equal(signIns(sim), 1);
        assert.ok(!shown.includes(sim.user.password));
        const process = await home.run(["cred-process", "work"]);
        assert.equal(process.code, 0, process.stderr);
      } finally {
        await keyring.stop();
      }
    }),
});

Deno.test({
  name: "import: takes aws-okta's org, user name and password from the Secret Service",
  ignore,
  fn: () =>
    inScratchFolder(async (folder) => {
      const keyring = await startKeyring(folder);
      try {
        await using sim = await startSimulator();
        sim.world.users[0]!.mfa = "none";
        const credentials = {
          Organization: "",
          Username: sim.user.login,
          Password: sim.user.password,
          Domain: sim.okta,
        };
        const item = keyringItem("okta-creds", credentials);
        await store(keyring.environment, ["profile", "okta-creds"], item);
        const bus = keyring.environment.DBUS_SESSION_BUS_ADDRESS!;
        await using home = await emptyHome({
          ...simulatorEnvironment(sim),
          DBUS_SESSION_BUS_ADDRESS: bus,
        });
        const config = `[okta]\naws_saml_url = ${new URL(sim.embedLink()).pathname.slice(1)}\n\n` +
          `[profile dev]\nrole_arn = ${DEVELOPER}\n`;
        await home.write(".aws/config", config);
        const silent = await home.run(["import", "--yes"]);
        assert.match(silent.stderr, /okta-creds of aws-okta: read only at a terminal/);
        const program = await runOnTerminal(home, ["import"]);
        await program.until("Read the keyring item okta-creds of aws-okta?");
        await program.answer("(Y/n)", "y");
        await program.until("Write these settings?");
        await program.answer("(Y/n)", "y");
        const { code, shown } = await program.end();
        assert.equal(code, 0, shown);
        assert.equal(await home.read(".aws/config"), config);
        const process = await home.run(["cred-process", "dev"]);
        assert.equal(process.code, 0, process.stderr);
      } finally {
        await keyring.stop();
      }
    }),
});

Deno.test({
  name: "readForeignItem() reads an item of a real gnome-keyring, and tells a missing one",
  ignore,
  fn: () =>
    inScratchFolder(async (folder) => {
      const keyring = await startKeyring(folder);
      try {
        const environment = { all: () => keyring.environment, os: "linux" } as const;
        const keychain = { kind: "generic", service: "x" } as const;
        await store(keyring.environment, ["service", "clisso", "username", "okta"], "käse ");
        const read = async (attributes: Record<string, string>) =>
          (await readForeignItem({ environment }, { attributes, keychain }))?.reveal();
        assert.equal(await read({ service: "clisso", username: "okta" }), "käse ");
        assert.equal(await read({ service: "clisso", username: "other" }), undefined);
      } finally {
        await keyring.stop();
      }
    }),
});
