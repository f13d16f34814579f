/** A screen that nobody sees, for windows: Xvfb. */

import { inTime } from "./devtools.ts";

/** `await using` ends it. */
export interface Display extends AsyncDisposable {
  /** For `DISPLAY`. */
  readonly name: string;
}

export async function startDisplay(): Promise<Display> {
  const child = new Deno.Command("Xvfb", {
    args: ["-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  let text = "";
  try {
    while (!text.includes("\n")) {
      const { value, done } = await inTime(reader.read(), "Xvfb");
      if (done) throw new Error("Xvfb ended");
      text += new TextDecoder().decode(value);
    }
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  reader.releaseLock();
  return {
    name: `:${text.trim()}`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.stdout.cancel();
      await child.status;
    },
  };
}
