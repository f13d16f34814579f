/** What the terminal showed, and for how long. */
export interface Frame {
  /** Text with SGR sequences for colours. */
  screen: string;
  milliseconds: number;
}

const POLL_MILLISECONDS = 50;

/** No start-up files, and the prompt of the docs. */
const SHELL = ["env", "PS1=$ ", "bash", "--norc"];

/** A terminal in a tmux server of its own, so that your tmux is not affected. */
export class RecordedTerminal implements AsyncDisposable {
  readonly #socket = `okta-aws-recording-${Deno.pid}`;
  readonly #frames: Frame[] = [];
  #recording = false;
  #polling: Promise<void> = Promise.resolve();

  /** @param env All variables of the shell. */
  async open(columns: number, rows: number, env: Record<string, string>): Promise<void> {
    const size = ["-x", `${columns}`, "-y", `${rows}`];
    await this.#tmux(["-f", "/dev/null", "new-session", "-d", ...size, ...SHELL], env);
    await this.#tmux(["set", "-g", "status", "off"]);
    await this.untilPrompt();
  }

  /** Starts to keep what is shown. */
  record(): void {
    this.#recording = true;
    this.#polling = this.#poll();
  }

  /** Types one key after the other, then Enter. */
  async type(text: string): Promise<void> {
    for (const key of text) {
      await this.#tmux(["send-keys", "-l", key]);
      await pause(20);
    }
    await pause(300);
    await this.press("Enter");
  }

  /** Types all keys at once, then Enter. */
  async paste(text: string): Promise<void> {
    if (text !== "") await this.#tmux(["send-keys", "-l", text]);
    await pause(400);
    await this.press("Enter");
  }

  /** @param key A key name of tmux: `Down`, `Enter`. */
  async press(key: string): Promise<void> {
    await this.#tmux(["send-keys", key]);
  }

  /** Waits until the last three lines contain the text. */
  async until(text: string): Promise<void> {
    await this.#untilLines(text, (lines) => lines.slice(-3).join("\n").includes(text));
  }

  /** Waits for the shell's prompt. */
  async untilPrompt(): Promise<void> {
    await this.#untilLines("the prompt", (lines) => lines.at(-1) === "$");
  }

  async #untilLines(what: string, isShown: (lines: string[]) => boolean): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const screen = (await this.#screen()).trimEnd();
      if (isShown(screen.split("\n"))) return;
      if (Date.now() > deadline) throw new Error(`never shown: ${what}\n${screen}`);
      await pause(POLL_MILLISECONDS);
    }
  }

  /** Leaves the viewer time to read. */
  pause(milliseconds: number): Promise<void> {
    return pause(milliseconds);
  }

  async finish(): Promise<Frame[]> {
    this.#recording = false;
    await this.#polling;
    return this.#frames;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.finish();
    await this.#tmux(["kill-server"]);
  }

  async #poll(): Promise<void> {
    while (this.#recording) {
      const screen = await this.#screen();
      const last = this.#frames.at(-1);
      if (last?.screen === screen) last.milliseconds += POLL_MILLISECONDS;
      else this.#frames.push({ screen, milliseconds: POLL_MILLISECONDS });
      await pause(POLL_MILLISECONDS);
    }
  }

  #screen(): Promise<string> {
    return this.#tmux(["capture-pane", "-e", "-p"]);
  }

  async #tmux(args: string[], env?: Record<string, string>): Promise<string> {
    const { code, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-u", "-L", this.#socket, ...args],
      ...(env === undefined ? {} : { env, clearEnv: true }),
    }).output();
    const decoder = new TextDecoder();
    if (code !== 0) throw new Error(`tmux ${args[0]}: ${decoder.decode(stderr)}`);
    return decoder.decode(stdout);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
