/**
 * What the program needs from the machine, as interfaces. `platform` implements them on Deno, tests
 * with fakes; everything else sees only these. They stand in `src/ports` and are imported from here.
 *
 * @module
 */

import type { Clock } from "./ports/clock.ts";
import type { Environment } from "./ports/environment.ts";
import type { Files } from "./ports/files.ts";
import type { HttpClient } from "./ports/http.ts";
import type { LoopbackListener } from "./ports/loopback.ts";
import type { NetworkProbe } from "./ports/network_probe.ts";
import type { Output } from "./ports/output.ts";
import type { PluginSandbox } from "./ports/plugins.ts";
import type { Interruptible, Processes } from "./ports/processes.ts";
import type { SecretStore, SecretStoreOptions, StoreFinding } from "./ports/secret_store.ts";
import type { SecurityKeys } from "./ports/security_keys.ts";
import type { Terminal } from "./ports/terminal.ts";
import type { Secret } from "./secret.ts";

export type * from "./ports/clock.ts";
export type * from "./ports/environment.ts";
export type * from "./ports/files.ts";
export type * from "./ports/http.ts";
export type * from "./ports/loopback.ts";
export type * from "./ports/network_probe.ts";
export type * from "./ports/output.ts";
export type * from "./ports/plugins.ts";
export type * from "./ports/processes.ts";
export type * from "./ports/secret_store.ts";
export type * from "./ports/security_keys.ts";
export type * from "./ports/terminal.ts";

/** Everything that a command gets from the machine. */
export interface Ports {
  /** The time. */
  clock: Clock;
  /** The files. */
  files: Files;
  /** The environment. */
  environment: Environment;
  /** Standard output and error. */
  output: Output;
  /** The network; made ready with the person's certificate authorities at the first call. */
  http(caBundle: string | undefined): Promise<HttpClient>;
  /** Looks at the way to a server. */
  networkProbe(): Promise<NetworkProbe>;
  /** All of standard input, which may hold secrets. */
  standardInput(): Promise<Secret>;
  /** Whether standard input is a terminal, so that nothing stands on it until somebody types. */
  standardInputIsTerminal(): Promise<boolean>;
  /** The controlling terminal. */
  terminal(): Promise<Terminal>;
  /** Programs that we start. */
  processes(): Promise<Processes>;
  /** Security keys. */
  securityKeys(): Promise<SecurityKeys>;
  /** Where plugins run. */
  pluginSandbox(): Promise<PluginSandbox>;
  /**
   * Listens on a free port of 127.0.0.1.
   *
   * @param path The only path that is answered.
   */
  listenOnLoopback(path: string): Promise<LoopbackListener>;
  /** Lets the person interrupt a piece of work, and us clean up after it. */
  interruptible: Interruptible;
  /**
   * A secret backend.
   *
   * @param options Which one, where its files stand, and whether it may ask a person.
   * @throws {SecretStoreError} `no_store`, `backend_not_available`
   */
  secretStore(options: SecretStoreOptions): Promise<SecretStore>;
  /**
   * Which secret backends this system has, and which of them work. Nothing is opened, nobody asked;
   * it takes 2 seconds at most.
   */
  surveySecretStores(options: Omit<SecretStoreOptions, "name" | "mayAsk">): Promise<StoreFinding[]>;
}

/** The part of the machine that costs nothing to have: no network, terminal, or program. */
export type LocalPorts = Pick<Ports, "clock" | "environment" | "files" | "output">;
