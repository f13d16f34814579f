import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { emptyHome, type Home, secretsOf, signIns, simulatorEnvironment } from "./program.ts";

const DEVELOPER = "arn:aws:iam::123456789012:role/Developer";

/** A home without any account of ours, whose secrets come from variables. */
async function oldHome(sim: Simulator, files: Record<string, string>): Promise<Home> {
  const home = await emptyHome({
    ...simulatorEnvironment(sim),
    OKTA_AWS_BACKEND: "env",
    OKTA_AWS_PASSWORD: sim.user.password,
    OKTA_AWS_TOTP: sim.user.totpUri,
  });
  for (const [path, text] of Object.entries(files)) await home.write(path, text);
  return home;
}

const LAYOUTS: Record<
  string,
  (sim: Simulator) => { files: Record<string, string>; profile: string }
> = {
  "saml2aws": (sim) => ({
    files: {
      ".saml2aws": `[default]
name                    = default
app_id                  = 
url                     = ${sim.embedLink()}
username                = ${sim.user.login}
provider                = Okta
mfa                     = TOTP
skip_verify             = false
timeout                 = 0
aws_urn                 = urn:amazon:webservices
aws_session_duration    = 3600
aws_profile             = customer-test
role_arn                = ${DEVELOPER}
region                  = eu-west-1
`,
      ".aws/credentials": `[customer-test]
aws_access_key_id        = ASIAOLD
aws_secret_access_key    = old
aws_session_token        = old
aws_security_token       = old
x_principal_arn          = arn:aws:sts::123456789012:assumed-role/Developer/jane
x_security_token_expires = 2019-08-19T15:00:56-06:00

[mine]
aws_access_key_id = AKIAMINE
aws_secret_access_key = mine
`,
    },
    profile: "customer-test",
  }),
  "saml2aws as credential_process": (sim) => ({
    files: {
      ".saml2aws": `[default]\nurl = ${sim.embedLink()}\nusername = ${sim.user.login}\n` +
        `provider = Okta\nmfa = Auto\naws_profile = saml\n`,
      ".aws/config": `# mine\r\n[profile mybucket]\r\nregion = us-west-1\r\n` +
        `credential_process = saml2aws login --credential-process --role ${DEVELOPER} --profile mybucket\r\n`,
    },
    profile: "mybucket",
  }),
  "gimme-aws-creds": (sim) => ({
    files: {
      ".okta_aws_login_config": `[DEFAULT]
okta_org_url = ${sim.okta}
gimme_creds_server = appurl
app_url = ${sim.embedLink()}
okta_username = ${sim.user.login}
write_aws_creds = True
preferred_mfa_type = token:software:totp
resolve_aws_alias = n
aws_default_duration = 3600
enable_keychain = y

[dev]
inherits = base
aws_rolename = ${DEVELOPER}
cred_profile = acc-role

[base]
remember_device = n
`,
    },
    profile: "123456789012-Developer",
  }),
  "okta-aws-cli-assume-role": (sim) => ({
    files: {
      ".okta/config.properties": `#OktaAWSCLI\nOKTA_ORG=${sim.okta.replace(":", "\\:")}\n` +
        `OKTA_AWS_APP_URL=${sim.embedLink()}\nOKTA_USERNAME=${sim.user.login}\n` +
        `OKTA_MFA_CHOICE=GOOGLE.token:software:totp\nOKTA_AWS_ROLE_TO_ASSUME=${DEVELOPER}\n`,
      ".okta/config.prod.properties": "OKTA_AWS_REGION = eu-central-1\n",
      ".aws/config":
        `[profile ops]\ncredential_process = /opt/okta/okta-credential_process ${DEVELOPER}\n`,
    },
    profile: "ops",
  }),
  "okta-awscli": (sim) => ({
    files: {
      ".okta-aws":
        `[default]\nbase-url = ${sim.okta}\nusername = ${sim.user.login}\nfactor = GOOGLE\n` +
        `role = ${DEVELOPER}\nprofile = work\napp-link = ${sim.embedLink()}\nduration = 3600\n`,
    },
    profile: "work",
  }),
  "aws-okta-processor": (sim) => ({
    files: {
      ".aws/credentials": `[role_one]\ncredential_process=aws-okta-processor authenticate ` +
        `--user ${sim.user.login} --organization="${sim.okta}" --application ${sim.embedLink()} ` +
        `--role ${DEVELOPER} --factor token:software:totp:google --key role_one\n`,
    },
    profile: "role_one",
  }),
  "tokendito": (sim) => ({
    files: {
      ".config/tokendito/tokendito.ini":
        `[default]\nokta_username = ${sim.user.login}\nokta_mfa = token\n\n` +
        `[engineer]\nokta_tile = ${sim.embedLink()}\naws_role_arn = ${DEVELOPER}\naws_profile = engineer\n`,
    },
    profile: "engineer",
  }),
  "clisso": (sim) => ({
    files: {
      ".clisso.yaml":
        `apps:\n  dev-account:\n    provider: okta-prod\n    url: ${sim.embedLink()}\n` +
        `    arn: ${DEVELOPER}\nglobal:\n  accounts:\n    "123456789012": Dev\n` +
        `providers:\n  okta-prod:\n    base-url: ${sim.okta}\n    type: okta\n    username: ${sim.user.login}\n`,
    },
    profile: "dev-account",
  }),
};

for (const [layout, make] of Object.entries(LAYOUTS)) {
  Deno.test(`import: a home of ${layout} works after --yes, and --undo restores every byte`, async () => {
    await using sim = await startSimulator();
    const { files, profile } = make(sim);
    await using home = await oldHome(sim, files);
    const taken = await home.run(["import", "--yes"]);
    assert.equal(taken.code, 0, taken.stderr);
    const { code, stdout, stderr } = await home.run(["cred-process", profile]);
    assert.equal(code, 0, `${stderr}\n${await home.read(".aws/config")}`);
    assert.equal(JSON.parse(stdout).Version, 1);
    assert.ok([...sim.state.credentials.values()].some(({ roleArn }) => roleArn === DEVELOPER));
    assert.match(
      await home.read(".aws/config"),
      new RegExp(
        `\\[profile ${profile}\\][^[]*credential_process = .* cred-process ${profile}\r?\n`,
      ),
    );
    assert.doesNotMatch(await home.read(".aws/credentials"), new RegExp(`\\[${profile}\\]`));
    const again = await home.run(["import", "--yes"]);
    assert.match(again.stderr, /nothing to import/);
    const undone = await home.run(["import", "--undo"]);
    assert.equal(undone.code, 0, undone.stderr);
    for (const [path, text] of Object.entries(files)) assert.equal(await home.read(path), text);
    assert.equal(await home.read(".config/okta-aws/config.ini"), "");
    assert.equal((await home.run(["import", "--undo"])).code, 2);
  });
}
void secretsOf;
void signIns;
