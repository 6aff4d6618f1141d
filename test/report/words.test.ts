import { expect } from 'chai';
import type { LedgerEvent } from '../../src/core/event';
import { duration } from '../../src/core/time';
import { countsText, list, plural, sentence } from '../../src/report/words';
import { counts, HOSTILE, later, plan, start, started } from './sample';

const rollout = 'beta-2-abc';
const apply = { rollout, deployment: 'd', stack: 'eu-1', direction: 'forward' } as const;
const digest = 'sha256:0';

const SENTENCES: readonly (readonly [LedgerEvent, string])[] = [
  [
    {
      type: 'release-recorded',
      release: {
        id: 'beta.2',
        track: 'beta',
        number: 2,
        components: { web: { commit: 'c', digest } },
        sdk: 's',
        digest,
      },
      from: 'alpha.1',
    },
    'beta.2 recorded: web, copied from alpha.1',
  ],
  [
    started(plan({ test: [['eu-1']], canary: [['us-1'], ['us-2']] })),
    'promote of beta.2 started: 3 stacks in 2 channels',
  ],
  [
    started(plan({ test: [['eu-1']] }, { kind: 'rollback' })),
    'rollback of beta.2 started: 1 stack in 1 channel',
  ],
  [
    {
      type: 'stack-previewed',
      rollout,
      stack: 'eu-1',
      direction: 'forward',
      counts: counts({ replace: 1, update: 2 }),
      class: 'abcd',
      digest,
      operation: 'o',
      stateVersion: '1',
      irreversible: [],
      foreign: [],
    },
    'eu-1: preview: 1 replace, 2 updates (class abcd)',
  ],
  [
    {
      type: 'stack-previewed',
      rollout,
      stack: 'eu-1',
      direction: 'back',
      counts: counts(),
      class: 'abcd',
      digest,
      operation: 'o',
      stateVersion: '1',
      irreversible: [],
      foreign: [],
    },
    'eu-1: way back: no change (class abcd)',
  ],
  [
    {
      type: 'stack-previewed',
      rollout,
      stack: 'eu-1',
      direction: 'forward',
      counts: counts({ update: 1 }),
      class: 'abcd',
      digest,
      operation: 'o',
      stateVersion: '1',
      byGoal: 'missed',
      irreversible: [],
      foreign: [],
    },
    'eu-1: preview: 1 update (class abcd), though nothing that it is given has changed: a bug in a component',
  ],
  [
    { type: 'previews-accepted', rollout, digests: { 'eu-1': 'a', 'us-1': 'b' } },
    'previews accepted for eu-1, us-1',
  ],
  [
    { type: 'wave-started', rollout, wave: 2, channel: 'staging', stacks: ['eu-1', 'eu-2'] },
    'wave 3 · staging: eu-1, eu-2',
  ],
  [
    { type: 'apply-started', ...apply, attempt: 1, release: 'beta.2', contents: {} },
    'eu-1: update to beta.2 started',
  ],
  [
    { type: 'apply-started', ...apply, attempt: 2, release: 'beta.2', contents: {} },
    'eu-1: update to beta.2 started (attempt 2)',
  ],
  [
    { type: 'apply-started', ...apply, direction: 'back', attempt: 1, contents: {} },
    'eu-1: take back to what it ran before started',
  ],
  [
    {
      type: 'apply-ended',
      ...apply,
      result: 'succeeded',
      counts: counts({ update: 4, create: 1, same: 30 }),
    },
    'eu-1: updated: 4 updates, 1 create',
  ],
  [
    { type: 'apply-ended', ...apply, result: 'succeeded', isAdopted: true },
    'eu-1: updated (found finished after a crash)',
  ],
  [
    { type: 'apply-ended', ...apply, direction: 'back', result: 'succeeded', counts: counts({ delete: 2 }) },
    'eu-1: taken back: 2 deletes',
  ],
  [
    {
      type: 'apply-ended',
      ...apply,
      result: 'failed',
      failure: { kind: 'failed', message: 'BucketAlreadyExists', details: [] },
    },
    'eu-1: update failed: BucketAlreadyExists',
  ],
  [
    { type: 'apply-ended', ...apply, direction: 'back', result: 'failed' },
    'eu-1: take back failed: no reason given',
  ],
  [
    { type: 'apply-ended', ...apply, result: 'lost', suspects: ['creating urn:a'] },
    'eu-1: update was lost; may exist: creating urn:a',
  ],
  [
    {
      type: 'sampled',
      rollout,
      stack: 'eu-1',
      check: 'shop answers',
      deployment: 'd',
      every: duration(60_000),
      verdict: 'unhealthy',
      reason: '503, 200 wanted',
      from: start,
      until: later(90),
      samples: 4,
    },
    'eu-1: shop answers unhealthy (4 samples in 1h 30m): 503, 200 wanted',
  ],
  [
    {
      type: 'sampled',
      rollout,
      stack: 'eu-1',
      check: 'shop answers',
      deployment: 'd',
      every: duration(60_000),
      verdict: 'unknown',
      reason: 'nobody answered',
      from: start,
      until: start,
      samples: 1,
    },
    'eu-1: shop answers unknown: nobody answered',
  ],
  [{ type: 'stack-unhealthy', rollout, stack: 'eu-1', reason: 'down' }, 'eu-1: unhealthy: down'],
  [{ type: 'wave-ended', rollout, wave: 0, channel: 'test', withoutChecks: [] }, 'wave 1 · test soaked'],
  [
    { type: 'wave-ended', rollout, wave: 0, channel: 'test', withoutChecks: ['eu-1'] },
    'wave 1 · test soaked (no checks on eu-1: weak evidence)',
  ],
  [
    {
      type: 'take-back-started',
      rollout,
      scope: 'rollout',
      stacks: ['eu-2', 'eu-1'],
      reason: 'eu-2 is unhealthy',
    },
    'taking back eu-2, eu-1: eu-2 is unhealthy',
  ],
  [
    {
      type: 'rollout-ended',
      rollout,
      release: 'beta.2',
      outcome: 'converged',
      reason: 'all soaked',
      stacks: {},
    },
    'beta.2 converged: every subscriber runs it',
  ],
  [
    {
      type: 'rollout-ended',
      rollout,
      release: 'beta.2',
      outcome: 'rolled back',
      reason: 'eu-2 down',
      stacks: {},
    },
    'beta.2 taken back: every touched stack runs again what it ran before (eu-2 down)',
  ],
  [
    { type: 'rollout-ended', rollout, release: 'beta.2', outcome: 'halted', reason: '', stacks: {} },
    'beta.2 halted: touched stacks stay as they are',
  ],
  [{ type: 'release-proven', rollout, release: 'beta.2', evidence: 'checks' }, 'beta.2 is proven'],
  [
    { type: 'release-proven', rollout, release: 'beta.2', evidence: 'weak' },
    'beta.2 is proven (weak evidence: no checks)',
  ],
  [{ type: 'veto-set', release: 'beta.2', reason: 'bad' }, 'beta.2 vetoed: bad'],
  [{ type: 'veto-cleared', release: 'beta.2', reason: 'fixed' }, 'veto of beta.2 cleared: fixed'],
  [
    { type: 'abort-requested', rollout, mode: 'stop', reason: 'lunch' },
    'abort requested (touched stacks stay): lunch',
  ],
  [
    { type: 'abort-requested', rollout, mode: 'take-back', reason: 'wrong' },
    'abort requested (touched stacks go back): wrong',
  ],
];

describe('the words of events', () => {
  for (const [event, text] of SENTENCES)
    it(`say: ${text}`, () => {
      expect(sentence(event)).to.equal(text);
    });

  it('are one line without controls, whatever the event quotes', () => {
    const said = sentence({ type: 'veto-set', release: 'beta.2', reason: HOSTILE });
    expect(said).to.match(/^beta\.2 vetoed: a␛/);
    expect(said).not.to.match(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('numbers in texts', () => {
  it('agree with their noun', () => {
    expect([plural(0, 'stack'), plural(1, 'stack'), plural(2, 'stack')]).to.deep.equal([
      '0 stacks',
      '1 stack',
      '2 stacks',
    ]);
    expect([plural(1, 'more property'), plural(3, 'more property')]).to.deep.equal([
      '1 more property',
      '3 more properties',
    ]);
  });

  it('name what is risky first and leave out what is not there', () => {
    expect(countsText(counts({ create: 35, update: 1, delete: 2, replace: 1, same: 9 }))).to.equal(
      '1 replace, 2 deletes, 1 update, 35 creates',
    );
    expect(countsText(counts({ same: 9 }))).to.equal('no change');
  });

  it('count the rest of a long list', () => {
    expect(list(['a', 'b', 'c'], 3)).to.equal('a, b, c');
    expect(list(['a', 'b', 'c', 'd'], 2)).to.equal('a, b and 2 more');
  });
});
