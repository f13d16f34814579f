/** A GNOME keyring with its own D-Bus session and home folder. */

export interface Keyring {
  /** Environment variables for programs that use it. */
  environment: Record<string, string>;
  lock(): Promise<void>;
  stop(): Promise<void>;
}

const decoder = new TextDecoder();

/** Starts a D-Bus session bus without services; `folder`, a scratch folder, becomes HOME. */
export async function startBus(
  folder: string,
  configuration?: string,
): Promise<Omit<Keyring, "lock">> {
  await Deno.mkdir(`${folder}/run`, { mode: 0o700, recursive: true });
  const variables = {
    PATH: Deno.env.get("PATH")!,
    HOME: folder,
    XDG_RUNTIME_DIR: `${folder}/run`,
  };
  const bus = new Deno.Command("dbus-daemon", {
    args: [
      configuration === undefined ? "--session" : `--config-file=${configuration}`,
      "--nofork",
      "--print-address",
    ],
    env: variables,
    clearEnv: true,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let address = "";
  for await (const chunk of bus.stdout.values({ preventCancel: true })) {
    address += decoder.decode(chunk);
    if (address.includes("\n")) break;
  }
  return {
    environment: { ...variables, DBUS_SESSION_BUS_ADDRESS: address.trim() },
    stop: async () => {
      bus.kill("SIGTERM");
      await bus.stdout.cancel();
      await bus.status;
    },
  };
}

async function dbusSend(environment: Record<string, string>, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command("dbus-send", {
    args: ["--session", "--print-reply", ...args],
    env: environment,
    clearEnv: true,
    stderr: "null",
  }).output();
  return decoder.decode(stdout);
}

/** The daemon takes its bus name some time after its start. */
async function untilOnBus(environment: Record<string, string>): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    const reply = await dbusSend(
      environment,
      "--dest=org.freedesktop.DBus",
      "/org/freedesktop/DBus",
      "org.freedesktop.DBus.NameHasOwner",
      "string:org.freedesktop.secrets",
    );
    if (reply.includes("boolean true")) return;
  }
  throw new Error("gnome-keyring-daemon did not come up");
}

/** Starts and unlocks a keyring; `folder`, a scratch folder, becomes HOME. */
export async function startKeyring(folder: string): Promise<Keyring> {
  const { environment, stop } = await startBus(folder);
  const daemon = new Deno.Command("gnome-keyring-daemon", {
    args: ["--foreground", "--unlock", "--components=secrets"],
    env: environment,
    clearEnv: true,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const writer = daemon.stdin.getWriter();
  await writer.write(new TextEncoder().encode("a password for the tests"));
  await writer.close();
  await untilOnBus(environment);
  return {
    environment,
    lock: async () => {
      await dbusSend(
        environment,
        "--dest=org.freedesktop.secrets",
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service.Lock",
        "array:objpath:/org/freedesktop/secrets/collection/login",
      );
    },
    stop: async () => {
      daemon.kill("SIGTERM");
      await daemon.status;
      await stop();
    },
  };
}
