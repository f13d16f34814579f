/** Errors that a plugin receives from our side. @module */

import { OktaAwsError } from "../../errors.ts";
import type { PluginFailure } from "./plugin_messages.ts";

/** An error of a class that `guest/basics.ts` knows. */
export class PluginCallError extends Error {
  constructor(override readonly name: string, message: string) {
    super(message);
  }
}

/** Not among its permissions. */
export function notCapable(message: string): PluginCallError {
  return new PluginCallError("NotCapable", message);
}

export function toFailure(error: unknown): PluginFailure {
  if (error instanceof OktaAwsError) return { name: "Error", message: error.message };
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: "Error", message: "refused" };
}
