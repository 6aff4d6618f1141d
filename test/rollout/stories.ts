import { requestAbort } from '../../src/rollout/request';
import { pin } from './estate';
import { scenario, type World } from './world';

/** A rollout to be told: its world, what is done in it, how it ends, and where the stacks are then. */
export interface Story {
  readonly title: string;
  readonly world: () => World;
  /** What went before, without crashes. */
  readonly prepare?: (world: World) => Promise<unknown>;
  readonly act: (world: World) => Promise<string>;
  readonly outcome: string;
  readonly runs: Readonly<Record<string, string>>;
}

const waves = [['canary'], ['eu-1', 'eu-2'], ['us-1']];
const all = (version: string) => ({ canary: version, 'eu-1': version, 'eu-2': version, 'us-1': version });
const plain = () => scenario({ waves });

/** Every way a rollout can go. All of them are run with a crash at every point too. */
export const stories: readonly Story[] = [
  {
    title: 'a good release',
    world: plain,
    act: (world) => world.promote('v2'),
    outcome: 'converged',
    runs: all('v2'),
  },
  {
    title: 'a release that is unhealthy in wave 2',
    world: plain,
    act: (world) => {
      world.verdictOf = (stack, version) => (stack === 'eu-2' && version === 'v2' ? 'unhealthy' : undefined);
      return world.promote('v2');
    },
    outcome: 'rolled back',
    runs: all('v1'),
  },
  {
    title: 'a release before that is unhealthy too',
    world: plain,
    act: (world) => {
      world.verdictOf = (stack) => (stack === 'eu-2' ? 'unhealthy' : undefined);
      return world.promote('v2');
    },
    outcome: 'rolled back',
    runs: all('v1'),
  },
  {
    title: 'an update that fails',
    world: plain,
    act: (world) => {
      world.cloud.failing.set('eu-1 sha256:v2', 'failed');
      return world.promote('v2');
    },
    outcome: 'rolled back',
    runs: all('v1'),
  },
  {
    title: 'a way back that would delete a database',
    world: plain,
    act: (world) => {
      world.cloud.extra.set('sha256:v2', 'aws:rds/instance:Instance');
      world.verdictOf = (stack, version) => (stack === 'eu-1' && version === 'v2' ? 'unhealthy' : undefined);
      return world.promote('v2');
    },
    outcome: 'halted',
    runs: { canary: 'v2', 'eu-1': 'v2', 'eu-2': 'v2', 'us-1': 'v1' },
  },
  {
    title: 'a way back that fails too',
    world: plain,
    act: (world) => {
      world.cloud.failing.set('eu-1 sha256:v2', 'failed');
      world.cloud.failing.set('canary sha256:v1', 'failed');
      return world.promote('v2');
    },
    outcome: 'stuck',
    runs: { canary: 'v2', 'eu-1': 'v1', 'eu-2': 'v1', 'us-1': 'v1' },
  },
  {
    title: 'a channel that halts on failure',
    world: () =>
      scenario({
        channels: [
          {
            name: 'all',
            stacks: waves.flat(),
            waves: [{ count: 1 }, { count: 2 }, { percent: 100 }],
            onFailure: 'halt',
          },
        ],
      }),
    act: (world) => {
      world.cloud.failing.set('eu-1 sha256:v2', 'failed');
      return world.promote('v2');
    },
    outcome: 'halted',
    runs: { canary: 'v2', 'eu-1': 'v1', 'eu-2': 'v1', 'us-1': 'v1' },
  },
  {
    title: 'a failure within the budget',
    world: () =>
      scenario({
        channels: [
          {
            name: 'all',
            stacks: waves.flat(),
            waves: [{ count: 1 }, { count: 3 }, { percent: 100 }],
            failureBudget: 1,
          },
        ],
      }),
    act: (world) => {
      world.cloud.failing.set('eu-1 sha256:v2', 'failed');
      return world.promote('v2');
    },
    outcome: 'halted',
    runs: { canary: 'v2', 'eu-1': 'v1', 'eu-2': 'v2', 'us-1': 'v2' },
  },
  {
    title: 'a stack that flaps once',
    world: plain,
    act: (world) => {
      world.verdictOf = (stack, version, nth) =>
        stack === 'canary' && version === 'v2' && nth === 5 ? 'unhealthy' : undefined;
      return world.promote('v2');
    },
    outcome: 'converged',
    runs: all('v2'),
  },
  {
    title: 'an answer that is lost after the effect',
    world: plain,
    act: (world) => {
      world.cloud.failing.set('eu-1 sha256:v2', 'lost');
      return world.promote('v2');
    },
    outcome: 'converged',
    runs: all('v2'),
  },
  {
    title: 'an abort that leaves things as they are',
    world: plain,
    act: (world) => {
      abortAfter(world, 'canary', 'stop');
      return world.promote('v2');
    },
    outcome: 'aborted',
    runs: { ...all('v1'), canary: 'v2' },
  },
  {
    title: 'an abort that takes back',
    world: plain,
    act: (world) => {
      abortAfter(world, 'canary', 'take-back');
      return world.promote('v2');
    },
    outcome: 'rolled back',
    runs: all('v1'),
  },
  {
    title: 'a rollback',
    world: plain,
    prepare: (world) => world.promote('v2'),
    act: (world) => world.promote('v1', 'rollback'),
    outcome: 'converged',
    runs: all('v1'),
  },
  {
    title: 'a component that follows another track',
    world: () =>
      scenario({
        waves,
        stacks: {
          'eu-1': {
            components: {
              web: { component: 'web', track: 'beta', inputs: {} },
              data: { component: 'data', track: 'prod', inputs: {} },
              net: {
                component: 'net',
                track: 'beta',
                pin: { ...pin('n0'), reason: 'later', until: '2027-01-01' },
                inputs: {},
              },
            },
          },
        },
      }),
    act: (world) => world.promote('v2'),
    outcome: 'converged',
    runs: all('v2'),
  },
  {
    title: 'dependencies and a critical stack in one wave',
    world: () =>
      scenario({
        channels: [{ name: 'all', stacks: ['a', 'b', 'c'], waves: [{ percent: 100 }] }],
        stacks: { a: { critical: true, dependsOn: ['b'] }, b: { dependsOn: ['c'] } },
      }),
    act: (world) => world.promote('v2'),
    outcome: 'converged',
    runs: { a: 'v2', b: 'v2', c: 'v2' },
  },
  {
    title: 'a fleet without checks',
    world: () => scenario({ waves, withoutChecks: true }),
    act: (world) => world.promote('v2'),
    outcome: 'converged',
    runs: all('v2'),
  },
];

/** Somebody at another terminal asks for an abort as soon as the stack is updated. */
function abortAfter(world: World, stack: string, mode: 'stop' | 'take-back'): void {
  let isAsked = false;
  world.onEntry = ({ event }) => {
    if (isAsked || event.type !== 'apply-ended' || event.stack !== stack || event.result !== 'succeeded')
      return;
    isAsked = true;
    void requestAbort(world.process('bob'), 'beta', { mode, reason: 'wrong day' });
  };
}
