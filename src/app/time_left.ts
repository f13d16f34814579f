/**
 * Time left in words: `41m left`, `1h 48m left`; `–` if nothing is left.
 *
 * @param milliseconds Rounded down, so that nothing looks longer than it is.
 */
export function formatTimeLeft(milliseconds: number): string {
  if (milliseconds <= 0) return "–";
  return `${formatSpan(milliseconds)} left`;
}

/** A span of time in at most two units: `59m`, `1h 48m`, `2d 3h`, `40s`; `0s` if it is negative. */
export function formatSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return withRest(`${days}d`, hours % 24, "h");
  if (hours > 0) return withRest(`${hours}h`, minutes % 60, "m");
  return minutes > 0 ? `${minutes}m` : `${seconds}s`;
}

function withRest(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest}${unit}`;
}
