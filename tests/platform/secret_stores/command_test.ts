import { deepStrictEqual, doesNotMatch, match, rejects, strictEqual } from "node:assert/strict";
import { OktaAwsError } from "../../../src/errors.ts";
import {
  commandStore,
  oneTimeCodeIn,
  passwordIn,
} from "../../../src/platform/secret_stores/command.ts";
import { Secret } from "../../../src/secret.ts";
import { neededVariables, writeProgram } from "../../fakes/programs.ts";
import { scratchTest } from "../scratch_folder.ts";

const failing = (code: string) => (error: unknown): boolean => {
  if (!(error instanceof OktaAwsError)) return false;
  doesNotMatch(`${error.message} ${error.hint}`, /hunter2/);
  return error.code === code && error.hint !== undefined;
};

function open(account: Record<string, string>, timeoutMilliseconds = 60_000) {
  const variables = { ...neededVariables(), OKTA_AWS_PASSWORD: "ours" };
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

/** A command line that prints this. */
async function printing(path: string, text: string): Promise<string> {
  const print = (text: string) => void Deno.stdout.writeSync(new TextEncoder().encode(text));
  return `"${await writeProgram(path, print, text)}"`;
}

scratchTest("commandStore() runs the commands of the settings", async (folder) => {
  const tool = await writeProgram(`${folder}/my tool`, () => {
    const [item, ...others] = Deno.args;
    Deno.stderr.writeSync(new TextEncoder().encode(`noise ${Deno.env.get("OKTA_AWS_PASSWORD")}`));
    Deno.stdout.writeSync(new TextEncoder().encode(`${item} ${others.length + 1}\n`));
  });
  const totp_command = await printing(`${folder}/code`, "123456");
  const both = { password_command: `"${tool}" 'op://a b/c'`, totp_command };
  const store = open(both);
  deepStrictEqual(JSON.parse((await store.read("work"))!.reveal()), { password: "op://a b/c 1" });
  strictEqual((await store.oneTimeCode!("work")).reveal(), "123456");
  const codeOnly = open({ totp_command });
  deepStrictEqual(JSON.parse((await codeOnly.read("work"))!.reveal()), {});
  strictEqual(open({ password_command: "echo x" }).oneTimeCode, undefined);
  deepStrictEqual(await store.list(), []);
  await rejects(store.write("work", new Secret("x")), failing("read_only"));
  await rejects(store.remove("work"), failing("read_only"));
});

scratchTest(
  "commandStore() says why a command gives nothing, and never what it said",
  async (folder) => {
    const locked = await writeProgram(`${folder}/locked`, () => {
      for (const stream of [Deno.stderr, Deno.stdout]) {
        stream.writeSync(new TextEncoder().encode("hunter2\n"));
      }
      Deno.exit(6);
    });
    const hanging = await writeProgram(`${folder}/hanging`, () => {
      setTimeout(() => {}, 30_000);
    });
    const read = (password_command: string, timeout?: number) =>
      open({ password_command }, timeout).read("work");
    await rejects(read(`"${locked}"`), (error: Error) => {
      match(error.message, /exit code 6/);
      return failing("unavailable")(error);
    });
    await rejects(read("/nonexistent/op read"), failing("unavailable"));
    await rejects(read(await printing(`${folder}/nothing`, "")), failing("empty"));
    await rejects(read(`"${hanging}"`, 200), failing("timeout"));
    await rejects(open({}).read("work"), failing("no_command"));
    const totp_command = await printing(`${folder}/no-code`, "no");
    await rejects(open({ totp_command }).oneTimeCode!("work"), failing("empty"));
  },
);
