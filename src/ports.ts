/**
 * What the program needs from the machine, as interfaces. `platform` implements them on Deno, tests
 * with fakes; everything else sees only these.
 *
 * @module
 */

import type { Secret } from "./secret.ts";

/** The time, and waiting for it. */
export interface Clock {
  /** @returns Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * @param milliseconds How long to wait.
   * @param signal Ends the wait early: the promise then rejects with the signal's reason.
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** One HTTP request. Redirects are never followed by the client. */
export interface HttpRequest {
  /** The HTTP method. */
  method: "GET" | "POST" | "DELETE";
  /** Absolute `https:` URL, or `http:` for a loopback host. */
  url: string;
  /** Header names as they are sent. */
  headers?: Record<string, string>;
  /** The body, already encoded. */
  body?: string;
  /**
   * Whether it may arrive twice, as on a kept connection that the server closes at that moment; all
   * but a POST may where this is left out.
   */
  repeatable?: boolean;
  /** How long the whole exchange may take, headers and body; 30,000 where it is left out. */
  timeoutMilliseconds?: number;
  /** The most bytes of body that are read; 1 MiB where it is left out. */
  maxBodyBytes?: number;
}

/** The answer to an {@linkcode HttpRequest}, its body read whole. */
export interface HttpResponse {
  /** The HTTP status. */
  status: number;
  /** The headers; `getSetCookie()` has the cookies. */
  headers: Headers;
  /** The body as text (UTF-8, broken bytes replaced). */
  body: string;
}

/** Sends HTTP requests, through the person's proxy and with the person's certificate authorities. */
export interface HttpClient {
  /**
   * @param request What to send.
   * @returns The answer, whatever its status.
   * @throws {NetworkError} `dns`, `refused`, `reset`, `tls`, `timeout`, `too_large`, `insecure_url`,
   * `proxy`, or `network` where none of these fits.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Told once when a request has been failing for more than a second and is sent again. */
  readonly onTrouble?: (error: Error) => void;
}

/** A lock that is held. */
export interface HeldLock {
  /** Gives the lock back; the second call does nothing. */
  release(): void;
}

/** How to wait for a lock. */
export interface LockOptions {
  /** Give up after this long. */
  timeoutMilliseconds: number;
  /** Called once, when the lock is found taken. */
  onWait?: () => void;
}

/** What is known of a file before it is changed. */
export interface FileFacts {
  /** The permission bits, `undefined` on Windows. */
  mode: number | undefined;
  /** Last change, milliseconds since the Unix epoch. */
  modified: number;
  /** Its size, bytes. */
  size: number;
}

/** Files. Paths are absolute. */
export interface Files {
  /** @returns The file's bytes, or `undefined` where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** @returns Facts about the file that a path leads to, or `undefined` where there is none. */
  facts(path: string): Promise<FileFacts | undefined>;
  /**
   * Replaces a file in one step: temporary file beside the real one, fsync, rename. A symbolic link
   * stays and its target is replaced; an existing file keeps its mode; folders that lack are made
   * with mode 0700.
   *
   * @param path The file, or a link to it.
   * @param data The new content, whole.
   * @param mode Permission bits of a file that is new (0600 where it is left out).
   * @throws {SettingsError} `file_not_writable` where the file is read-only (its mode says so, even
   * to a superuser) or the folder refuses; the old content is then untouched.
   */
  writeAtomic(path: string, data: Uint8Array, mode?: number): Promise<void>;
  /** Removes a file. @returns Whether there was one. */
  remove(path: string): Promise<boolean>;
  /** @returns The names in a folder, sorted; none where there is no folder. */
  list(directory: string): Promise<string[]>;
  /**
   * Takes an exclusive lock that the kernel gives back when the process ends, however it ends.
   *
   * @param path A file that is only a lock; made (0600) where it lacks.
   * @returns The lock, or `undefined` when the time ran out.
   */
  lock(path: string, options: LockOptions): Promise<HeldLock | undefined>;
}

/** The environment, and what the machine is. */
export interface Environment {
  /** @returns The variable's value; an empty one counts as unset. */
  get(name: string): string | undefined;
  /** All variables, as a child would inherit them. */
  all(): Record<string, string>;
  /** What the program runs on, for reports: `Deno 2.9.6, linux x86_64`. */
  readonly runtime: string;
  /** The operating system. */
  readonly os: "linux" | "darwin" | "windows";
  /** The person's home folder: HOME, then USERPROFILE, then HOMEDRIVE and HOMEPATH. */
  readonly home: string;
  /** How this program is started: the binary's absolute path, or Deno's with the script's. */
  readonly command: readonly [string, ...string[]];
}

/** Where answers (stdout) and everything else (stderr) go. */
export interface Output {
  /** Writes to standard output: the answer that was asked for, nothing else. */
  answer(text: string): void;
  /** Writes to standard error. */
  notice(text: string): void;
  /** Whether standard error is a terminal, so that a line can be redrawn. */
  readonly noticeIsTerminal: boolean;
  /** Whether standard output is a terminal. */
  readonly answerIsTerminal: boolean;
  /** Columns of the terminal, 80 where it is not known. */
  readonly columns: number;
}

/** One entry of a menu. */
export interface Choice<T> {
  /** What the person sees. */
  name: string;
  /** What choosing it gives. */
  value: T;
}

/** A switch beside a menu: its key turns it on and off while nothing is typed to filter by. */
export interface ChoiceToggle {
  /** The key, one lower-case letter. */
  key: string;
  /** What is switched, in a few words: "remember". */
  name: string;
  /** Told with the answer whether it is on. */
  onAnswer: (on: boolean) => void;
}

/** How a question is put. */
export interface AskOptions {
  /** What stands in front of the answer, without a colon. */
  question: string;
  /** Ends the question early: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Give up after this long, with an `InteractionError` `unanswered`. */
  timeoutMilliseconds?: number;
}

/**
 * The controlling terminal (`/dev/tty`, `CONIN$`/`CONOUT$`), not the standard streams: an AWS SDK
 * that runs us swallows those (botocore#1348). Every `ask…` rejects with `InterruptedError` on
 * Ctrl-C and leaves the terminal as it was.
 */
export interface Terminal {
  /** Whether there is one and this process belongs to its foreground process group. */
  canAsk(): Promise<boolean>;
  /** Writes text that a person must see now. */
  write(text: string): void;
  /** Asks for a line of text. `initial` is what an empty answer gives. */
  askText(options: AskOptions & { initial?: string }): Promise<string>;
  /** Asks for a secret: what is typed is never echoed, not even on request. */
  askSecret(options: AskOptions): Promise<Secret>;
  /** Asks yes or no. */
  askConfirm(options: AskOptions & { initial: boolean }): Promise<boolean>;
  /** Asks to choose one of several; typing filters. */
  askChoice<T>(
    options: AskOptions & { choices: Choice<T>[]; toggle?: ChoiceToggle },
  ): Promise<T>;
}

/** The names of our own secret backends (docs/cli, "Secret backends"). */
export type BuiltInBackendName =
  | "keychain"
  | "secret-service"
  | "dpapi"
  | "wincred"
  | "pass"
  | "file"
  | "env"
  | "command";

/** A plugin that keeps secrets, as a backend. */
export type PluginBackendName = `plugin:${string}`;

/** The name of any secret backend. */
export type BackendName = BuiltInBackendName | PluginBackendName;

/** One place that keeps one item per Okta account, under the service `okta-aws`. */
export interface SecretStore {
  /** Which backend this is. */
  readonly name: BackendName;
  /**
   * @param account The Okta account's name.
   * @returns The item's text, or `undefined` where there is none.
   * @throws {SecretStoreError} `locked`, `cancelled`, `unavailable`, `timeout`, `damaged`,
   * `wrong_passphrase`.
   */
  read(account: string): Promise<Secret | undefined>;
  /** Stores an item, replacing one of the same name, and reads it back to be sure. */
  write(account: string, item: Secret): Promise<void>;
  /** Deletes an item. @returns Whether there was one. */
  remove(account: string): Promise<boolean>;
  /** @returns The accounts that have an item, sorted; no item is opened for it. */
  list(): Promise<string[]>;
  /** Whether nothing can be stored in it: `env`, `command`. */
  readonly readOnly?: true;
  /**
   * A one-time code, where another program gives codes and keeps their secret: asked for each time
   * that one is needed.
   *
   * @returns What the program gives: a code, or a TOTP secret or its `otpauth://` URI after all.
   */
  readonly oneTimeCode?: (account: string) => Promise<Secret>;
  /** What would have come first on this system, and why it did not, where nobody had named one. */
  readonly passedOver?: readonly StoreFinding[];
}

/** Whether a secret backend can be used here. */
export interface StoreFinding {
  /** Its name. */
  name: BuiltInBackendName;
  /** Whether it works. */
  works: boolean;
  /** Why it does not; what is worth knowing where it does. */
  why?: string | undefined;
}

/** Which secret backend is wanted. */
export interface SecretStoreOptions {
  /** Its name; the first that works on this machine where it is left out. */
  name: BuiltInBackendName | undefined;
  /** The folder for backends that keep files: `secrets` beside the settings. */
  directory: string;
  /** Whether it may ask a person (the passphrase of `file`). */
  mayAsk: boolean;
  /** What the account's settings say for one backend or another. */
  account?: StoreAccountSettings;
}

/** What an account's settings say for one backend or another; members are named as there. */
export interface StoreAccountSettings {
  /** `keychain`: the keychain file to use in place of the default one. */
  keychain?: string;
  /** `command`: what prints the password. */
  password_command?: string;
  /** `command`: what prints a one-time code, or its secret. */
  totp_command?: string;
}

/** Which browser, and how. */
export interface BrowserOptions {
  /** A command to use instead of the default. */
  browser?: string | undefined;
  /** What a Firefox container is called, where the command asks for one. */
  container?: string;
}

/** Programs that we start. */
export interface Processes {
  /**
   * Runs a program with our standard streams, terminal and signals, as if it had been started by
   * hand.
   *
   * @param command The program and its arguments.
   * @param environment The whole environment of the child.
   * @returns Its exit code; 128+n where signal n ended it; 127 not found, 126 not executable.
   */
  exec(command: [string, ...string[]], environment: Record<string, string>): Promise<number>;
  /** Opens a URL in the person's browser. */
  openBrowser(url: Secret, options?: BrowserOptions): Promise<void>;
  /** Shows a note on the person's desktop where there is a program for that; never fails. */
  notify(title: string, text: string): Promise<void>;
  /** The name of the program that started us, where the system tells. */
  parentName(): Promise<string | undefined>;
}

/**
 * Runs something that Ctrl-C (SIGINT), SIGTERM or SIGHUP ends: the promise then rejects with an
 * `InterruptedError` at once, and the signal is aborted with it.
 */
export type Interruptible = <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/** What a security key is to sign. */
export interface SecurityKeyRequest {
  /** SHA-256 of the client data. */
  clientDataHash: Uint8Array<ArrayBuffer>;
  /** The relying party's id; U2F's appId. One line. */
  rpId: string;
  /** The credential that signs. */
  credentialId: Uint8Array<ArrayBuffer>;
  /** Whether to speak U2F (CTAP1), as keys enrolled before FIDO2 need it. */
  u2f: boolean;
  /** Whether to wait for a touch; without, only whether the key knows the credential is found out. */
  touch: boolean;
  /** Whether the key's PIN is asked for, at the terminal, by the program that talks to the key. */
  pin: boolean;
}

/** What a security key has answered. `code` is libfido2's: `FIDO_ERR_NO_CREDENTIALS`, … */
export type SecurityKeyResult =
  | { kind: "signed"; authenticatorData: Uint8Array; signature: Uint8Array }
  | { kind: "failed"; code: string };

/** Security keys (FIDO2, U2F) that are plugged in, by libfido2's tools. */
export interface SecurityKeys {
  /**
   * Looks which keys are plugged in.
   *
   * @returns Their device names.
   * @throws {InteractionError} `no_fido2_tools`
   */
  list(): Promise<string[]>;
  /**
   * Has a key sign.
   *
   * @param device One of `list()`.
   * @param request What is signed.
   * @param signal Gives up waiting for the touch: the promise rejects with the signal's reason.
   * @returns The assertion, or why there is none.
   * @throws {InteractionError} `no_fido2_tools`
   */
  sign(
    device: string,
    request: SecurityKeyRequest,
    signal?: AbortSignal,
  ): Promise<SecurityKeyResult>;
}

/** What a plugin's code may touch; an empty list is nothing. Paths are absolute. */
export interface SandboxPermissions {
  /** Files and folders that it reads. */
  read: readonly string[];
  /** Files and folders that it writes. */
  write: readonly string[];
  /** Hosts, with or without a port. */
  net: readonly string[];
  /** Environment variables that it reads. */
  env: readonly string[];
  /** Programs that it starts. */
  run: readonly string[];
}

/** A plugin that is to run: its code, and what it may touch. */
export interface PluginSetup {
  /** Its bytes, as they were hashed. */
  code: Uint8Array;
  /** Where these bytes are run from: a private copy, made by this call. */
  copy: string;
  /** Whether it is sure that nothing in it imports anything. */
  importsNothing: boolean;
  /** What it may touch. */
  permissions: SandboxPermissions;
  /** A file of certificate authorities, besides the machine's own and those of the environment. */
  caBundle?: string | undefined;
}

/** One call of a plugin. */
export interface PluginCall {
  /** What of it is called: its own description, or a hook or command by name. */
  part: { kind: "declaration" } | { kind: "hook" | "command"; name: string };
  /** What it is told. */
  event: unknown;
  /** Its settings. */
  settings: Readonly<Record<string, string>>;
  /** How long it may take, without what it waits for us. */
  timeoutMilliseconds: number;
  /** Ends it early. */
  signal?: AbortSignal;
  /** Told each line that it logs, as it wrote it. */
  onLog(line: string): void;
  /** Answers what it asks of us; what this throws it is told. */
  onRequest(method: string, argument: unknown): Promise<unknown>;
}

/**
 * What came of it. `threw`: in its own words. `timeout`, `flood`, `memory`: past a limit. `ended`: its
 * process is gone. `not_confined`: this machine can't keep it from importing, so it was not run.
 */
export type PluginOutcome =
  | { kind: "done"; value: unknown }
  | { kind: "threw"; message: string }
  | { kind: "timeout" | "flood" | "memory" | "ended" | "not_confined" };

/** A plugin that comes with the program. */
export interface BundledPlugin {
  /** Its bytes. */
  code: Uint8Array;
  /** What they are. */
  extension: "ts" | "js";
}

/** A process that is ready for a plugin. None of the plugin's code has run. */
export interface StartedPlugin {
  /** Runs the plugin, once; never rejects for anything that the plugin does. */
  call(call: PluginCall): Promise<PluginOutcome>;
  /** Ends a process that is not needed after all; one that has ended stays so. */
  stop(): void;
}

/** Runs plugins where they can touch only what they may. */
export interface PluginSandbox {
  /** Makes a process ready; it ends with its call, or with us. */
  start(setup: PluginSetup): Promise<StartedPlugin>;
  /** The absolute path of a file, links followed as far as they lead. */
  locate(path: string): Promise<string>;
  /** The plugins that come with the program, by name. */
  bundled(): Promise<Readonly<Record<string, BundledPlugin>>>;
}

/** What a certificate says of itself; nobody has checked it. */
export interface CertificateFacts {
  /** Whose it is: the name, else the organization. */
  subject: string;
  /** Who has signed it. */
  issuer: string;
  /** From when it is valid, milliseconds since the Unix epoch. */
  validFrom: number;
  /** Until when. */
  validTo: number;
}

/** Looks at the way to a server, without sending it anything. */
export interface NetworkProbe {
  /** Looks a name up, as connections do. @returns The addresses; none where there is no such name. */
  lookUp(host: string): Promise<string[]>;
  /**
   * The proxy that requests to an address go through, and the variable that names it.
   *
   * @throws {SettingsError} `bad_proxy`
   */
  proxyFor(url: string): { host: string; variable: string } | undefined;
  /**
   * The certificates that a server (or whoever stands in between) shows, through the same proxy.
   *
   * @returns The server's first; none where no secure connection comes about.
   */
  certificates(url: string): Promise<CertificateFacts[]>;
}

/** What a browser that was sent back to us asks for. */
export interface BrowserRedirect {
  /** The query's parameters, untrusted. */
  query: URLSearchParams;
  /** Answers it; the listener closes with that. */
  answer(page: { status: number; headers: Record<string, string>; body: string }): Promise<void>;
}

/** Waits on the loopback interface for one redirect of a browser's. */
export interface LoopbackListener {
  /** The port of 127.0.0.1. */
  readonly port: number;
  /**
   * Waits for the redirect: the first `GET` of the path, addressed to 127.0.0.1 itself. All else is
   * turned away and does not count.
   *
   * @param signal Ends the wait: the promise then rejects with the signal's reason.
   */
  redirect(signal: AbortSignal): Promise<BrowserRedirect>;
  /** Closes the port; the second call does nothing. */
  close(): Promise<void>;
}

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
