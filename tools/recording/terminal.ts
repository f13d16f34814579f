/** A real terminal (tmux) in which a real run is watched. @module */

/** What the terminal showed, and for how long. */
export interface Frame {
  /** The screen, with SGR sequences for colours. */
  screen: string;
  /** How long it stood, milliseconds. */
  milliseconds: number;
}

/** How often the screen is looked at, milliseconds. */
const GLANCE = 50;

/** The shell: no start-up files, and the prompt that the documents show. */
const SHELL = ["env", "PS1=$ ", "bash", "--norc"];

/** A terminal of its own tmux server, so that nobody's own tmux is touched. */
export class RecordedTerminal implements AsyncDisposable {
  readonly #socket = `okta-aws-recording-${Deno.pid}`;
  readonly #frames: Frame[] = [];
  #watching = true;
  #watch: Promise<void> = Promise.resolve();

  /**
   * Opens it.
   *
   * @param columns How wide.
   * @param rows How high.
   * @param env The shell's variables, all of them.
   */
  async open(columns: number, rows: number, env: Record<string, string>): Promise<void> {
    const size = ["-x", `${columns}`, "-y", `${rows}`];
    await this.#tmux(["-f", "/dev/null", "new-session", "-d", ...size, ...SHELL], env);
    await this.#tmux(["set", "-g", "status", "off"]);
    await this.until("$");
    this.#watch = this.#look();
  }

  /** Types as a person does, one key after the other, then Enter. */
  async type(text: string): Promise<void> {
    for (const key of text) {
      await this.#tmux(["send-keys", "-l", key]);
      await pause(35);
    }
    await pause(400);
    await this.#tmux(["send-keys", "Enter"]);
  }

  /** Presses a key by tmux's name: `Down`, `Enter`. */
  async press(key: string): Promise<void> {
    await this.#tmux(["send-keys", key]);
  }

  /** Waits until the screen's last lines hold this. */
  async until(text: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!(await this.#screen()).trimEnd().split("\n").slice(-3).join("\n").includes(text)) {
      if (Date.now() > deadline) throw new Error(`never shown: ${text}\n${await this.#screen()}`);
      await pause(GLANCE);
    }
  }

  /** Lets the reader read. */
  read(milliseconds: number): Promise<void> {
    return pause(milliseconds);
  }

  /** @returns What was shown, from the first to the last. */
  async finish(): Promise<Frame[]> {
    this.#watching = false;
    await this.#watch;
    return this.#frames;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.finish();
    await this.#tmux(["kill-server"]);
  }

  async #look(): Promise<void> {
    while (this.#watching) {
      const screen = await this.#screen();
      const last = this.#frames.at(-1);
      if (last?.screen === screen) last.milliseconds += GLANCE;
      else this.#frames.push({ screen, milliseconds: GLANCE });
      await pause(GLANCE);
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
