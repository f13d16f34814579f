/**
 * Times as AWS writes and reads them.
 *
 * @module
 */

const TIMESTAMP =
  /^(\d{4})-(\d{2})-(\d{2})[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Reads a date and time with its offset.
 *
 * @returns `undefined` if malformed: no offset, no such day.
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function parseTimestamp(text: string): Date | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  // JavaScript takes 30 February for 1 March.
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined;
  const time = new Date(text.toUpperCase());
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/**
 * Writes a time as AWS does: UTC, whole seconds, rounded down so that nothing seems to live longer
 * than it does.
 *
 * @returns `2024-01-01T00:00:00Z`.
 */
export function formatTimestamp(time: Date): string {
  return `${time.toISOString().slice(0, -".000Z".length)}Z`;
}
