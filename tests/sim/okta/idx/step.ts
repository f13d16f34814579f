/**
 * What an answer shows of where a sign-in stands.
 *
 * @module
 */

import type { IonForm } from "./ion.ts";

/** Members of an answer. */
export type Members = Record<string, unknown>;

/** What can be done, and what else the answer tells. */
export interface Step {
  /** The remediations; one of them may be a link. */
  remediations: (IonForm | Members)[];
  /** More members of the answer. */
  members?: Members;
}
