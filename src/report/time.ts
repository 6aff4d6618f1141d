import type { Duration, Instant } from '../core/time';

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** The two largest units of a span: `2h 5m`, `41s`; `0s` for none. */
export function spanText(span: Duration): string {
  let left = Math.max(0, Math.round(span / 1000) * 1000);
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    if (count > 0) parts.push(`${count}${unit}`);
    left -= count * size;
    if (parts.length === 2) break;
  }
  return parts.join(' ') || '0s';
}

/** `2026-11-21 13:05:09Z`: UTC, to the second. */
export const instantText = (at: Instant): string =>
  new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');

/** `2026-11-21 13:05Z`: UTC, to the minute. */
export const minuteText = (at: Instant): string => `${instantText(at).slice(0, 16)}Z`;
