import { z } from 'zod';
import { duration } from '../../core/time';
import { matching, passRule, someTime, text } from './scalars';
import { closed } from './words';

/** `output` of a check: a stack output or `component.output`, and further keys into it. */
const outputPath = matching(
  /^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/,
  'an output',
  'write the name of a stack output or component.output',
).describe('A stack output or component.output, with further .keys into it');

const httpPath = matching(/^\/[^\s]*$/, 'a path', 'start it with /');

/** Exactly one of `http` and `output` stands in a check: rules/checks.ts sees to it. */
export const checkWritten = closed({
  name: text(80).describe('What the check says, for people'),
  http: closed({
    url: closed({ output: outputPath }).describe('The output that holds the URL'),
    path: httpPath.default('/'),
    status: z.int().min(100).max(599).default(200),
    body: text(1000).optional().describe('Text the body must contain'),
    within: someTime.optional().describe('The longest acceptable latency'),
  }).optional(),
  output: outputPath.optional(),
  equals: z.union([z.string(), z.number(), z.boolean()]).optional(),
  matches: text(200).optional().describe('A regular expression'),
  between: z.tuple([z.number(), z.number()]).optional(),
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  exists: z.boolean().optional(),
  every: someTime.default(duration(10_000)).describe('Time between samples; default 10s'),
  pass: passRule.default({ needed: 2, of: 3 }).describe('Default 2 of 3'),
  timeout: someTime.default(duration(5_000)).describe('The longest one sample may take; default 5s'),
});

export type CheckWritten = z.output<typeof checkWritten>;
export const conditions = ['equals', 'matches', 'between', 'atLeast', 'atMost', 'exists'] as const;
