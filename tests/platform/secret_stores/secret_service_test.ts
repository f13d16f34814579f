import { deepStrictEqual, doesNotMatch, rejects, strictEqual } from "node:assert/strict";
import { SecretStoreError } from "../../../src/errors.ts";
import { systemFiles } from "../../../src/platform/files/files.ts";
import {
  probeSecretService,
  runSecretTool,
  secretServiceStore,
  secretToolError,
  WHOLE_LINE,
} from "../../../src/platform/secret_stores/secret_service.ts";
import { Secret } from "../../../src/secret.ts";
import { writeShellProgram } from "../../fakes/programs.ts";
import { posixScratchTest } from "../scratch_folder.ts";

const failing = (code: string) => (error: unknown): boolean =>
  error instanceof SecretStoreError && error.code === code && error.hint !== undefined;

/** A store on a shell script in place of secret-tool. */
async function withTool(folder: string, script: string) {
  const tool = `${folder}/tool`;
  await writeShellProgram(tool, script);
  const variables = {
    PATH: Deno.env.get("PATH")!,
    OKTA_AWS_PASSWORD: "p",
    OKTA_AWS_TOTP: "t",
    OKTA_AWS_FILE_PASSPHRASE: "f",
    KEPT: "kept",
  };
  return {
    tool,
    environment: { all: () => variables },
    files: systemFiles(),
    secretsFolder: folder,
    readTimeoutMilliseconds: 60_000,
  };
}

Deno.test("secretToolError() maps the messages of secret-tool and libsecret", () => {
  const codes = [
    "secret-tool: Cannot get secret of a locked object",
    "secret-tool: Cannot create an item in a locked collection",
    "secret-tool: Cannot autolaunch D-Bus without X11 $DISPLAY",
    "secret-tool: Could not connect: No such file or directory",
    "secret-tool: The name org.freedesktop.secrets was not provided by any .service files",
    "secret-tool: Object does not exist at path “/org/freedesktop/secrets/collection/login”",
    "The prompt was dismissed",
    "secret-tool: something new",
    "",
  ].map((stderr) => secretToolError(stderr).code);
  deepStrictEqual(codes, [
    "locked",
    "locked",
    "unavailable",
    "unavailable",
    "unavailable",
    "unavailable",
    "cancelled",
    "unavailable",
    "unavailable",
  ]);
});

posixScratchTest("read() kills a tool that hangs", async (folder) => {
  const settings = await withTool(folder, `echo $$ > ${folder}/pid; exec cat /dev/zero`);
  const store = secretServiceStore({
    ...settings,
    tool: settings.tool,
    readTimeoutMilliseconds: 0,
  });
  await rejects(store.read("work"), failing("timeout"));
});

posixScratchTest("read() throws cancelled when the user dismissed the question", async (folder) => {
  const settings = await withTool(folder, "echo 'The prompt was dismissed' >&2; exit 1");
  await rejects(secretServiceStore(settings).read("work"), failing("cancelled"));
});

posixScratchTest("read() throws damaged when the item is not ours", async (folder) => {
  for (const answer of ["not base64!", "/w=="]) {
    const settings = await withTool(folder, `printf '%s' '${answer}'`);
    await rejects(secretServiceStore(settings).read("work"), failing("damaged"));
  }
});

posixScratchTest("read() never shows what search prints", async (folder) => {
  const script = `[ "$1" = lookup ] && exit 1; echo 'secret = hunter2'; exit 0`;
  const settings = await withTool(folder, script);
  await rejects(secretServiceStore(settings).read("work"), (error) => {
    doesNotMatch(Deno.inspect(error), /hunter2/);
    return failing("locked")(error);
  });
});

posixScratchTest("write() starts nothing for a line that was cut off", async (folder) => {
  const settings = await withTool(folder, `touch ${folder}/started`);
  const cut = { args: ["store"], input: "first\nsecond", timeoutMilliseconds: 60_000 };
  strictEqual((await runSecretTool(settings, cut)).code, 0, "a whole line is passed on");
  await Deno.remove(`${folder}/started`);
  // The shell that runs before the tool, without us: the end of the input comes before the line's.
  const shell = new Deno.Command("/bin/sh", {
    args: ["-c", WHOLE_LINE, "sh", settings.tool, "store"],
    stdin: "piped",
    stdout: "null",
  }).spawn();
  const writer = shell.stdin.getWriter();
  await writer.write(new TextEncoder().encode("half"));
  await writer.close();
  strictEqual((await shell.status).success, false);
  await rejects(Deno.stat(`${folder}/started`), Deno.errors.NotFound);
});

posixScratchTest("write() throws not_stored when something else is read back", async (folder) => {
  const settings = await withTool(folder, `cat > /dev/null; [ $1 = lookup ] && printf Zm9v; true`);
  await rejects(
    secretServiceStore(settings).write("work", new Secret("x")),
    failing("not_stored"),
  );
});

posixScratchTest(
  "write() sends the tool this secret on standard input, and no other",
  async (folder) => {
    const script = `[ $1 = store ] && { env; echo "$@"; } > ${folder}/seen; ` +
      `[ $1 = store ] && cat > ${folder}/stdin || cat ${folder}/stdin`;
    const settings = await withTool(folder, script);
    await Deno.writeTextFile(`${folder}/stdin`, "");
    await secretServiceStore(settings).write("work", new Secret("hunter2"));
    const seen = await Deno.readTextFile(`${folder}/seen`);
    doesNotMatch(seen, /hunter2|aHVudGVyM|OKTA_AWS_(PASSWORD|TOTP|FILE_PASSPHRASE)/);
    strictEqual(/^KEPT=kept$/m.test(seen), true);
    strictEqual(await Deno.readTextFile(`${folder}/stdin`), `${btoa("hunter2")}\n`);
  },
);

posixScratchTest("probeSecretService() reports why there is none", async (folder) => {
  const settings = await withTool(folder, "exit 0");
  strictEqual(await probeSecretService(settings), undefined);
  const missing = await probeSecretService({ ...settings, tool: `${folder}/none` });
  strictEqual(missing?.code, "unavailable");
});
