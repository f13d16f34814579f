/**
 * Connects the command line to the machine (`platform`); no other file does. Each port is loaded when
 * a command first uses it.
 *
 * @module
 */

import type { LoadModule } from "./cli/command_code.ts";
import { runCommandLine } from "./cli/run.ts";
import { wrappedOutput } from "./platform/terminal/wrapped_output.ts";
import { resolvePaths } from "./settings/paths.ts";
import type { LocalPorts, Ports, Terminal } from "./ports.ts";
import { VERSION } from "./version.ts";

type Browsers = typeof import("./platform/browser/driven_browser.ts");
type ForeignItem = typeof import("./platform/secret_stores/foreign_item.ts");
type PluginStarter = typeof import("./platform/plugins/plugin_starter.ts");
type Processes = typeof import("./platform/processes/processes.ts");

/** The ports on this machine. Exported for tests, which replace some. */
export function systemPorts(local: LocalPorts, color: boolean): Ports {
  const { environment, files } = local;
  const output = wrappedOutput(local.output);
  let terminal: Terminal | undefined;
  const ports: Ports = {
    ...local,
    output,
    async http(caBundle) {
      const { sharedHttpClient } = await import("./platform/network/shared_client.ts");
      return sharedHttpClient({ version: VERSION, environment, caBundle });
    },
    async networkProbe() {
      const { systemNetworkProbe } = await import("./platform/network/network_probe.ts");
      return systemNetworkProbe(environment);
    },
    async standardInput() {
      const { readStandardInput } = await import("./platform/terminal/standard_input.ts");
      return await readStandardInput();
    },
    async standardInputIsTerminal() {
      return (await import("./platform/terminal/standard_input.ts")).standardInputIsTerminal();
    },
    async terminal() {
      const { createTerminal } = await import("./platform/terminal/terminal.ts");
      const lockFolder = `${resolvePaths(environment).cache}/locks`;
      return terminal ??= createTerminal({ environment, files, lockFolder, color });
    },
    async processes() {
      const { systemProcesses } = await import(
        "./platform/processes/processes.ts" as string
      ) as Processes;
      return systemProcesses({ environment, output });
    },
    async pluginStarter() {
      const { systemPluginStarter } = await import(
        "./platform/plugins/plugin_starter.ts" as string
      ) as PluginStarter;
      return systemPluginStarter(environment);
    },
    async listenOnLoopback(path, isExpected) {
      const { listenOnLoopback } = await import("./platform/network/loopback_listener.ts");
      return listenOnLoopback(path, isExpected);
    },
    async serveHttp(options) {
      const { serveHttp } = await import("./platform/network/http_server.ts");
      return await serveHttp(options);
    },
    async interruptible(work) {
      const { interruptible } = await import("./platform/processes/interruptible.ts");
      return await interruptible(work);
    },
    async securityKeys() {
      const { systemSecurityKeys } = await import("./platform/processes/security_keys.ts");
      return systemSecurityKeys(environment);
    },
    async browsers() {
      const { systemBrowsers } = await import(
        "./platform/browser/driven_browser.ts" as string
      ) as Browsers;
      return systemBrowsers(environment);
    },
    async secretStore({ name, directory, mayAsk, account, passphraseCacheSeconds }) {
      const { openSecretStore } = await import("./platform/secret_stores/backends.ts");
      const controlling = await ports.terminal();
      return await openSecretStore(name, {
        environment,
        files,
        secretsFolder: directory,
        account,
        passphraseCacheSeconds,
        terminal: mayAsk ? controlling : { ...controlling, canAsk: () => Promise.resolve(false) },
      });
    },
    async foreignItem(item) {
      const { readForeignItem } = await import(
        "./platform/secret_stores/foreign_item.ts" as string
      ) as ForeignItem;
      return await readForeignItem({ environment }, item);
    },
    async surveySecretStores({ directory: secretsFolder, account }) {
      const { surveySecretStores } = await import("./platform/secret_stores/backends.ts");
      return await surveySecretStores({ environment, files, secretsFolder, account });
    },
  };
  return ports;
}

/** Runs a command line, and returns the exit code. */
export function runProgram(
  local: LocalPorts,
  argv: readonly string[],
  loadModule: LoadModule,
): Promise<number> {
  return runCommandLine(systemPorts(local, !argv.includes("--no-color")), argv, loadModule);
}
