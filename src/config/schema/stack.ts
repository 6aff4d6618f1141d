import { z } from 'zod';
import { checkWritten } from './check';
import { commit, dateOrInstant, digest, name, outputName, text } from './scalars';
import { closed } from './words';

/** Free data; what may stand in it (references, finite numbers) is rules/references.ts. */
const value = z.unknown();
const label = z.string().max(200);

const component = closed({
  component: name.optional().describe('The component in the track; default: this key'),
  track: name.optional().describe("The track of this component; default: the stack's"),
  inputs: z.record(z.string(), value).default({}),
  commit: commit.optional().describe('With digest, reason and until: a planned divergence from the track'),
  digest: digest.optional(),
  reason: text().optional(),
  until: dateOrInstant.optional().describe('When the pin must be gone: 2027-01-31'),
});

export const stackWritten = closed({
  import: z
    .array(text())
    .optional()
    .describe('Fragments merged beneath this file, later ones over earlier ones'),
  channel: name,
  track: name.optional().describe('The track of components that name none'),
  environment: name.optional(),
  labels: z.record(z.string().min(1).max(63), label).default({}),
  dependsOn: z.array(name).default([]),
  critical: z.boolean().default(false).describe('Comes last in its channel, with a failure budget of 0'),
  providers: z
    .record(name, z.record(z.string(), value).nullable())
    .default({})
    .describe('Package to provider inputs'),
  components: z.record(name, component),
  outputs: z.record(outputName, value).default({}),
  checks: z.array(checkWritten).default([]),
});

export type StackWritten = z.output<typeof stackWritten>;
export type ComponentWritten = z.output<typeof component>;
