/** `install.sh` with a local releases page, in common shells. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { writeShellProgram } from "../fakes/programs.ts";
import { ignoreWithout } from "../real/programs.ts";
import {
  ASSET,
  programOfVersion,
  type ReleaseServer,
  startReleaseServer,
} from "./release_server.ts";

const SCRIPT = fileURLToPath(new URL("../../install.sh", import.meta.url));
const decoder = new TextDecoder();

/** Windows has its own script. */
const ignore = Deno.build.os === "windows" || ignoreWithout("curl", "gzip");

const SHELLS: Record<string, string[]> = {
  sh: ["sh"],
  bash: ["bash"],
  dash: ["dash"],
  ash: ["busybox", "ash"],
  zsh: ["zsh", "-f"],
};

class Machine implements AsyncDisposable {
  static async create(release: ReleaseServer): Promise<Machine> {
    const home = await Deno.realPath(await Deno.makeTempDir({ prefix: "okta-aws-install-" }));
    await Deno.mkdir(`${home}/stubs`);
    const machine = new Machine(home, release);
    await machine.stub("sudo", `touch '${home}/sudo-was-run'`);
    return machine;
  }

  private constructor(readonly home: string, readonly release: ReleaseServer) {}

  /** Replaces a program in PATH. */
  async stub(name: string, script: string): Promise<void> {
    await writeShellProgram(`${this.home}/stubs/${name}`, script);
  }

  start(env: Record<string, string> = {}, shell: string[] = SHELLS.sh!): Deno.ChildProcess {
    const child = new Deno.Command(shell[0]!, {
      args: shell.slice(1),
      clearEnv: true,
      cwd: this.home,
      detached: true,
      env: {
        PATH: `${this.home}/stubs:${Deno.env.get("PATH")}`,
        HOME: this.home,
        SHELL: "/bin/bash",
        OKTA_AWS_RELEASE_URL: this.release.url,
        ...env,
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(30_000),
    }).spawn();
    // Like `curl … | sh`.
    void new Blob([Deno.readFileSync(SCRIPT)]).stream().pipeTo(child.stdin).catch(() => {});
    return child;
  }

  async install(env: Record<string, string> = {}, shell: string[] = SHELLS.sh!) {
    const { code, stdout, stderr } = await this.start(env, shell).output();
    assert.equal(decoder.decode(stdout), "", "standard output is not for people");
    return { code, said: decoder.decode(stderr) };
  }

  /** The installed program's output; `undefined` if nothing is installed. */
  async version(path = ".local/bin/okta-aws"): Promise<string | undefined> {
    try {
      const { stdout } = await new Deno.Command(`${this.home}/${path}`).output();
      return decoder.decode(stdout).trim();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** The file names in the install folder. */
  programs(): string[] {
    try {
      return [...Deno.readDirSync(`${this.home}/.local/bin`)].map(({ name }) => name);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }

  async [Symbol.asyncDispose]() {
    await Deno.remove(this.home, { recursive: true });
  }
}

const RELEASES = { "1.0.0": programOfVersion("1.0.0"), "1.1.0": programOfVersion("1.1.0") };

for (const [name, shell] of Object.entries(SHELLS)) {
  Deno.test({
    name: `install.sh: installs and upgrades in ${name}`,
    ignore: ignore || ignoreWithout(shell[0]!),
    async fn() {
      await using release = await startReleaseServer(RELEASES);
      await using machine = await Machine.create(release);
      const first = await machine.install({ OKTA_AWS_VERSION: "1.0.0" }, shell);
      assert.equal(first.code, 0, first.said);
      assert.equal(await machine.version(), "okta-aws 1.0.0");
      assert.match(first.said, /not in your PATH yet:\n {2}echo 'export PATH=".*>>~\/\.bashrc/);
      assert.match(first.said, /gh attestation verify/);
      assert.match(first.said, /uninstall: .* rm '/);
      const path = `${machine.home}/.local/bin:${Deno.env.get("PATH")}`;
      const second = await machine.install({ PATH: path, OKTA_AWS_VERSION: "latest" }, shell);
      assert.equal(second.code, 0, second.said);
      assert.match(second.said, /installed okta-aws 1\.1\.0 as .* \(was okta-aws 1\.0\.0\)/);
      assert.doesNotMatch(second.said, /not in your PATH/);
      assert.equal(await machine.version(), "okta-aws 1.1.0");
      assert.deepEqual(machine.programs(), ["okta-aws"]);
      const manual = `${machine.home}/.local/share/man/man1/okta-aws.1`;
      assert.doesNotMatch(first.said, /man okta-aws/);
      assert.match(second.said, /manual: +man okta-aws/);
      assert.ok(second.said.includes(` '${manual}'; rm -r ~/.config/okta-aws`), second.said);
      assert.match(await Deno.readTextFile(manual), /^\.TH OKTA-AWS 1$/m);
      assert.equal(Deno.statSync(`${machine.home}/.local/bin/okta-aws`).mode! & 0o777, 0o755);
      await assert.rejects(Deno.stat(`${machine.home}/sudo-was-run`));
    },
  });
}

Deno.test({
  name: "install.sh: keeps the old binary when the new one is incomplete or changed",
  ignore,
  async fn(test) {
    for (const fault of ["tampered", "cut", "missing"] as const) {
      await test.step(fault, async () => {
        await using release = await startReleaseServer(RELEASES);
        await using machine = await Machine.create(release);
        await machine.install({ OKTA_AWS_VERSION: "v1.0.0" });
        release.fault = fault;
        const { code, said } = await machine.install();
        assert.equal(code, 1);
        assert.match(
          said,
          fault === "tampered" ? /checksum .* does not match/ : /could not download/,
        );
        assert.equal(await machine.version(), "okta-aws 1.0.0");
        assert.deepEqual(machine.programs(), ["okta-aws"]);
      });
    }
    await test.step("Ctrl-C", async () => {
      await using release = await startReleaseServer(RELEASES);
      await using machine = await Machine.create(release);
      release.fault = "hangs";
      const child = machine.start();
      await release.binaryAsked;
      await new Deno.Command("kill", { args: ["-INT", "--", `-${child.pid}`] }).output();
      assert.equal((await child.output()).success, false);
      assert.deepEqual(machine.programs(), []);
    });
    await test.step("an incomplete script", async () => {
      await using machine = await Machine.create(await startReleaseServer(RELEASES));
      const text = await Deno.readTextFile(SCRIPT);
      const half = text.slice(0, text.length - "main\n".length);
      const { success, stderr } = await new Deno.Command("sh", { args: ["-c", half] }).output();
      assert.equal(success, true, decoder.decode(stderr));
      assert.deepEqual(machine.programs(), []);
      await machine.release[Symbol.asyncDispose]();
    });
    await test.step("a binary that does not run here", async () => {
      const broken = new TextEncoder().encode("#!/bin/sh\nexit 127\n");
      await using release = await startReleaseServer({ ...RELEASES, "2.0.0": broken });
      await using machine = await Machine.create(release);
      const { code, said } = await machine.install();
      assert.equal(code, 1);
      assert.match(said, /does not run on this system: nothing was installed/);
      assert.deepEqual(machine.programs(), []);
    });
  },
});

Deno.test({
  name: "install.sh: removes no folder that the environment names",
  ignore,
  async fn() {
    await using release = await startReleaseServer(RELEASES);
    await using machine = await Machine.create(release);
    const precious = `${machine.home}/precious`;
    await Deno.mkdir(precious);
    await machine.stub("uname", "echo FreeBSD");
    const { code } = await machine.install({ temporary: precious });
    assert.equal(code, 1);
    assert.ok((await Deno.stat(precious)).isDirectory);
  },
});

Deno.test({
  name: "install.sh: reads SHA256SUMS without a newline at the end",
  ignore,
  async fn() {
    await using release = await startReleaseServer(RELEASES);
    release.sumsEnd = "";
    await using machine = await Machine.create(release);
    const { code, said } = await machine.install();
    assert.equal(code, 0, said);
    assert.equal(await machine.version(), "okta-aws 1.1.0");
  },
});

Deno.test({
  name: "install.sh: uses a proxy from upper and lower case variables",
  ignore,
  async fn(test) {
    for (const variable of ["http_proxy", "HTTP_PROXY"]) {
      await test.step(variable, async () => {
        await using proxy = await startReleaseServer(RELEASES);
        await using machine = await Machine.create(proxy);
        // No server listens there, so only the proxy can answer.
        const url = "http://localhost:9/releases";
        const { origin } = new URL(proxy.url);
        const { code, said } = await machine.install({
          OKTA_AWS_RELEASE_URL: url,
          [variable]: origin,
        });
        assert.equal(code, 0, said);
        assert.deepEqual(proxy.asked, [
          "localhost:9/releases/latest/download/SHA256SUMS",
          `localhost:9/releases/latest/download/${ASSET}.gz`,
        ]);
      });
    }
  },
});

Deno.test({
  name: "install.sh: accepts a folder, works with BusyBox, rejects unknown systems",
  ignore: ignore || ignoreWithout("busybox"),
  async fn(test) {
    await using release = await startReleaseServer(RELEASES);
    await using machine = await Machine.create(release);
    await test.step("OKTA_AWS_INSTALL_DIR", async () => {
      const { code, said } = await machine.install({ OKTA_AWS_INSTALL_DIR: "my programs/" });
      assert.equal(code, 0, said);
      assert.equal(await machine.version("my programs/okta-aws"), "okta-aws 1.1.0");
    });
    await test.step("wget, BusyBox's", async () => {
      await using bare = await Machine.create(release);
      const busybox = ["chmod", "gzip", "mkdir", "mktemp", "mv", "rm", "uname"];
      for (const name of [...busybox, "sha256sum", "wget"]) {
        await bare.stub(
          name,
          `exec /usr/bin/env PATH='${Deno.env.get("PATH")}' busybox ${name} "$@"`,
        );
      }
      const { code, said } = await bare.install({ PATH: `${bare.home}/stubs` }, ["/bin/sh"]);
      assert.equal(code, 0, said);
      assert.equal(await bare.version(), "okta-aws 1.1.0");
    });
    const refused: [Record<string, string>, RegExp][] = [
      [{ OKTA_AWS_VERSION: "9.9.9" }, /could not download/],
      [{ OKTA_AWS_VERSION: "../../x" }, /is not a valid version/],
      [{ OKTA_AWS_RELEASE_URL: "http://example.com/releases" }, /must start with https/],
      [{ OKTA_AWS_RELEASE_URL: "http://localhost.example.com/" }, /must start with https/],
      ...[
        "http://localhost:80@evil.invalid/releases",
        "http://localhost:@evil.invalid/releases",
        "http://localhost:80@evil.invalid:80/releases",
        "http://127.0.0.1:80?.evil.invalid/releases",
        "http://127.0.0.1:80\\@evil.invalid/releases",
        "http://[::1]:80#@evil.invalid/releases",
      ].map((url): [Record<string, string>, RegExp] => [
        { OKTA_AWS_RELEASE_URL: url },
        /must start with https/,
      ]),
    ];
    for (const [env, reason] of refused) {
      await test.step(JSON.stringify(env), async () => {
        const { code, said } = await machine.install(env);
        assert.equal(code, 1);
        assert.match(said, reason);
      });
    }
    const systems: [name: string, script: string, reason: RegExp][] = [
      ["ldd", "echo 'musl libc (x86_64)' >&2; exit 1", /musl\n.*debian:stable-slim/],
      ["uname", "case $1 in -s) echo Linux ;; *) echo riscv64 ;; esac", /no binary for riscv64/],
      ["uname", "echo MINGW64_NT-10.0", /not support Windows\n.*install\.ps1 \| iex/],
      ["uname", "echo FreeBSD", /no binary for FreeBSD/],
    ];
    for (const [name, script, reason] of systems) {
      await test.step(`${name}: ${script}`, async () => {
        await using other = await Machine.create(release);
        await other.stub(name, script);
        const { code, said } = await other.install();
        assert.equal(code, 1);
        assert.match(said, reason);
        assert.deepEqual(other.programs(), []);
      });
    }
  },
});

Deno.test({
  name: "install.sh: requests the binary of each system and processor",
  ignore,
  async fn(test) {
    const machines: [system: string, machine: string, asset: string][] = [
      ["Linux", "aarch64", "okta-aws-linux-arm64"],
      ["Darwin", "x86_64", "okta-aws-macos-x64"],
      ["Darwin", "arm64", "okta-aws-macos-arm64"],
    ];
    for (const [system, processor, asset] of machines) {
      await test.step(asset, async () => {
        await using release = await startReleaseServer(RELEASES, asset);
        await using machine = await Machine.create(release);
        await machine.stub(
          "uname",
          `case $1 in -s) echo ${system} ;; *) echo ${processor} ;; esac`,
        );
        const { code, said } = await machine.install();
        assert.equal(code, 0, said);
        assert.ok(release.asked.includes(`/releases/latest/download/${asset}.gz`));
      });
    }
  },
});

Deno.test({
  name: "install.sh: passes shellcheck",
  ignore: ignoreWithout("shellcheck"),
  async fn() {
    const { code, stdout } = await new Deno.Command("shellcheck", {
      args: ["install.sh", ".ci/run"],
      cwd: fileURLToPath(new URL("../../", import.meta.url)),
    }).output();
    assert.equal(code, 0, decoder.decode(stdout));
  },
});
