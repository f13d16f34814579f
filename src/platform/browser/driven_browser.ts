/** The `Browsers` port: finds, starts and drives Chrome and its relatives. @module */

import { InteractionError, SettingsError } from "../../errors.ts";
import type {
  BrowserCookie,
  BrowserEnd,
  BrowserLaunch,
  Browsers,
  DrivenBrowser,
  Environment,
  PageLook,
} from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { type BrowserProcess, prepareProfile, startBrowser } from "./browser_process.ts";
import { findBrowser } from "./find_browser.ts";
import { type Json, ProtocolPipe } from "./pipe.ts";
import { isDebuggingForbidden, policyFolders } from "./policies.ts";
import { awaitProfile, userOfProfile } from "./profile_lock.ts";
import { Targets } from "./targets.ts";

/** A browser that has not answered by then never will. */
const START_MILLISECONDS = 20_000;

/** A page that is busy is looked at again later. */
const LOOK_MILLISECONDS = 5_000;

/** Time to write cookies and settings to the profile. */
const CLOSE_MILLISECONDS = 5_000;

/** The name of our scripts' world: pages neither see it nor change what it uses. */
const WORLD = "okta-aws";

/** Rejects with `timeout` after a time. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("timeout")), milliseconds);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function failed(path: string, why: string): SettingsError {
  return new SettingsError(`could not drive the browser ${showUntrusted(path)}: ${why}`, {
    code: "browser_failed",
    hint: "set browser_path (or OKTA_AWS_BROWSER_PATH) to Chrome, Chromium, Edge or Brave; " +
      "a company policy may forbid it (RemoteDebuggingAllowed), and Snap or Flatpak packages can't " +
      "use our profile",
  });
}

function forbidden(): SettingsError {
  return new SettingsError("a policy of this computer forbids driving the browser", {
    code: "browser_policy",
    hint: "ask your administrator to allow RemoteDebuggingAllowed, or name another browser: " +
      "browser_path",
  });
}

function busy(pid: number): InteractionError {
  return new InteractionError(`another browser (process ${pid}) uses our profile`, {
    code: "browser_profile_busy",
    hint: "close that browser window, then try again",
  });
}

/** Pages of these origins reach programs on this computer; Chrome 142 and later would ask. */
async function allowLoopback(pipe: ProtocolPipe, origins: readonly string[]): Promise<void> {
  const names = ["loopback-network", "local-network-access"];
  await Promise.all(
    origins.flatMap((origin) =>
      names.map((name) => {
        const grant = { permission: { name }, setting: "granted", origin };
        // Older and newer browsers have other names for it.
        return pipe.send("Browser.setPermission", grant).catch(() => {});
      })
    ),
  );
}

async function launch(
  options: BrowserLaunch,
  { environment, startMilliseconds }: BrowserSystem,
): Promise<DrivenBrowser> {
  const { path, profile, signal, reachesLoopback = [] } = options;
  if (await isDebuggingForbidden(policyFolders(path, environment.os))) throw forbidden();
  await prepareProfile(profile);
  await awaitProfile(profile);
  signal?.throwIfAborted();
  let process: BrowserProcess;
  try {
    process = await startBrowser(options, environment);
  } catch {
    throw failed(path, "it can't be started");
  }
  const end = Promise.withResolvers<BrowserEnd>();
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  const pipe = new ProtocolPipe(process.input, process.output, () => {
    broken.reject(new Error("it ended"));
    // It may have closed the pipe and hang.
    const late = within(CLOSE_MILLISECONDS, process.ended).catch(() => process.kill());
    void late.then(() => end.resolve("crashed"));
  });
  const targets = new Targets(pipe, options, end.resolve);
  void process.ended.then((code) => {
    pipe.close();
    // Where the last window ends the program, that is how a person ends it.
    end.resolve(code === 0 ? "closed" : "crashed");
  });
  const first = async () => {
    const { product } = await pipe.send("Browser.getVersion");
    if (typeof product !== "string") throw new Error("it sent nonsense");
    await pipe.send("Browser.setDownloadBehavior", { behavior: "deny" });
    await allowLoopback(pipe, reachesLoopback);
    await targets.start();
    await pipe.send("Target.createTarget", { url: "about:blank", newWindow: true });
    return product;
  };
  const interrupted = () => {
    process.kill();
    broken.reject(signal?.reason);
  };
  signal?.addEventListener("abort", interrupted);
  try {
    const product = await within(startMilliseconds, Promise.race([first(), broken.promise]));
    return driven({ product, process, pipe, targets, ended: end.promise });
  } catch (error) {
    process.kill();
    signal?.throwIfAborted();
    const user = await userOfProfile(profile);
    if (user !== undefined && user !== process.pid) throw busy(user);
    const reason = error instanceof Error && error.message === "timeout"
      ? `no answer within ${startMilliseconds / 1000} s`
      : "it ended without an answer";
    throw failed(path, reason);
  } finally {
    signal?.removeEventListener("abort", interrupted);
  }
}

interface Running {
  product: string;
  process: BrowserProcess;
  pipe: ProtocolPipe;
  targets: Targets;
  ended: Promise<BrowserEnd>;
}

function driven({ product, process, pipe, targets, ended }: Running): DrivenBrowser {
  let closing: Promise<void> | undefined;
  const close = async () => {
    targets.stop();
    pipe.tell("Browser.close");
    try {
      await within(CLOSE_MILLISECONDS, process.ended);
    } catch {
      process.kill();
    }
    pipe.close();
  };
  return {
    product,
    ended,
    posts: targets.posts,
    get isLoading() {
      return targets.isLoading;
    },
    open(url) {
      pipe.tell("Page.navigate", { url }, [...targets.pages.keys()][0]);
    },
    async look(script) {
      const session = [...targets.pages.keys()].at(-1);
      if (session === undefined) return undefined;
      try {
        return await within(LOOK_MILLISECONDS, lookAt(pipe, targets, session, script));
      } catch {
        return undefined;
      }
    },
    async cookies() {
      const { cookies } = await pipe.send("Storage.getCookies");
      return (cookies as Json[]).map(readCookie);
    },
    async setCookies(cookies) {
      // One that the browser does not take must not keep the others out.
      await Promise.all(
        cookies.map(writeCookie).map((cookie) =>
          pipe.send("Storage.setCookies", { cookies: [cookie] }).catch(() => {})
        ),
      );
    },
    close: () => closing ??= close(),
  };
}

async function lookAt(
  pipe: ProtocolPipe,
  targets: Targets,
  session: string,
  script: string,
): Promise<PageLook | undefined> {
  const { frameTree: { frame } } = await pipe.send("Page.getFrameTree", {}, session);
  const world = { frameId: frame.id, worldName: WORLD };
  const { executionContextId } = await pipe.send("Page.createIsolatedWorld", world, session);
  const { result, exceptionDetails } = await pipe.send("Runtime.evaluate", {
    expression: script,
    contextId: executionContextId,
    returnByValue: true,
  }, session);
  if (exceptionDetails !== undefined) return undefined;
  const badCertificate = targets.pages.get(session)?.badCertificate ?? true;
  return { url: frame.url, badCertificate, value: result.value };
}

function readCookie({ name, value, domain, path, expires, session, ...more }: Json): BrowserCookie {
  const { secure, httpOnly, sameSite, sourceScheme } = more;
  return {
    ...{ name, value, domain, path, secure, httpOnly, fromHttps: sourceScheme !== "NonSecure" },
    ...(!session && expires > 0 && { expires }),
    ...(sameSite && { sameSite }),
  };
}

/** Without a domain it stays with its host. */
function writeCookie({ domain, fromHttps, ...cookie }: BrowserCookie): Json {
  const host = domain.replace(/^\./, "");
  const url = `${fromHttps ? "https" : "http"}://${host}${cookie.path}`;
  return { ...cookie, url, ...(host !== domain && { domain }) };
}

interface BrowserSystem {
  environment: Pick<Environment, "all" | "get" | "os" | "home">;
  startMilliseconds: number;
}

/** The browsers of this machine. */
export function systemBrowsers(
  environment: BrowserSystem["environment"],
  startMilliseconds: number = START_MILLISECONDS,
): Browsers {
  const system = { environment, startMilliseconds };
  return {
    find: (path) => findBrowser(environment, path),
    launch: (options) => launch(options, system),
    async removeCookies(folder) {
      const removed = await Promise.all(
        ["Cookies", "Cookies-journal", "Network/Cookies", "Network/Cookies-journal"].map((file) =>
          Deno.remove(`${folder}/Default/${file}`).then(() => true, () => false)
        ),
      );
      return removed.includes(true);
    },
    async removeProfile(folder) {
      try {
        await Deno.remove(folder, { recursive: true });
        return true;
      } catch {
        return false;
      }
    },
  };
}
