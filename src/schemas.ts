/** Schemas for JSON from outside, where valibot's own are not strict enough. @module */

import * as v from "valibot";
import { isObject } from "./is_object.ts";

/** An object with any members. */
export const members: v.GenericSchema<unknown, Record<string, unknown>> = v.custom<
  Record<string, unknown>
>(isObject);

/** Unknown members are dropped. valibot's own takes an array for an object. */
export function object<E extends v.ObjectEntries>(
  entries: E,
): v.GenericSchema<unknown, v.InferOutput<v.ObjectSchema<E, undefined>>> {
  return v.pipe(v.unknown(), v.check(isObject), v.object(entries));
}

/** JSON's `1e999` is not a number. */
export const number: v.GenericSchema<number> = v.pipe(v.number(), v.finite());

/** A member that is missing or has another type is `undefined`. */
export function lenient<S extends v.GenericSchema>(
  schema: S,
): v.SchemaWithFallback<v.OptionalSchema<S, undefined>, undefined> {
  return v.fallback(v.optional(schema), undefined);
}
