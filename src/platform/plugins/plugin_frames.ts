/**
 * The messages between us and a plugin's process, one JSON document per line.
 *
 * Everything from that process is treated as if the plugin had sent it. The tag only tells messages
 * from accidental output.
 *
 * @module
 */

import type { PluginCall, PluginSetup } from "../../ports.ts";

/** The first message. See {@linkcode PluginSetup}. */
export interface StartFrame {
  /** Starts each message of the process. */
  tag: string;
  /** `file:` URL of the plugin's private copy. */
  url: string;
  importsNothing: boolean;
  permissions: PluginSetup["permissions"];
}

/** The second message: what to call. See {@linkcode PluginCall}. */
export interface PluginTask {
  part: PluginCall["part"];
  event: unknown;
  settings: PluginCall["settings"];
}

/** Our answer to a request of the plugin. */
export interface ReplyFrame {
  /** The request's id. */
  id: number;
  value?: unknown;
  error?: string;
}

/** A message of the process. */
export type PluginFrame =
  | { kind: "log"; line: string }
  | { kind: "ask"; id: number; method: string; argument: unknown }
  | { kind: "done"; value: unknown }
  | { kind: "threw"; message: string }
  | { kind: "memory" | "not_confined" };

const encoder = new TextEncoder();

/** For the standard input of the process. */
export function encodeLine(frame: StartFrame | PluginTask | ReplyFrame): Uint8Array<ArrayBuffer> {
  return encoder.encode(`${JSON.stringify(frame)}\n`);
}

/** For standard output; starts a line of its own, in case of accidental output before it. */
export function encodeTagged(tag: string, frame: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(`\n${tag} ${JSON.stringify(frame)}\n`);
}

/** Returns `undefined` for a line that is not a message. */
export function decodeTagged(tag: string, line: string): PluginFrame | undefined {
  if (!line.startsWith(`${tag} `)) return undefined;
  try {
    const frame: unknown = JSON.parse(line.slice(tag.length + 1));
    return isFrame(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}

function isFrame(frame: unknown): frame is PluginFrame {
  if (typeof frame !== "object" || frame === null) return false;
  const { kind, id, line, method, message } = frame as Record<string, unknown>;
  if (kind === "log") return typeof line === "string";
  if (kind === "ask") return typeof id === "number" && typeof method === "string";
  if (kind === "threw") return typeof message === "string";
  return kind === "done" || kind === "memory" || kind === "not_confined";
}

/** @throws {RangeError} After `mostBytes`. */
export async function* linesOf(
  stream: ReadableStream<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new RangeError("too much");
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
