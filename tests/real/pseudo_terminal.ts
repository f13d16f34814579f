/** A program on a pseudo-terminal, through util-linux's `script`. */

const decoder = new TextDecoder();

/** A longer run counts as hung. */
const PATIENCE_MILLISECONDS = 150_000;

export interface OnTerminal {
  /** Waits until the program has written this (since the last wait); returns the output. */
  until(text: string): Promise<string>;
  /** The next output; `undefined` at the end. */
  read(): Promise<string | undefined>;
  /** Types keys. */
  type(keys: string): Promise<void>;
  /** Waits for the exit; returns the code and the output since the last wait. */
  end(): Promise<{ code: number; text: string }>;
}

/** Starts a shell command on its own terminal. */
export function startOnTerminal(command: string, environment: Record<string, string>): OnTerminal {
  // Signals that the test run itself was told to ignore (a job in the background of a shell, SIGINT)
  // would stay ignored in all child processes.
  const child = new Deno.Command("env", {
    args: ["--default-signal", "script", "-qfec", command, "/dev/null"],
    // The shell that `script` uses; a plain sh would stay the parent of the command and die of Ctrl-C.
    env: { SHELL: "/bin/bash", ...environment },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    // Ends `script`, and by that each wait.
    signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
  }).spawn();
  const [reader, writer] = [child.stdout.getReader(), child.stdin.getWriter()];
  let pending = "";
  return {
    until: async (text) => {
      while (!pending.includes(text)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`it ended before it wrote ${text}: ${pending}`);
        pending += decoder.decode(value, { stream: true });
      }
      const at = pending.indexOf(text) + text.length;
      const came = pending.slice(0, at);
      pending = pending.slice(at);
      return came;
    },
    read: async () => {
      const { value, done } = await reader.read();
      return done ? undefined : decoder.decode(value, { stream: true });
    },
    type: (keys) => writer.write(new TextEncoder().encode(keys)),
    end: async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        pending += decoder.decode(part.value);
      }
      const { code } = await child.status;
      // Kept open until now: closing it makes `script` send the program an end of file.
      await writer.close().catch(() => {});
      return { code, text: pending };
    },
  };
}
