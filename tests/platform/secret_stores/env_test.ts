import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { SecretStoreError } from "../../../src/errors.ts";
import { envStore } from "../../../src/platform/secret_stores/env.ts";
import { Secret } from "../../../src/secret.ts";

const store = (variables: Record<string, string>) => envStore({ get: (name) => variables[name] });

Deno.test("envStore() reads the variables", async () => {
  const both = await store({ OKTA_AWS_PASSWORD: 'a"b', OKTA_AWS_TOTP: "JBSW" }).read("any");
  deepStrictEqual(JSON.parse(both!.reveal()), { password: 'a"b', totp: "JBSW" });
  const one = await store({ OKTA_AWS_PASSWORD: "p" }).read("any");
  deepStrictEqual(JSON.parse(one!.reveal()), { password: "p" });
  strictEqual(await store({}).read("any"), undefined);
});

Deno.test("envStore() drops the line end of a password, which CI systems add", async () => {
  for (const end of ["\n", "\r\n", "\n\n"]) {
    const read = await store({ OKTA_AWS_PASSWORD: ` a\nb ${end}` }).read("any");
    deepStrictEqual(JSON.parse(read!.reveal()), { password: " a\nb " });
  }
  strictEqual(await store({ OKTA_AWS_PASSWORD: "\n" }).read("any"), undefined);
});

Deno.test("envStore() rejects writes and removals", async () => {
  const refused = (error: unknown): boolean =>
    error instanceof SecretStoreError && error.code === "read_only";
  await rejects(store({}).write("any", new Secret("x")), refused);
  await rejects(store({}).remove("any"), refused);
});
