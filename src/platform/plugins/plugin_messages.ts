/**
 * The messages between us and a plugin's worker, each a JSON text. Everything from the worker is
 * treated as if the plugin had sent it.
 *
 * @module
 */

import type { PluginCall, PluginSetup } from "../../ports.ts";

/** The first message: what to load. The only one that is an object: not all of it is JSON. */
export interface WorkerStart {
  quickjs: WebAssembly.Module;
  code: string;
  language: PluginSetup["language"];
  /** Shared: other than 0 once the plugin has to end. */
  stop: Int32Array<SharedArrayBuffer>;
}

/** The second message: what to call. See {@linkcode PluginCall}. */
export interface PluginTask {
  part: PluginCall["part"];
  event: unknown;
  settings: PluginCall["settings"];
  /** The granted environment variables. */
  env: Readonly<Record<string, string>>;
  os: string;
}

/** An error as a plugin receives it: `name` is that of a class, such as `NotFound`. */
export interface PluginFailure {
  name: string;
  message: string;
}

/** Our answer to a request of the plugin. */
export interface PluginReply {
  /** The request's id. */
  id: number;
  value?: unknown;
  error?: PluginFailure;
}

export type PluginMessage =
  | { kind: "log"; line: string }
  | { kind: "ask"; id: number; method: string; argument: unknown }
  | { kind: "done"; value: unknown }
  | { kind: "threw"; message: string }
  /** The code without types, before it runs. */
  | { kind: "javascript"; text: string }
  | { kind: "memory" | "flood" | "not_confined" };

/** Limit of the messages of one run, characters. */
export const MOST_OUTPUT = 8 * 1024 * 1024;

/** Returns `undefined` for anything that is not a message. */
export function readMessage(text: string): PluginMessage | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return isMessage(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(message: unknown): message is PluginMessage {
  if (typeof message !== "object" || message === null) return false;
  const { kind, id, line, method, message: reason, text } = message as Record<string, unknown>;
  if (kind === "log") return typeof line === "string";
  if (kind === "ask") return typeof id === "number" && typeof method === "string";
  if (kind === "threw") return typeof reason === "string";
  if (kind === "javascript") return typeof text === "string";
  return kind === "done" || kind === "memory" || kind === "flood" || kind === "not_confined";
}
