/** When a page waits for a person. @module */

import type { PageState } from "./page_script.ts";

/** A page that has rested for so long waits for a person; longer if it has nothing to use, or loads. */
const REST_MILLISECONDS = 3_000;
const BUSY_MILLISECONDS = 8_000;

/** Without a window, for all redirects and forms together. */
const HEADLESS_MILLISECONDS = 60_000;

/** How long a window waits for a person who does nothing. */
const PATIENCE_MILLISECONDS = 5 * 60_000;

/** Times in milliseconds since the Unix epoch. */
export interface PageTimes {
  /** Whether it waits for an answer of a server. */
  isLoading?: boolean;
  now: number;
  /** When the browser was started. */
  began: number;
  /** When the page last changed. */
  since: number;
}

/**
 * Whether a page waits for a person; in a window, whether nobody has come.
 *
 * @param page `undefined` if it can't be looked at now.
 */
export function isRested(
  page: Pick<PageState, "ready" | "forPerson"> | undefined,
  { now, began, since, isLoading = false }: PageTimes,
  visible: boolean,
): boolean {
  if (visible) return now - since > PATIENCE_MILLISECONDS;
  if (now - began > HEADLESS_MILLISECONDS) return true;
  const most = page?.forPerson && !isLoading ? REST_MILLISECONDS : BUSY_MILLISECONDS;
  return page?.ready === true && now - since > most;
}
