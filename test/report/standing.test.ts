import { expect } from 'chai';
import type { LedgerEvent } from '../../src/core/event';
import { replay } from '../../src/core/rollout';
import { standing } from '../../src/report/standing';
import { plan, start, started } from './sample';

const PLAN = plan({ test: [['test-1']], production: [['eu-1'], ['eu-2', 'us-1']] });
const apply = (stack: string, direction: 'forward' | 'back' = 'forward') =>
  ({ rollout: 'beta-2-abc', stack, direction, deployment: `r.${stack}.${direction}` }) as const;
const begun = (stack: string, direction?: 'forward' | 'back'): LedgerEvent => ({
  type: 'apply-started',
  ...apply(stack, direction),
  attempt: 1,
  release: 'beta.2',
  contents: {},
});
const ended = (
  stack: string,
  result: 'succeeded' | 'failed' = 'succeeded',
  direction?: 'back',
): LedgerEvent => ({
  type: 'apply-ended',
  ...apply(stack, direction),
  result,
});
const done = (stack: string): LedgerEvent[] => [begun(stack), ended(stack)];

const CASES: readonly (readonly [string, readonly LedgerEvent[], string])[] = [
  ['nothing begun', [], 'promote of beta.2 stands at wave 1 of 3; not started: test-1, eu-1, eu-2, us-1'],
  [
    'a wave done and an update cut short',
    [
      ...done('test-1'),
      { type: 'wave-ended', rollout: 'beta-2-abc', wave: 0, channel: 'test', withoutChecks: [] },
      begun('eu-1'),
    ],
    'promote of beta.2 stands at wave 2 of 3; updated: test-1; cut short: eu-1; not started: eu-2, us-1',
  ],
  [
    'a failure of which one stack is back',
    [
      ...done('test-1'),
      begun('eu-1'),
      ended('eu-1', 'failed'),
      {
        type: 'take-back-started',
        rollout: 'beta-2-abc',
        scope: 'rollout',
        stacks: ['eu-1', 'test-1'],
        reason: 'no',
      },
      begun('test-1', 'back'),
      ended('test-1', 'succeeded', 'back'),
    ],
    'promote of beta.2 is being taken back; taken back: test-1; failed: eu-1; not started: eu-2, us-1',
  ],
];

describe('where an open rollout stands', () => {
  for (const [what, events, said] of CASES)
    it(`is said for one with ${what}`, () => {
      const entries = [started(PLAN), ...events].map((event) => ({
        track: 'beta',
        seq: 1,
        at: start,
        actor: 'ada',
        event,
      }));
      const state = replay(entries, 'beta-2-abc');
      expect(state && standing(state)).to.equal(said);
    });
});
