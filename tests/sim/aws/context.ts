/**
 * What every handler of AWS's gets.
 *
 * @module
 */

import type { LoggedRequest } from "../request_log.ts";
import type { State } from "../state.ts";
import type { World } from "../world.ts";

/** One request, and all there is to answer it. */
export interface AwsContext {
  /** The world as it is now. */
  world: World;
  /** What was given out. */
  state: State;
  /** The request. */
  request: LoggedRequest;
}
