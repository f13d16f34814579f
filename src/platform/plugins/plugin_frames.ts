/**
 * The messages between us and a plugin's process, one JSON document a line.
 *
 * Whatever comes out of that process counts as said by the plugin: nothing in a message is believed
 * that the plugin may not say as well. The tag in front only keeps apart what was meant as a message
 * and what was printed by accident.
 *
 * @module
 */

import type { PluginCall, PluginSetup } from "../../ports.ts";

/** The first message to the process. */
export interface StartFrame {
  /** What stands in front of the process's messages. */
  tag: string;
  /** The plugin's private copy, a `file:` URL. */
  url: string;
  /** As in {@linkcode PluginSetup}. */
  importsNothing: boolean;
  /** As in {@linkcode PluginSetup}. */
  permissions: PluginSetup["permissions"];
}

/** The second message: what the worker is to do. */
export interface PluginTask {
  /** As in {@linkcode PluginCall}. */
  part: PluginCall["part"];
  /** As in {@linkcode PluginCall}. */
  event: unknown;
  /** As in {@linkcode PluginCall}. */
  settings: PluginCall["settings"];
}

/** Our answer to what the plugin asked. */
export interface ReplyFrame {
  /** The question's number. */
  id: number;
  /** The answer. */
  value?: unknown;
  /** Why there is none. */
  error?: string;
}

/** What the process says. */
export type PluginFrame =
  | { kind: "log"; line: string }
  | { kind: "ask"; id: number; method: string; argument: unknown }
  | { kind: "done"; value: unknown }
  | { kind: "threw"; message: string }
  | { kind: "memory" | "not_confined" };

const encoder = new TextEncoder();

/** A message as bytes, for standard input. */
export function encodeLine(frame: StartFrame | PluginTask | ReplyFrame): Uint8Array<ArrayBuffer> {
  return encoder.encode(`${JSON.stringify(frame)}\n`);
}

/**
 * A message of the process as bytes, for standard output. It begins a line of its own, whatever
 * somebody has printed before.
 */
export function encodeTagged(tag: string, frame: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(`\n${tag} ${JSON.stringify(frame)}\n`);
}

/** Reads a line of the process. */
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

/**
 * Splits bytes into lines.
 *
 * @throws {RangeError} Where there are more.
 */
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
