/** Homes as other tools leave them, for tests of `import`. */

import { simSso } from "../sim/aws/sso/sso_world.ts";
import { simOidc } from "../sim/okta/oauth/oidc_world.ts";
import type { Simulator } from "../sim/simulator.ts";
import type { World } from "../sim/world.ts";

export const DEVELOPER = "arn:aws:iam::123456789012:role/Developer";

export interface OldHome {
  /** Changes the simulator's world. */
  world?: (world: World) => void;
  /** How the account signs in (default: password and TOTP). */
  by?: "device" | "portal";
  files: (sim: Simulator) => Record<string, string>;
  /** A profile that works after the import. */
  profile: string;
}

/** By tool. */
export const OLD_HOMES: Record<string, OldHome> = {
  "saml2aws": {
    files: (sim) => ({
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
    }),
    profile: "customer-test",
  },
  "saml2aws as credential_process": {
    files: (sim) => ({
      ".saml2aws": `[default]\nurl = ${sim.embedLink()}\nusername = ${sim.user.login}\n` +
        `provider = Okta\nmfa = Auto\naws_profile = saml\n`,
      ".aws/config": `# mine\r\n[profile mybucket]\r\nregion = us-west-1\r\n` +
        `credential_process = saml2aws login --credential-process --role ${DEVELOPER} --profile mybucket\r\n`,
    }),
    profile: "mybucket",
  },
  "gimme-aws-creds": {
    files: (sim) => ({
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
    }),
    profile: "123456789012-Developer",
  },
  "okta-aws-cli-assume-role": {
    files: (sim) => ({
      ".okta/config.properties": `#OktaAWSCLI\nOKTA_ORG=${sim.okta.replace(":", "\\:")}\n` +
        `OKTA_AWS_APP_URL=${sim.embedLink()}\nOKTA_USERNAME=${sim.user.login}\n` +
        `OKTA_MFA_CHOICE=GOOGLE.token:software:totp\nOKTA_AWS_ROLE_TO_ASSUME=${DEVELOPER}\n`,
      ".okta/config.prod.properties": "OKTA_AWS_REGION = eu-central-1\n",
      ".aws/config":
        `[profile ops]\ncredential_process = /opt/okta/okta-credential_process ${DEVELOPER}\n`,
    }),
    profile: "ops",
  },
  "okta-awscli": {
    files: (sim) => ({
      ".okta-aws":
        `[default]\nbase-url = ${sim.okta}\nusername = ${sim.user.login}\nfactor = GOOGLE\n` +
        `role = ${DEVELOPER}\nprofile = work\napp-link = ${sim.embedLink()}\nduration = 3600\n`,
    }),
    profile: "work",
  },
  "aws-okta-processor": {
    files: (sim) => ({
      ".aws/credentials": `[role_one]\ncredential_process=aws-okta-processor authenticate ` +
        `--user ${sim.user.login} --organization="${sim.okta}" --application ${sim.embedLink()} ` +
        `--role ${DEVELOPER} --factor token:software:totp:google --key role_one\n`,
    }),
    profile: "role_one",
  },
  "tokendito": {
    files: (sim) => ({
      ".config/tokendito/tokendito.ini":
        `[default]\nokta_username = ${sim.user.login}\nokta_mfa = token\n\n` +
        `[engineer]\nokta_tile = ${sim.embedLink()}\naws_role_arn = ${DEVELOPER}\naws_profile = engineer\n`,
    }),
    profile: "engineer",
  },
  "clisso": {
    files: (sim) => ({
      ".clisso.yaml":
        `apps:\n  dev-account:\n    provider: okta-prod\n    url: ${sim.embedLink()}\n` +
        `    arn: ${DEVELOPER}\nglobal:\n  accounts:\n    "123456789012": Dev\n` +
        `providers:\n  okta-prod:\n    base-url: ${sim.okta}\n    type: okta\n    username: ${sim.user.login}\n`,
    }),
    profile: "dev-account",
  },
  "okta-aws-cli": {
    by: "device",
    world(world) {
      world.org.pipeline = "idx";
      world.oidc = simOidc();
    },
    files: (sim) => ({
      ".okta/okta.yaml": `---
awscli:
  idps:
    "arn:aws:iam::123456789012:saml-provider/company-okta-idp": "Data Production"
  roles:
    "arn:aws:iam::.*:role/admin": "Admin"
  profiles:
    staging:
      oidc-client-id: "${sim.world.oidc!.clientId}"
      org-domain: "${sim.okta}"
      aws-acct-fed-app-id: "${sim.world.apps[0]!.id}"
      aws-iam-idp: "arn:aws:iam::123456789012:saml-provider/Okta"
      aws-iam-role: "${DEVELOPER}"
      write-aws-credentials: true
      open-browser: true
`,
    }),
    profile: "staging",
  },
  "granted": {
    by: "portal",
    world: (world) => void (world.sso = simSso()),
    files: (sim) => ({
      ".aws/config": `[profile acme/ReadOnly]
granted_sso_start_url      = ${sim.sso}/start
granted_sso_region         = ${sim.world.sso!.region}
granted_sso_account_id     = 111122223333
granted_sso_role_name      = ReadOnly
common_fate_generated_from = aws-sso
credential_process         = granted credential-process --profile acme/ReadOnly
`,
    }),
    profile: "acme/ReadOnly",
  },
  "aws-sso-cli": {
    by: "portal",
    world: (world) => void (world.sso = simSso()),
    files: (sim) => ({
      ".aws-sso/config.yaml": `SSOConfig:
    Default:
        SSORegion: ${sim.world.sso!.region}
        StartUrl: ${sim.sso}/start
        DefaultRegion: eu-west-1
        Accounts:
            111122223333:
                Name: Acme Production
                Roles:
                    AdministratorAccess:
                        Profile: acme-admin
SecureStore: secret-service
`,
      ".aws/config": `# BEGIN_AWS_SSO_CLI

[profile 111122223333:ReadOnly]
credential_process = /usr/bin/aws-sso -u open -S "Default" process --arn arn:aws:iam::111122223333:role/ReadOnly

# END_AWS_SSO_CLI
`,
    }),
    profile: "111122223333:ReadOnly",
  },
  "aws-vault": {
    by: "portal",
    world: (world) => void (world.sso = simSso()),
    files: (sim) => ({
      ".aws/config": `[profile acme-sso]
sso_start_url = ${sim.sso}/start
sso_region = ${sim.world.sso!.region}
sso_account_id = 111122223333
sso_role_name = ReadOnly

[profile acme]
credential_process = aws-vault export --format=json acme-sso
`,
    }),
    profile: "acme",
  },
};
