import { expect } from 'chai';
import type { LedgerEvent, Recorded } from '../../src/core/event';
import { eventsText, rolloutLines, rolloutsText, updateLines, updatesText } from '../../src/report/history';
import { plain } from '../../src/report/paint';
import { endLines, endSentence, nextCommand } from '../../src/report/rollout-end';
import type { RunEnd } from '../../src/rollout/loop';
import { contents, counts, later, plan, started } from './sample';

const PLAN = plan({ test: [['eu-1', 'eu-2']] });
const apply = { rollout: 'beta-2-abc', stack: 'eu-1' } as const;

const EVENTS: readonly (readonly [number, LedgerEvent])[] = [
  [0, started(PLAN)],
  [
    1,
    {
      type: 'apply-started',
      ...apply,
      deployment: 'd1',
      direction: 'forward',
      attempt: 1,
      release: 'beta.2',
      contents: contents('two'),
    },
  ],
  [
    2,
    {
      type: 'apply-ended',
      ...apply,
      deployment: 'd1',
      direction: 'forward',
      result: 'succeeded',
      counts: counts({ update: 2 }),
    },
  ],
  [
    3,
    {
      type: 'apply-started',
      ...apply,
      deployment: 'd2',
      direction: 'back',
      attempt: 1,
      release: 'beta.1',
      contents: contents('one'),
    },
  ],
  [5, { type: 'apply-ended', ...apply, deployment: 'd2', direction: 'back', result: 'failed' }],
  [
    6,
    {
      type: 'rollout-ended',
      rollout: 'beta-2-abc',
      release: 'beta.2',
      outcome: 'stuck',
      reason: 'the way back failed too',
      stacks: { 'eu-1': 'failed', 'eu-2': 'not started' },
    },
  ],
  [10, { ...started(PLAN), rollout: 'beta-3-def' }],
];

const LOG = EVENTS.map(
  ([at, event], index): Recorded => ({ track: 'beta', seq: index + 1, at: later(at), actor: 'ada', event }),
);

describe('history', () => {
  it('has a line a rollout: when, what, how long, by whom, and what came of it', () => {
    expect(rolloutsText(rolloutLines(LOG), plain)).to.equal(
      [
        'when               track  kind     release  stacks    took  by   outcome',
        '2026-11-21 08:00Z  beta   promote  beta.2   2 stacks  6m    ada  stuck: the way back failed too',
        '2026-11-21 08:10Z  beta   promote  beta.2   2 stacks        ada  open',
      ].join('\n'),
    );
    expect(rolloutsText([], plain)).to.equal('nothing has happened yet');
  });

  it('has a line an update of one stack', () => {
    expect(updatesText(updateLines(LOG, 'eu-1'), plain)).to.equal(
      [
        'when               what       release  took  result     changes    deployment',
        '2026-11-21 08:01Z  update     beta.2   1m    succeeded  2 updates  d1',
        '2026-11-21 08:03Z  take back  beta.1   2m    failed                d2',
      ].join('\n'),
    );
    expect(updatesText(updateLines(LOG, 'eu-2'), plain)).to.equal('this stack was never updated');
  });

  it('has every entry in words', () => {
    expect(eventsText(LOG.slice(0, 2), plain)).to.equal(
      [
        '2026-11-21 08:00:00Z  beta  promote of beta.2 started: 2 stacks in 1 channel',
        '2026-11-21 08:01:00Z  beta  eu-1: update to beta.2 started',
      ].join('\n'),
    );
  });
});

const rollout = 'beta-2-abc';
const ENDS: readonly (readonly [RunEnd, string, string | undefined])[] = [
  [
    { is: 'ended', rollout, outcome: 'converged', reason: 'all soaked' },
    'beta.2 converged: every subscriber runs it',
    undefined,
  ],
  [
    { is: 'ended', rollout, outcome: 'rolled back', reason: 'eu-1 is unhealthy' },
    'beta.2 taken back: every touched stack runs again what it ran before: eu-1 is unhealthy',
    'npm run history -- --track beta --events',
  ],
  [
    { is: 'ended', rollout, outcome: 'halted', reason: '' },
    'beta.2 halted: touched stacks stay as they are',
    'npm run rollback -- --track beta --dry-run',
  ],
  [
    { is: 'ended', rollout, outcome: 'aborted', reason: 'aborted by ada: wrong image' },
    'beta.2 aborted by ada: wrong image',
    'npm run status -- --track beta',
  ],
  [
    { is: 'waiting', rollout, reason: 'the health of a is unknown' },
    'beta.2 waits: the health of a is unknown',
    'npm run resume -- --track beta',
  ],
  [
    { is: 'blocked', rollout, resource: 'stack:eu-1', heldBy: 'ada on laptop (pid 7)' },
    'beta.2 stopped: stack:eu-1 is held by ada on laptop (pid 7)',
    'npm run resume -- --track beta',
  ],
  [
    { is: 'cancelled', rollout },
    'beta.2 was interrupted; nothing new was started',
    'npm run resume -- --track beta',
  ],
];

describe('the end of a rollout', () => {
  for (const [end, said, next] of ENDS)
    it(`says: ${said}`, () => {
      expect(endSentence(end, 'beta.2')).to.equal(said);
      expect(nextCommand(end, 'beta')).to.equal(next);
    });

  it('names what was cut short, and what of it is repeated', () => {
    const started = (stack: string): LedgerEvent => ({
      type: 'apply-started',
      ...apply,
      stack,
      deployment: `r.${stack}`,
      direction: 'forward',
      attempt: 1,
      contents: {},
    });
    const ended: LedgerEvent = {
      type: 'apply-ended',
      ...apply,
      stack: 'eu-1',
      deployment: 'r.eu-1',
      direction: 'forward',
      result: 'succeeded',
    };
    expect(endLines([started('eu-1'), started('eu-2'), ended])).to.deep.equal([
      '  cut short, repeated on resume where it did not end: eu-2',
    ]);
  });

  it('says below each end what was wrong with which stack, on one harmless line', () => {
    const ended: LedgerEvent = {
      type: 'rollout-ended',
      rollout,
      release: 'beta.2',
      outcome: 'halted',
      reason: '',
      stacks: { 'eu-1': 'unhealthy', 'eu-2': 'taken back', 'us-1': 'taken back' },
      reasons: { 'eu-1': 'unhealthy: 503', 'us-1': 'not healthy after it was taken back: \u001b[2J\n503' },
    };
    expect(endLines([ended])).to.deep.equal([
      '  updated, but unhealthy: eu-1',
      '    eu-1: unhealthy: 503',
      '  taken back: eu-2, us-1',
      '    us-1: not healthy after it was taken back: ␛[2J⏎503',
    ]);
  });

  it('asks for an approval where that is what a rollout waits for', () => {
    const end = { is: 'waiting', rollout, reason: 'x', needs: 'approval' } as const;
    expect(nextCommand(end, 'beta')).to.equal('npm run accept -- --track beta');
  });

  it('says how to settle what nobody can know', () => {
    const suspects = ['creating urn:a'];
    const lost = { ...apply, deployment: 'd1', direction: 'forward', result: 'lost', suspects } as const;
    expect(endLines([{ type: 'apply-ended', ...lost }]).join('\n')).to.match(
      /^ {2}to settle eu-1: .*pulumi refresh --stack eu-1 .*npm run up/,
    );
    const known = { ...lost, deployment: 'd2', result: 'succeeded', suspects: [] } as const;
    expect(
      endLines([
        { type: 'apply-ended', ...lost },
        { type: 'apply-ended', ...known },
      ]),
    ).to.deep.equal([]);
  });

  it('names the errors of what failed, and alike ends together', () => {
    const details = [
      'urn:pulumi:eu-1::shop::shop:web:Web$kubernetes:apps/v1:Deployment::web: quota exceeded',
      'b: two',
      'c: three',
      'd: four',
      'e: five',
    ];
    const failure = { kind: 'failed', message: 'x', details } as const;
    const events: readonly LedgerEvent[] = [
      { type: 'apply-ended', ...apply, deployment: 'd1', direction: 'forward', result: 'failed', failure },
      {
        type: 'rollout-ended',
        rollout,
        release: 'beta.2',
        outcome: 'rolled back',
        reason: '',
        stacks: { 'eu-1': 'taken back', 'eu-2': 'not started', 'us-1': 'taken back' },
      },
    ];
    expect(endLines(events)).to.deep.equal([
      '  eu-1: kubernetes:apps/v1:Deployment web: quota exceeded',
      '  eu-1: b: two',
      '  eu-1: c: three',
      '  eu-1: … and 2 more',
      '  taken back: eu-1, us-1',
      '  not started: eu-2',
    ]);
  });
});
