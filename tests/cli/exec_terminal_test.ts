import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { type Home, programCommand, setUpHome } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

/** A test on a terminal, in a home that is set up. */
function terminalTest(name: string, act: (home: Home) => Promise<void>): void {
  Deno.test({
    name,
    ignore: ignorePty,
    async fn() {
      await using sim = await startSimulator();
      await using home = await setUpHome(sim);
      await act(home);
    },
  });
}

const execWords = (script: string) => ["exec", "Developer", "--", "bash", "-c", script];

terminalTest("exec's command has the terminal as if started by hand", async (home) => {
  const script = "test -t 0 && test -t 1 && test -t 2 && echo all three; " +
    'echo "$(ps -o tpgid= -p $$) $(ps -o pgid= -p $$)" | awk \'$1 == $2 {print "foreground"}\'; ' +
    "read -rsp 'Password: ' word; echo; echo \"<$word>\"";
  const program = await runOnTerminal(home, execWords(script));
  await program.until("Password: ");
  await program.type("quiet\r");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.match(shown, /all three\r\nforeground\r\n/);
  assert.match(shown, /Password: \r\n<quiet>/, "nothing was echoed");
});

terminalTest(
  "exec's command is interrupted once, and may take its time to clean up",
  async (home) => {
    const script = 'n=0; trap "n=\\$((n+1))" INT; echo rea""dy; ' +
      "while test $n = 0; do sleep 0.05; done; sleep 0.5; echo released after $n; exit 9";
    const program = await runOnTerminal(home, execWords(script));
    await program.until("ready");
    await program.type("\x03");
    const { code, shown } = await program.end();
    assert.match(shown, /released after 1\r\n/);
    assert.equal(code, 9, shown);
  },
);

terminalTest("exec ends with 130 when its command dies of Ctrl-C", async (home) => {
  const program = await runOnTerminal(home, execWords("echo rea''dy; exec sleep 30"));
  await program.until("ready");
  await program.type("\x03");
  const { code, shown } = await program.end();
  assert.equal(code, 130, shown);
});

terminalTest("exec ends with 131 when its command dies of SIGQUIT", async (home) => {
  // bash itself ignores SIGQUIT.
  const script = "ulimit -c 0; exec sh -c 'kill -s QUIT $$'";
  const program = await runOnTerminal(home, execWords(script));
  const { code, shown } = await program.end();
  assert.equal(code, 131, shown);
});

terminalTest("exec is stopped and goes on with its command as one job", async (home) => {
  const quoted = [...programCommand(), ...execWords('echo rea""dy; read word; echo "got <$word>"')]
    .map((word) => `'${word}'`).join(" ");
  const shell = await runOnTerminal(home, [], { shell: "exec bash --norc --noprofile -i" });
  await shell.type(`${quoted}\r`);
  await shell.until("ready");
  await shell.type("\x1a");
  await shell.until("Stopped");
  await shell.type("jobs | wc -l; echo job''s done\r");
  await shell.until("jobs done");
  await shell.type("fg\r");
  await shell.until("got <$word>");
  await shell.type("hello\r");
  await shell.until("got <hello>");
  await shell.type("exit $?\r");
  const { code, shown } = await shell.end();
  assert.equal(code, 0, shown);
});
