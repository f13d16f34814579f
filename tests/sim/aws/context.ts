import type { LoggedRequest } from "../request_log.ts";
import type { State } from "../state.ts";
import type { World } from "../world.ts";

/** One request, and what is needed to answer it. */
export interface AwsContext {
  world: World;
  state: State;
  request: LoggedRequest;
}
