import { deepStrictEqual, doesNotMatch, match, rejects, strictEqual } from "node:assert/strict";
import { OktaAwsError } from "../../../src/errors.ts";
import {
  commandStore,
  oneTimeCodeIn,
  passwordIn,
} from "../../../src/platform/secret_stores/command.ts";
import { Secret } from "../../../src/secret.ts";
import { scratchTest } from "../scratch_folder.ts";

const failing = (code: string) => (error: unknown): boolean => {
  if (!(error instanceof OktaAwsError)) return false;
  doesNotMatch(`${error.message} ${error.hint}`, /hunter2/);
  return error.code === code && error.hint !== undefined;
};

function open(account: Record<string, string>, timeoutMilliseconds = 60_000) {
  const variables = { PATH: Deno.env.get("PATH")!, OKTA_AWS_PASSWORD: "ours" };
  return commandStore({ environment: { all: () => variables }, account, timeoutMilliseconds });
}

Deno.test("passwordIn() returns the last line, whatever comes before it", () => {
  deepStrictEqual(
    [
      "hunter2\n",
      "hunter2",
      " hunter2 \r\n\r\n",
      "[WARN] 2026 a new version is there\nhunter2\n",
      "\x1b[33mwarning\x1b[0m\n\x1b[1mhunter2\x1b[0m\n",
      "pass word with blanks\n",
      "\n \n",
      "",
    ].map(passwordIn),
    ["hunter2", "hunter2", " hunter2 ", "hunter2", "hunter2", "pass word with blanks"].concat(
      [undefined, undefined] as never[],
    ),
  );
});

Deno.test("oneTimeCodeIn() finds the code, or its secret, in noise", () => {
  deepStrictEqual(
    [
      "123456\n",
      "123 456\n",
      "12345678",
      "Session expires at 18:30:12 on 20261121\n654321\n",
      "Your code is 654321 (valid for 20 s)",
      "[INFO] v2.30.0 build 2300000\n\x1b[1m654321\x1b[0m\nbye\n",
      "note\notpauth://totp/Okta:jane?secret=JBSWY3DPEHPK3PXP&issuer=Okta\n",
      "jbsw y3dp ehpk 3pxp\n",
      "You are not logged in.\n",
      "",
    ].map(oneTimeCodeIn),
    [
      "123456",
      "123456",
      "12345678",
      "654321",
      "654321",
      "654321",
      "otpauth://totp/Okta:jane?secret=JBSWY3DPEHPK3PXP&issuer=Okta",
      "jbsw y3dp ehpk 3pxp",
      undefined,
      undefined,
    ],
  );
});

scratchTest("commandStore() runs the commands of the settings", async (folder) => {
  if (Deno.build.os === "windows") return;
  const tool = `${folder}/my tool`;
  const script = '#!/bin/sh\necho "noise $OKTA_AWS_PASSWORD" >&2; echo "$1 $#"\n';
  await Deno.writeTextFile(tool, script, { mode: 0o755 });
  const both = { password_command: `"${tool}" 'op://a b/c'`, totp_command: "echo 123456" };
  const store = open(both);
  deepStrictEqual(JSON.parse((await store.read("work"))!.reveal()), { password: "op://a b/c 1" });
  strictEqual((await store.oneTimeCode!("work")).reveal(), "123456");
  const codeOnly = open({ totp_command: "echo 123456" });
  deepStrictEqual(JSON.parse((await codeOnly.read("work"))!.reveal()), {});
  strictEqual(open({ password_command: "echo x" }).oneTimeCode, undefined);
  deepStrictEqual(await store.list(), []);
  await rejects(store.write("work", new Secret("x")), failing("read_only"));
  await rejects(store.remove("work"), failing("read_only"));
});

scratchTest(
  "commandStore() says why a command gives nothing, and never what it said",
  async (folder) => {
    if (Deno.build.os === "windows") return;
    const script = `#!/bin/sh\necho hunter2 >&2; echo hunter2; exit 6\n`;
    await Deno.writeTextFile(`${folder}/locked`, script, { mode: 0o755 });
    const read = (password_command: string, timeout?: number) =>
      open({ password_command }, timeout).read("work");
    await rejects(read(`${folder}/locked`), (error: Error) => {
      match(error.message, /exit code 6/);
      return failing("unavailable")(error);
    });
    await rejects(read("/nonexistent/op read"), failing("unavailable"));
    await rejects(read("true"), failing("empty"));
    await rejects(read("tail -f /dev/null", 200), failing("timeout"));
    await rejects(open({}).read("work"), failing("no_command"));
    await rejects(open({ totp_command: "echo no" }).oneTimeCode!("work"), failing("empty"));
  },
);
