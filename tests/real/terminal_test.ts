import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { inScratchFolder } from "../platform/scratch_folder.ts";
import { type OnTerminal, startOnTerminal } from "./pseudo_terminal.ts";
import { ignoreWithout } from "./programs.ts";

const ignore = Deno.build.os !== "linux" || ignoreWithout("script", "stty", "sh");
const root = new URL("../../", import.meta.url);

const HEAD = `
  import { createTerminal } from "${root}src/platform/terminal/terminal.ts";
  import { systemEnvironment } from "${root}src/platform/environment.ts";
  import { systemFiles } from "${root}src/platform/files/files.ts";
  import { systemProcesses } from "${root}src/platform/processes/processes.ts";
  const environment = systemEnvironment();
  const terminal = createTerminal({ environment, files: systemFiles(), lockFolder: Deno.args[0] });
  const say = (value) => terminal.write("<" + JSON.stringify(value) + ">\\r\\n");
`;

/** Runs a program on a terminal; `shell` is the command line, `$PROGRAM` the program. */
async function onTerminal(
  program: string,
  act: (terminal: OnTerminal) => Promise<void>,
  shell = "$PROGRAM",
): Promise<void> {
  await inScratchFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/program.ts`, HEAD + program);
    const config = fileURLToPath(new URL("deno.json", root));
    const command = `'${Deno.execPath()}' run --no-prompt -A --no-check --config '${config}' ` +
      `'${folder}/program.ts' '${folder}/locks'`;
    const environment = Deno.env.toObject();
    await act(startOnTerminal(shell.replaceAll("$PROGRAM", () => command), {
      ...environment,
      TERM: "xterm",
    }));
  });
}

function terminalTest(
  name: string,
  program: string,
  act: (terminal: OnTerminal) => Promise<void>,
  shell?: string,
): void {
  Deno.test({ name, ignore, fn: () => onTerminal(program, act, shell) });
}

terminalTest(
  "askText() and others use /dev/tty when all standard streams are redirected",
  `say(await terminal.canAsk());
   say(await terminal.askText({ question: "User" }));
   say((await terminal.askSecret({ question: "Password" })).reveal().length);
   say(await terminal.askChoice({
     question: "Role", choices: ["a", "b", "c"].map((name) => ({ name, value: name })),
   }));`,
  async (terminal) => {
    await terminal.until("<true>");
    await terminal.until("User");
    await terminal.type("jö\r");
    await terminal.until('<"jö">');
    await terminal.until("Password");
    await terminal.type("hunter2\r");
    doesNotMatch(await terminal.until("<7>"), /hunter2/);
    await terminal.until("3 of 3");
    await terminal.type("\x1b[B\r");
    await terminal.until('<"b">');
    strictEqual((await terminal.end()).code, 0);
  },
  "$PROGRAM < /dev/null > /dev/null 2> /dev/null",
);

const ASK_SECRET = `
  await terminal.askSecret({ question: "Password" }).then(say, (error) => say(error.code));`;

terminalTest(
  "askSecret() restores the terminal when Ctrl-C interrupts it",
  ASK_SECRET,
  async (terminal) => {
    await terminal.until("Password");
    await terminal.type("x\x03");
    await terminal.until('<"interrupted">');
    match((await terminal.end()).text, /same/);
  },
  `before=$(stty -g); $PROGRAM; [ "$before" = "$(stty -g)" ] && echo same || echo changed`,
);

for (const signal of ["TERM", "HUP", "INT"]) {
  terminalTest(
    `askSecret() restores the terminal when SIG${signal} interrupts it`,
    ASK_SECRET + `Deno.exit(0);`,
    async (terminal) => {
      await terminal.until("pid=");
      const pid = Number((await terminal.until("\r\n")).trim());
      await terminal.until("Password");
      Deno.kill(pid, `SIG${signal}` as Deno.Signal);
      await terminal.until('<"interrupted">');
      match((await terminal.end()).text, /same/);
    },
    `before=$(stty -g); sh -c 'echo pid=$$; exec "$0" "$@"' $PROGRAM; ` +
      `[ "$before" = "$(stty -g)" ] && echo same || echo changed`,
  );
}

terminalTest(
  "askSecret() gets a signal once: nothing sends it again while the program cleans up",
  `const signals = [];
   Deno.addSignalListener("SIGTERM", () => signals.push("SIGTERM"));
   const last = Promise.withResolvers();
   Deno.addSignalListener("SIGWINCH", last.resolve);
   await terminal.askSecret({ question: "Password" }).catch(() => {});
   // It arrives after one that was sent again.
   Deno.kill(Deno.pid, "SIGWINCH");
   await last.promise;
   say(signals);
   Deno.exit(0);`,
  async (terminal) => {
    await terminal.until("pid=");
    const pid = Number((await terminal.until("\r\n")).trim());
    await terminal.until("Password");
    Deno.kill(pid, "SIGTERM");
    await terminal.until('<["SIGTERM"]>');
    strictEqual((await terminal.end()).code, 0);
  },
  `sh -c 'echo pid=$$; exec "$0" "$@"' $PROGRAM`,
);

terminalTest(
  "askSecret() restores the terminal when the program exits",
  `terminal.askSecret({ question: "Password" }); Deno.addSignalListener("SIGUSR1", () => Deno.exit(5));`,
  async (terminal) => {
    await terminal.until("pid=");
    const pid = Number((await terminal.until("\r\n")).trim());
    await terminal.until("Password");
    Deno.kill(pid, "SIGUSR1");
    match((await terminal.end()).text, /same/);
  },
  `before=$(stty -g); sh -c 'echo pid=$$; exec "$0" "$@"' $PROGRAM; ` +
    `[ "$before" = "$(stty -g)" ] && echo same || echo changed`,
);

terminalTest(
  "askText() waits when another process is asking",
  `say(await terminal.askText({ question: "Name" }));`,
  async (terminal) => {
    await terminal.until("Name");
    await terminal.type("one\r");
    await terminal.until('<"one">');
    await terminal.until("Name");
    await terminal.type("two\r");
    await terminal.until('<"two">');
    strictEqual((await terminal.end()).code, 0);
  },
  "$PROGRAM & $PROGRAM; wait",
);

terminalTest(
  "canAsk() returns false when the process is in the background",
  `say(await terminal.canAsk());
   await terminal.askText({ question: "Name" }).catch((error) => say(error.code));`,
  async (terminal) => {
    await terminal.until("<false>");
    await terminal.until('<"no_terminal">');
    await terminal.end();
  },
  "set -m; $PROGRAM & wait",
);

terminalTest(
  "askText() leaves later keys to the next question when it times out",
  `await terminal.askText({ question: "Quick", timeoutMilliseconds: 1 }).catch((error) => say(error.code));
   say(await terminal.askText({ question: "Next" }));`,
  async (terminal) => {
    await terminal.until('<"unanswered">');
    await terminal.until("Next");
    await terminal.type("abc\r");
    await terminal.until('<"abc">');
    await terminal.end();
  },
);

terminalTest(
  "exec() leaves Ctrl-C to the command when standard input is the terminal",
  `const processes = systemProcesses({ environment, output: { notice: say } });
   const script = "trap 'n=$((n+1)); echo int' INT; echo ready; " +
     // Bash runs a trap late if the signal comes just before read() waits: hence a read that ends.
     "while [ -z $n ]; do read -t 0.1 line; done; " +
     "read line; echo count=$n; exit 7";
   Deno.exit(await processes.exec(["bash", "-c", script], environment.all()));`,
  async (terminal) => {
    await terminal.until("ready");
    await terminal.type("\x03");
    await terminal.until("int");
    await terminal.type("\n\n\n");
    match(await terminal.until("count=1"), /count=1/);
    strictEqual((await terminal.end()).code, 7);
  },
);
