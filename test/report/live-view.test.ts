import { expect } from 'chai';
import type { LedgerEvent } from '../../src/core/event';
import { duration, type Instant } from '../../src/core/time';
import { width } from '../../src/report/columns';
import { emptyLive, type LiveState, takeEvent, takeHealth, takeProgress } from '../../src/report/live-state';
import { busyText, liveView, type Screen } from '../../src/report/live-view';
import { plain } from '../../src/report/paint';
import { HOSTILE, later, minutes, plan, start, started } from './sample';

const rollout = 'beta-2-abc';
const PLAN = plan({ test: [['eu-1'], ['eu-2', 'us-1']], production: [['shop-1']] });
const apply = (stack: string, direction: 'forward' | 'back' = 'forward') =>
  ({ rollout, deployment: `d-${stack}`, stack, direction }) as const;
const begun = (stack: string, direction: 'forward' | 'back' = 'forward'): LedgerEvent => ({
  type: 'apply-started',
  ...apply(stack, direction),
  attempt: 1,
  contents: {},
});
const done = (stack: string, direction: 'forward' | 'back' = 'forward'): LedgerEvent => ({
  type: 'apply-ended',
  ...apply(stack, direction),
  result: 'succeeded',
});
const wave = (index: number, channel: string): LedgerEvent => ({
  type: 'wave-started',
  rollout,
  wave: index,
  channel,
  stacks: [],
});

const live = (...events: readonly LedgerEvent[]): LiveState =>
  [started(PLAN), ...events].reduce((state, event) => takeEvent(state, event, start), emptyLive);

const healthy = (soaked: number) =>
  ({
    verdict: 'healthy',
    soaked: minutes(soaked),
    wanted: minutes(120),
    isSoaked: soaked >= 120,
    reason: 'all checks pass',
  }) as const;

const screen = (now: Instant, some: Partial<Screen> = {}): Screen => ({
  rows: 24,
  columns: 80,
  paint: plain,
  frame: 0,
  now,
  title: 'embedded engine, sandbox cloud',
  ...some,
});

const view = (state: LiveState, now: Instant = later(1), some: Partial<Screen> = {}): readonly string[] =>
  liveView(state, screen(now, some)).split('\n');

describe('the live view', () => {
  it('shows stacks that wait by channel and wave', () => {
    expect(view(live())).to.deep.equal([
      'beta.2 → 4 stacks   embedded engine, sandbox cloud',
      'test        wave 1  · eu-1',
      '            wave 2  · eu-2',
      '                    · us-1',
      'production  wave 3  · shop-1',
      '0 of 4 updated · 1m so far',
    ]);
  });

  it('shows what an update works on and how far it is', () => {
    const urn = 'urn:pulumi:eu-1::shop::shop:web:Web$kubernetes:apps/v1:Deployment::web';
    const steps = [
      { step: 'create', urn, done: false },
      { step: 'create', urn, done: true },
      { step: 'update', urn, done: false },
    ] as const;
    const state = steps.reduce(
      (before, progress) => takeProgress(before, 'eu-1', progress),
      live(wave(0, 'test'), begun('eu-1')),
    );
    expect(view(state)[1]).to.equal(
      'test        wave 1  ⠋ eu-1    updating, 1 step: updating Deployment web',
    );
    expect(view(state, later(1), { frame: 3 })[1]).to.contain('⠸ eu-1');
    expect(view(state).at(-1)).to.equal('0 of 4 updated · wave 1 of 3 · 1m so far');
  });

  it('counts the soak of healthy stacks down to nothing, and shows it for the last stack in the summary', () => {
    const soaking = live(wave(1, 'test'), done('eu-2'), done('us-1'));
    const both = takeHealth(
      takeHealth(soaking, 'eu-2', healthy(90), later(90)),
      'us-1',
      healthy(30),
      later(90),
    );
    const lines = (at: number) => view(both, later(at)).filter((line) => line.includes('soaking'));
    expect(lines(90)).to.deep.equal([
      '            wave 2  ⠋ eu-2    soaking, 30m left',
      '                    ⠋ us-1    soaking, 1h 30m left',
      '2 of 4 updated · wave 2 of 3 · soaking test: 1h 30m left · 1h 30m so far',
    ]);
    expect(lines(110)[0]).to.contain('soaking, 10m left');
    expect(lines(400)).to.deep.equal([
      '            wave 2  ⠋ eu-2    soaking',
      '                    ⠋ us-1    soaking',
    ]);
    expect(view(takeHealth(both, 'eu-2', healthy(120), later(120)), later(120))[2]).to.contain(
      '✔ eu-2    healthy',
    );
  });

  it('stops the countdown of a stack that is not healthy and says why', () => {
    const unhealthy = { ...healthy(30), verdict: 'unhealthy', reason: 'shop answers: 503' } as const;
    const state = takeHealth(live(wave(0, 'test'), done('eu-1')), 'eu-1', unhealthy, later(30));
    expect(view(state, later(80))[1]).to.equal(
      'test        wave 1  ⠋ eu-1    soaking, 1h 30m left: shop answers: 503',
    );
    const again = takeHealth(
      takeHealth(state, 'eu-1', healthy(120), later(90)),
      'eu-1',
      unhealthy,
      later(95),
    );
    expect(view(again, later(96))[1]).to.contain('soaking, 1h 30m left');
  });

  it('takes a stack that soaked for healthy until a check fails, not while a sample is late', () => {
    const soaked = takeHealth(live(wave(0, 'test'), done('eu-1')), 'eu-1', healthy(120), later(120));
    const late = takeHealth(
      soaked,
      'eu-1',
      { ...healthy(120), verdict: 'unknown', isSoaked: false },
      later(121),
    );
    expect(view(late)[1]).to.contain('✔ eu-1    healthy');
    const down = { ...healthy(0), verdict: 'unhealthy', reason: 'shop answers: 503' } as const;
    expect(view(takeHealth(late, 'eu-1', down, later(122)), later(122))[1]).to.contain(
      'soaking, 2h left: shop answers: 503',
    );
  });

  it('shows no soak while a stack of the wave is still being updated', () => {
    const state = takeHealth(live(wave(1, 'test'), done('eu-2'), begun('us-1')), 'eu-2', healthy(0), start);
    expect(view(state).at(-1)).to.equal('1 of 4 updated · wave 2 of 3 · 1m so far');
  });

  it('shows what is unhealthy, what failed, what goes back and what is back, and counts them', () => {
    const state = live(
      wave(1, 'test'),
      done('eu-1', 'back'),
      { type: 'stack-unhealthy', rollout, stack: 'eu-2', reason: 'pods are ready: 0 of 1' },
      {
        type: 'apply-ended',
        ...apply('us-1'),
        result: 'failed',
        failure: { kind: 'failed', message: 'BucketAlreadyExists', details: [] },
      },
      begun('shop-1', 'back'),
    );
    expect(view(state).slice(1)).to.deep.equal([
      'test        wave 1  ↩ eu-1    taken back',
      '            wave 2  ✖ eu-2    unhealthy: pods are ready: 0 of 1',
      '                    ✖ us-1    failed: BucketAlreadyExists',
      'production  wave 3  ⠋ shop-1  going back',
      '0 of 4 updated · 1 unhealthy · 1 failed · 1 taken back · wave 2 of 3 · 1m so far',
    ]);
  });

  it('ends with what became of every stack', () => {
    const state = live(wave(1, 'test'), done('eu-1'), begun('eu-2'), {
      type: 'rollout-ended',
      rollout,
      release: 'beta.2',
      outcome: 'stuck',
      reason: '',
      stacks: { 'eu-1': 'taken back', 'eu-2': 'unknown', 'us-1': 'failed', 'shop-1': 'not started' },
    });
    expect(view(state).slice(1)).to.deep.equal([
      'test        wave 1  ↩ eu-1    taken back',
      '            wave 2  ? eu-2    unknown',
      '                    ✖ us-1    failed',
      'production  wave 3  · shop-1',
      '0 of 4 updated · 1 failed · 1 unknown · 1 taken back · 1m so far',
    ]);
  });

  it('begins anew with the next rollout', () => {
    const state = takeEvent(
      live(done('eu-1')),
      started(plan({ test: [['a']] }, { release: 'beta.3' })),
      later(60),
    );
    expect(view(state, later(61))).to.deep.equal([
      'beta.3 → 1 stack   embedded engine, sandbox cloud',
      'test  wave 1  · a',
      '0 of 1 updated · 1m so far',
    ]);
  });

  it('keeps the current wave on the screen where there are too many rows for it', () => {
    const names = Array.from({ length: 40 }, (_, index) => `s-${index}`);
    const many = plan({ test: names.map((name) => [name]) });
    const state = [started(many), wave(30, 'test'), begun('s-30')].reduce(
      (before, event) => takeEvent(before, event, start),
      emptyLive,
    );
    for (const rows of [24, 12, 6, 1]) {
      const lines = view(state, later(1), { rows });
      expect(lines.length).to.be.at.most(Math.max(3, rows - 3));
      if (rows > 6) expect(lines.some((line) => line.includes('s-30'))).to.equal(true);
      expect(lines.at(-1)).to.match(/\d+ stacks not shown$/);
    }
  });

  it('never is wider than the terminal, and drops channel and wave where it is narrow', () => {
    const urn = `urn:pulumi:eu-1::shop::aws:s3/bucket:Bucket::${'long'.repeat(30)}`;
    const state = takeProgress(live(wave(0, 'test'), begun('eu-1')), 'eu-1', {
      step: 'create',
      urn,
      done: false,
    });
    for (const size of [120, 80, 59, 20, 5, 1])
      for (const line of view(state, later(1), { columns: size })) expect(width(line)).to.be.at.most(size);
    expect(view(state, later(1), { columns: 40 })[1]).to.equal('⠋ eu-1    updating: creating Bucket lon…');
  });

  it('lets no failure move the cursor', () => {
    const state = live({ type: 'stack-unhealthy', rollout, stack: 'eu-1', reason: HOSTILE });
    expect(view(state)).to.have.length(6);
    expect(view(state).join('')).not.to.match(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('the line between long silences', () => {
  it('says who is busy with what, and how far the rollout is', () => {
    const updating = live(wave(1, 'test'), done('eu-1'), begun('eu-2'));
    const state = takeHealth(updating, 'eu-1', { ...healthy(0), wanted: duration(0) }, start);
    expect(busyText(state, later(2))).to.equal(
      'eu-1 soaking · eu-2 updating · 1 of 4 updated · wave 2 of 3 · 2m so far',
    );
  });
});
