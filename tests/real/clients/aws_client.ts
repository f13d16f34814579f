/** One of AWS's own clients, in a process that makes the calls it is sent. */

import { fileURLToPath } from "node:url";
import { withClients } from "./run.ts";

// deno-lint-ignore no-explicit-any -- each operation has parameters and results of its own
export type Json = any;

export type Service = "sts" | "sso" | "sso-oidc" | "eks";

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface Call {
  service: Service;
  operation: string;
  endpoint: string;
  params: Json;
  keys?: Keys;
}

export interface CallError {
  /** The class that the client has for an error of the service's documentation. */
  type?: string;
  code: string;
  message: string;
  status: number;
  /** The OIDC service's `error`. */
  oauth?: string | null;
}

const COMMANDS = {
  botocore: () =>
    new Deno.Command("python3", {
      args: [fileURLToPath(new URL("botocore_client.py", import.meta.url))],
      env: { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }),
  "AWS SDK for JavaScript": () => withClients("run", "aws_sdk.ts"),
};

/** The clients' names. */
export const CLIENTS = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[];

/** `await using` ends it. */
export class AwsClient implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(name: keyof typeof COMMANDS) {
    this.#child = COMMANDS[name]().spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  async #readLine(): Promise<string> {
    while (!this.#rest.includes("\n")) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(`the client ended: ${this.#rest}`);
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return line;
  }

  async #call(call: Call): Promise<{ output?: Json; error?: CallError; requestId?: string }> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(call)}\n`));
    return JSON.parse(await this.#readLine());
  }

  /** The result of a call that must succeed. */
  async result(call: Call): Promise<Json> {
    const { output, error } = await this.#call(call);
    if (error) throw new Error(`${call.operation}: ${JSON.stringify(error)}`);
    return output;
  }

  /** The error of a call that must fail. */
  async error(call: Call): Promise<CallError> {
    const { output, error } = await this.#call(call);
    if (!error) throw new Error(`${call.operation} succeeded: ${JSON.stringify(output)}`);
    return error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close();
    await this.#reader.cancel();
    await this.#child.status;
  }
}
