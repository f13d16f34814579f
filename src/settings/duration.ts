const UNITS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  "\u00b5s": 1e-6,
  "\u03bcs": 1e-6,
  ns: 1e-9,
};

const PART = /(\d{1,15}\.?\d{0,15}|\.\d{1,15})(h|ms|m|s|us|\u00b5s|\u03bcs|ns)/g;

/**
 * Reads a duration as aws-okta does: Go's form (`1h0m0s`, `1.5h`, `90m`) or a number of seconds.
 *
 * @returns Whole seconds; `undefined` for other text and negative durations.
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim().replace(/^\+/, "");
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed);
  if (trimmed === "" || trimmed.replace(PART, "") !== "") return undefined;
  const seconds = [...trimmed.matchAll(PART)].map(([, count, unit]) =>
    Number(count) * UNITS[unit!]!
  );
  return Math.round(seconds.reduce((sum, part) => sum + part, 0));
}

/** `1h`, `45m`, `1h 30m`, `20s`. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))}s`;
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${rest}m`;
  return rest === 0 ? `${hours}h` : `${hours}h ${rest}m`;
}
