/** A point in time: milliseconds since 1970-01-01T00:00:00Z. Written RFC 3339 wherever a person reads it. */
export type Instant = number & { readonly brand: 'instant' };
/** A span of time in milliseconds. Written `90s`, `30m`, `2h`, `7d` in files. */
export type Duration = number & { readonly brand: 'duration' };

export const instant = (milliseconds: number): Instant => milliseconds as Instant;
export const duration = (milliseconds: number): Duration => milliseconds as Duration;

export const plus = (at: Instant, span: Duration): Instant => instant(at + span);
export const between = (from: Instant, to: Instant): Duration => duration(to - from);
