import { deepStrictEqual } from "node:assert/strict";
import { childEnvironment } from "../../../src/platform/processes/child_process.ts";

Deno.test("childEnvironment() drops our secrets, in any case, and nothing else", () => {
  const all = {
    OKTA_AWS_PASSWORD: "p",
    Okta_Aws_Totp: "t",
    OKTA_AWS_FILE_PASSPHRASE: "f",
    OKTA_AWS_ACCOUNT: "work",
    PATH: "/bin",
  };
  deepStrictEqual(childEnvironment(all), { OKTA_AWS_ACCOUNT: "work", PATH: "/bin" });
});
