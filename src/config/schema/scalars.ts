import { z } from 'zod';
import type { WaveSize } from '../../core/project';
import { type Duration, duration } from '../../core/time';
import { nameProblem, safeName } from '../names';
import { quote } from '../wording';
import { says } from './words';

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const durationText = /^(\d{1,6})(ms|s|m|h|d)$/;

/** `90s`, `30m`, `2h`, `7d` (and `250ms` for faults). */
export const durationWritten = z
  .string({ error: notADuration })
  .regex(durationText, { error: notADuration })
  .describe('A span of time: 90s, 30m, 2h, 7d')
  .transform(readDuration);

/** Like a duration, and longer than nothing. */
export const someTime = z
  .string({ error: notADuration })
  .regex(/^0*[1-9]\d{0,5}(ms|s|m|h|d)$/, { error: notADuration })
  .describe('A span of time longer than nothing: 90s, 30m, 2h, 7d')
  .transform(readDuration);

/** Only for text that matched; anything else is no time at all. */
export function readDuration(text: string): Duration {
  const found = durationText.exec(text);
  const unit = found?.[2];
  const isUnit = (word: string | undefined): word is keyof typeof units =>
    word !== undefined && Object.hasOwn(units, word);
  return duration(isUnit(unit) ? Number(found?.[1]) * units[unit] : 0);
}

function notADuration(issue: { readonly input?: unknown }): string {
  return says(`${seen(issue.input)} is not a duration`, 'write it as 90s, 30m, 2h or 7d');
}

export const name = z
  .string()
  .regex(safeName, { error: nameSays })
  .refine((text) => nameProblem(text) === undefined, { error: nameSays });

function nameSays(issue: { readonly input?: unknown }): string | undefined {
  const problem = typeof issue.input === 'string' ? nameProblem(issue.input) : undefined;
  return problem && says(problem.message, problem.remedy);
}

/** A name of an output: a key of what the program exports. */
export const outputName = matching(
  /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/,
  'a name for an output',
  'use letters, digits, _ and -',
);

export const commit = matching(/^[0-9a-f]{40}$/, 'a commit', 'write all 40 hex digits');
export const digest = matching(
  /^sha256:[0-9a-f]{64}$/,
  'a digest',
  'write sha256: and 64 hex digits, as vendor pull does',
);

/** A date (its first second in UTC) or an instant of RFC 3339. */
export const dateOrInstant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/, { error: notADate })
  .refine(isOnTheCalendar, { error: notADate });

function isOnTheCalendar(text: string): boolean {
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  // Date.parse rolls 31 February over into March; a calendar does not.
  const isDay = !Number.isNaN(day) && new Date(day).toISOString().startsWith(text.slice(0, 10));
  return isDay && !Number.isNaN(Date.parse(text));
}

function notADate(issue: { readonly input?: unknown }): string | undefined {
  return typeof issue.input === 'string'
    ? says(`${seen(issue.input)} is not a date`, 'write it as 2027-01-31 or 2027-01-31T12:00:00Z')
    : undefined;
}

const waveSays = (issue: { readonly input?: unknown }): string =>
  says(`${seen(issue.input)} is not the size of a wave`, 'write a number of stacks or a share such as 25%');

export const waveSize = z
  .union(
    [
      z.number().int({ error: waveSays }).min(1, { error: waveSays }),
      z.string().regex(/^(100|[1-9]\d?)%$/, { error: waveSays }),
    ],
    { error: waveSays },
  )
  .transform(
    (size): WaveSize => (typeof size === 'number' ? { count: size } : { percent: Number(size.slice(0, -1)) }),
  );

/** A share that is drawn: a whole percent. */
export const share = z
  .string({ error: shareSays })
  .regex(/^(100|[1-9]\d?)%$/, { error: shareSays })
  .transform((text) => Number(text.slice(0, -1)));

function shareSays(issue: { readonly input?: unknown }): string {
  return says(`${seen(issue.input)} is not a share`, 'write it as 25%');
}

/** Where a property stands in a resource: `tags.Team`, `rules[0].port`, `labels["a.b/c"]`. */
export const propertyPath = matching(
  /^[^.[\]"]+(\.[^.[\]"]+|\[\d{1,4}\]|\["[^"\\]+"\])*$/,
  'the path of a property',
  'write it as tags.Team, rules[0].port or labels["a.b/c"]',
);

const passSays = (issue: { readonly input?: unknown }): string =>
  says(`${seen(issue.input)} is not a pass rule`, 'write it as 3 of 3');

/** `3 of 3`: needed samples of the last ones. */
export const passRule = z
  .string({ error: passSays })
  .regex(/^([1-9]\d?) of ([1-9]\d?)$/, { error: passSays })
  .refine((text) => readPass(text).needed <= readPass(text).of, { error: passSays })
  .describe('Healthy samples needed of the last ones: 3 of 3')
  .transform(readPass);

function readPass(text: string): { readonly needed: number; readonly of: number } {
  const [needed = '1', of = '1'] = text.split(' of ');
  return { needed: Number(needed), of: Number(of) };
}

/** Text of at most this many characters, never empty. */
export const text = (longest = 500) => z.string().min(1).max(longest);

/** Text of one form; `noun` completes the sentence `"x" is not …`. */
export function matching(form: RegExp, noun: string, remedy: string) {
  return z.string().regex(form, {
    error: (issue) => says(`${seen(issue.input)} is not ${noun}`, remedy),
  });
}

/** A value as read, for a message. */
export function seen(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : String(value);
}
