import type { Fleet, StackRun } from '../../src/core/fleet';
import type { RolloutKind } from '../../src/core/plan';
import type { Channel, Project, Stack } from '../../src/core/project';
import { duration, instant } from '../../src/core/time';

/** The interval of every check. */
export const every = duration(10_000);
export const pin = (name: string) => ({ commit: '0'.repeat(40), digest: `sha256:${name}` });

/** A random fleet and the dice that decide what happens to it. */
export interface Shape {
  readonly channels: readonly Pick<Channel, 'soak' | 'failureBudget' | 'onFailure' | 'waves'>[];
  readonly stacks: readonly {
    readonly channel: number;
    readonly critical: boolean;
    readonly hasChecks: boolean;
    readonly needed: number;
    readonly of: number;
    readonly dependsOn: readonly number[];
  }[];
  readonly kind: RolloutKind;
  readonly parallel: number;
  /** Shares in percent of what may go wrong at each throw. */
  readonly luck: {
    readonly failing: number;
    readonly unhealthy: number;
    readonly unknown: number;
    readonly crash: number;
    readonly abort: number;
    readonly veto: number;
    readonly clock: number;
  };
  readonly seed: number;
}

export function projectOf(shape: Pick<Shape, 'channels' | 'stacks'>): Project {
  const name = (index: number): string => `s${String(index).padStart(2, '0')}`;
  const stacks = shape.stacks.map(
    (stack, index): Stack => ({
      name: name(index),
      channel: `c${stack.channel % shape.channels.length}`,
      track: 'beta',
      labels: {},
      // Only on earlier stacks of the same or an earlier channel: what the rules of configuration guarantee.
      dependsOn: [...new Set(stack.dependsOn)]
        .filter((other) => other < index && channelOf(shape, other) <= channelOf(shape, index))
        .map(name),
      critical: stack.critical,
      providers: {},
      components: { web: { component: 'web', track: 'beta', inputs: {} } },
      outputs: {},
      checks: stack.hasChecks
        ? [
            {
              name: 'answers',
              test: { kind: 'output', output: 'x', condition: { exists: true } },
              every,
              pass: { needed: Math.min(stack.needed, stack.of), of: stack.of },
              timeout: every,
            },
          ]
        : [],
    }),
  );
  return {
    name: 'shop',
    engine: { kind: 'embedded', timeout: duration(1) },
    sandbox: { timeScale: 1, seed: '', faults: [] },
    channels: shape.channels.map((channel, index) => ({ ...channel, name: `c${index}` })),
    environments: {},
    tracks: { beta: { name: 'beta', components: {} } },
    stacks: Object.fromEntries(stacks.map((stack) => [stack.name, stack])),
  };
}

const channelOf = (shape: Pick<Shape, 'channels' | 'stacks'>, index: number): number =>
  (shape.stacks[index]?.channel ?? 0) % shape.channels.length;

/** A fleet in which every stack runs this content. */
export function fleetOn(project: Project, content: { commit: string; digest: string }): Fleet {
  const run = (): StackRun => ({
    contents: { web: { component: 'web', track: 'beta', release: 'beta.1', ...content } },
    since: instant(0),
    deployment: 'd',
    outputs: {},
    isCertain: true,
  });
  return { stacks: new Map(Object.keys(project.stacks).map((name) => [name, run()])), tracks: new Map() };
}
