import { createHash } from 'node:crypto';
import type { Channel, Project, Stack, WaveSize } from '../../src/core/project';
import { duration } from '../../src/core/time';

export const seconds = (some: number) => duration(some * 1000);
export const minutes = (some: number) => seconds(some * 60);
export const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
export const pin = (name: string) => ({ commit: sha(name).slice(0, 40), digest: `sha256:${name}` });

export interface WorldShape {
  /** Stacks by wave; one channel `all` unless `channels` is given. */
  readonly waves?: readonly (readonly string[])[];
  readonly channels?: readonly (Partial<Channel> & { name: string; stacks: readonly string[] })[];
  readonly stacks?: Readonly<Record<string, Partial<Stack>>>;
  readonly soak?: number;
  readonly withoutChecks?: boolean;
  readonly parallel?: number;
}

/** The configuration of a small world: two tracks, stacks with the components `web` and `net`. */
export function projectOf(shape: WorldShape): Project {
  const stacks = shape.waves?.flat() ?? [];
  const channels = shape.channels ?? [{ name: 'all', stacks, waves: sizes(shape.waves ?? []) }];
  return {
    name: 'shop',
    engine: { kind: 'embedded', timeout: minutes(10) },
    sandbox: { timeScale: 1, seed: 'x', faults: [] },
    channels: channels.map(({ stacks: _, ...channel }) => ({
      waves: [{ percent: 100 }],
      soak: duration(shape.soak ?? minutes(2)),
      failureBudget: 0,
      onFailure: 'take-back',
      ...channel,
    })),
    environments: {},
    tracks: {
      beta: { name: 'beta', trunk: { source: '.', path: 'components', ref: 'HEAD' }, components: {} },
      prod: {
        name: 'prod',
        trunk: { source: '.', path: 'components', ref: 'HEAD' },
        components: { data: pin('d1') },
      },
    },
    stacks: Object.fromEntries(
      channels.flatMap((channel) =>
        channel.stacks.map((name) => [
          name,
          { ...stackOf(name, channel.name, shape), ...shape.stacks?.[name] },
        ]),
      ),
    ),
  };
}

function sizes(waves: readonly (readonly string[])[]): WaveSize[] {
  let count = 0;
  return waves.map((wave) => {
    count += wave.length;
    return { count };
  });
}

const stackOf = (name: string, channel: string, shape: WorldShape): Stack => ({
  name,
  channel,
  track: 'beta',
  labels: {},
  dependsOn: [],
  critical: false,
  providers: {},
  components: {
    web: { component: 'web', track: 'beta', inputs: { net: { from: 'net.id' } } },
    net: { component: 'net', track: 'beta', inputs: {} },
  },
  outputs: {},
  checks: shape.withoutChecks
    ? []
    : [
        {
          name: 'answers',
          test: { kind: 'output', output: 'web', condition: { exists: true } },
          every: seconds(20),
          pass: { needed: 3, of: 3 },
          timeout: seconds(5),
        },
      ],
});
