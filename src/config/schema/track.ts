import { z } from 'zod';
import { commit, digest, name, text } from './scalars';
import { closed } from './words';

/** Either `upstream` or `trunk`: rules/tracks.ts sees to it. */
export const trackWritten = closed({
  track: name.describe('As the folder is named'),
  upstream: name.optional().describe('The track this one takes its releases from'),
  trunk: closed({
    source: text().describe('A git repository: . for this one, or an https, ssh or file URL'),
    path: text().default('components').describe('The folder of the components in it'),
    ref: text(200).default('HEAD').describe('Branch, tag or commit'),
  })
    .optional()
    .describe('Where the first track takes its components from'),
  components: z
    .record(name, closed({ commit, digest }))
    .default({})
    .describe('Pins, written by vendor pull and promote'),
});

export type TrackWritten = z.output<typeof trackWritten>;
