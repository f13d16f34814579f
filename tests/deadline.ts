/**
 * Loaded before each test file (`deno test --preload`): whatever a test waits for has a deadline. Then
 * the programs that its file has started are killed, which ends most waits and fails the test. If it
 * still waits, its file fails, and the others go on.
 *
 * @module
 */

/** Far more than any test takes, on a machine that is three times as slow. */
const DEADLINE_SECONDS = Number(Deno.env.get("OKTA_AWS_TEST_DEADLINE_SECONDS") ?? 300);

/** How long a test has to fail after its programs were killed. */
const GRACE_SECONDS = DEADLINE_SECONDS / 10;

const children = new Set<Deno.ChildProcess>();

function killChildren(): void {
  for (const child of children) {
    for (const pid of [-child.pid, child.pid]) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch {
        // Not the leader of a group, or already gone.
      }
    }
  }
}

const { Command } = Deno;

class TrackedCommand extends Command {
  readonly #output: () => Deno.Command;

  constructor(program: string | URL, options: Deno.CommandOptions = {}) {
    super(program, options);
    this.#output = () =>
      new TrackedCommand(program, { stdout: "piped", stderr: "piped", ...options });
  }

  override spawn(): Deno.ChildProcess {
    const child = super.spawn();
    children.add(child);
    void child.status.finally(() => children.delete(child));
    return child;
  }

  override output(): Promise<Deno.CommandOutput> {
    return this.#output().spawn().output();
  }
}

Object.defineProperty(Deno, "Command", { value: TrackedCommand });

let timer: ReturnType<typeof setTimeout> | undefined;

Deno.test.beforeEach(() => {
  timer = setTimeout(() => {
    killChildren();
    timer = setTimeout(() => {
      throw new Error(`a test took longer than ${DEADLINE_SECONDS} s`);
    }, GRACE_SECONDS * 1000);
  }, DEADLINE_SECONDS * 1000);
});

Deno.test.afterEach(() => clearTimeout(timer));
