/**
 * Chrome's own lock of a profile: on Linux and macOS, a link to `HOST-PID`.
 * https://source.chromium.org/chromium/chromium/src/+/main:chrome/browser/process_singleton_posix.cc
 *
 * @module
 */

/** A browser whose program has just been killed needs a moment to end. */
const ENDING_MILLISECONDS = 5_000;
const LOOK_MILLISECONDS = 25;

async function readLock(profile: string): Promise<{ host: string; pid: number } | undefined> {
  try {
    const text = await Deno.readLink(`${profile}/SingletonLock`);
    const at = text.lastIndexOf("-");
    return { host: text.slice(0, at), pid: Number(text.slice(at + 1)) };
  } catch {
    return undefined;
  }
}

/** Whether a process runs; on Linux, with this profile. */
async function uses(pid: number, profile: string): Promise<boolean> {
  if (Deno.build.os === "linux") {
    try {
      return (await Deno.readTextFile(`/proc/${pid}/cmdline`)).includes(profile);
    } catch {
      return false;
    }
  }
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}

/** The process that uses a profile, if it still runs. */
export async function userOfProfile(profile: string): Promise<number | undefined> {
  const lock = await readLock(profile);
  if (lock === undefined || !Number.isInteger(lock.pid) || lock.pid <= 0) return undefined;
  return await uses(lock.pid, profile) ? lock.pid : undefined;
}

/**
 * Waits for a browser that is just ending, and removes the lock that a browser of another computer
 * left: a container that is made again has another name, and Chrome would start no more. Our own lock
 * keeps other programs of ours away.
 */
export async function awaitProfile(profile: string): Promise<void> {
  const lock = await readLock(profile);
  if (lock === undefined) return;
  if (lock.host !== Deno.hostname()) {
    await Deno.remove(`${profile}/SingletonLock`).catch(() => {});
    return;
  }
  for (let waited = 0; waited < ENDING_MILLISECONDS; waited += LOOK_MILLISECONDS) {
    if (await userOfProfile(profile) === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
  }
}
