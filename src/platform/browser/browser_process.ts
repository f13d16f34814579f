/** Starts a browser with the protocol's pipes as its descriptors 3 and 4. @module */

import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { BrowserLaunch, Environment } from "../../ports.ts";
import { childEnvironment } from "../processes/child_process.ts";

/** Variables that name or hold credentials: ours, AWS's, other programs'. */
const SECRETS =
  /^(?:AWS|AWS_OKTA|OKTA|OKTA_AWS)_|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|API_?KEY/i;

/** What a browser inherits: no secret of the environment. */
export function browserEnvironment(all: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(childEnvironment(all)).filter(([name]) => !SECRETS.test(name)),
  );
}

/** For a profile of our own that nobody uses to browse. */
const ARGUMENTS = [
  "--remote-debugging-pipe",
  "--no-first-run",
  "--no-default-browser-check",
  "--no-startup-window",
  "--disable-extensions",
  "--disable-component-extensions-with-background-pages",
  "--disable-default-apps",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-breakpad",
  "--disable-save-password-bubble",
  `--disable-features=${
    [
      "Translate",
      "MediaRouter",
      "OptimizationHints",
      "AutofillServerCommunication",
      // Pages of the address bar and the toolbar, loaded in advance: a second of processor time.
      "PreloadTopChromeWebUI",
      "WebUIOmniboxPopup",
      "WebUIOmniboxAimPopup",
    ].join()
  }`,
  "--hide-crash-restore-bubble",
  "--metrics-recording-only",
  "--noerrdialogs",
];

/** The whole command line, without the program. */
export function browserArguments(
  { args, profile, visible }: Pick<BrowserLaunch, "args" | "profile" | "visible">,
): string[] {
  const mode = visible ? [] : ["--headless=new"];
  // Root has no sandbox to give: the browser would not start.
  if (Deno.build.os === "linux" && Deno.uid() === 0) mode.push("--no-sandbox");
  // Ours come last: of repeated arguments the last one counts.
  return [...args, ...mode, ...ARGUMENTS, `--user-data-dir=${profile}`];
}

/** The settings of a new profile: it keeps no passwords, offers no sign-in, restores no pages. */
const PREFERENCES = {
  credentials_enable_service: false,
  credentials_enable_autosignin: false,
  profile: { password_manager_enabled: false, password_manager_leak_detection: false },
  autofill: { profile_enabled: false, credit_card_enabled: false },
  signin: { allowed: false, allowed_on_next_startup: false },
  sync: { requested: false },
  translate: { enabled: false },
  session: { restore_on_startup: 5 },
  download: { prompt_for_download: false },
  browser: { has_seen_welcome_page: true },
};

/** Makes the profile's folder, readable by the user only. */
export async function prepareProfile(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  if (Deno.build.os !== "windows") await Deno.chmod(folder, 0o700);
  const file = `${folder}/Default/Preferences`;
  try {
    await Deno.stat(file);
  } catch {
    await Deno.mkdir(`${folder}/Default`, { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(file, JSON.stringify(PREFERENCES), { mode: 0o600 });
  }
}

/** A started browser. */
export interface BrowserProcess {
  pid: number | undefined;
  input: Writable;
  output: Readable;
  /** Its exit code, or the signal's name. */
  ended: Promise<number | string>;
  kill(): void;
}

/** @throws {Error} If the program can't be started. */
export async function startBrowser(
  launch: BrowserLaunch,
  environment: Pick<Environment, "all">,
): Promise<BrowserProcess> {
  const detached = Deno.build.os !== "windows";
  const child: ChildProcess = spawn(launch.path, browserArguments(launch), {
    env: browserEnvironment(environment.all()),
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    // Ctrl-C at the terminal is for us: we close the browser.
    detached,
  });
  const ended = Promise.withResolvers<number | string>();
  const started = Promise.withResolvers<void>();
  child.once("error", (error) => {
    started.reject(error);
    ended.resolve(1);
  });
  child.once("spawn", () => started.resolve());
  child.once("exit", (code, signal) => ended.resolve(code ?? signal ?? 1));
  await started.promise;
  const kill = () => {
    try {
      if (detached && child.pid !== undefined) Deno.kill(-child.pid, "SIGKILL");
      else child.kill("SIGKILL");
    } catch { /* it has just ended */ }
  };
  return {
    pid: child.pid,
    input: child.stdio[3] as Writable,
    output: child.stdio[4] as Readable,
    ended: ended.promise,
    kill,
  };
}
