import { expect } from 'chai';
import type { Verdict } from '../../src/core/check';
import { advance, opened, type RolloutState } from '../../src/core/rollout';
import { healthOf } from '../../src/core/stack-health';
import { type Instant, instant } from '../../src/core/time';
import { Watch } from '../../src/rollout/watch';
import { pin, seconds } from './estate';

/** A rollout in which `eu-1` was updated at second 0. */
function updated(): RolloutState {
  const contents = { web: { component: 'web', track: 'beta', release: 'beta.2', ...pin('v2') } };
  const check = {
    name: 'answers',
    test: { kind: 'output', output: 'web', condition: { exists: true } },
    every: seconds(10),
    pass: { needed: 1, of: 1 },
    timeout: seconds(1),
  } as const;
  const target = {
    stack: 'eu-1',
    channel: 'all',
    critical: false,
    dependsOn: [],
    moves: ['web'],
    contents,
    checks: [check],
  };
  const channel = {
    name: 'all',
    soak: seconds(30),
    onFailure: 'take-back',
    failureBudget: 0,
    waves: [['eu-1']],
  } as const;
  const plan = {
    kind: 'up',
    track: 'beta',
    release: 'beta.2',
    channels: [channel],
    targets: { 'eu-1': target },
    already: [],
  } as const;
  const rollout = 'r';
  const apply = { rollout, deployment: 'd', stack: 'eu-1', direction: 'forward' } as const;
  return (
    [
      { type: 'apply-started', ...apply, attempt: 1, release: 'beta.2', contents },
      { type: 'apply-ended', ...apply, result: 'succeeded', outputs: {} },
    ] as const
  ).reduce<RolloutState>(
    (state, event) => advance(state, { event, at: instant(0), actor: '' }),
    opened({
      type: 'rollout-started',
      rollout,
      kind: 'up',
      release: 'beta.2',
      plan,
      pinsBefore: {},
      pinsAfter: {},
    }),
  );
}

/** Samples at these seconds, with these verdicts. */
async function watched(
  samples: readonly (readonly [at: number, verdict: Verdict])[],
  { resolution } = { resolution: 1 },
): Promise<Watch> {
  let now: Instant = instant(0);
  let verdict: Verdict = 'healthy';
  const health = { sample: async () => ({ verdict, reason: verdict }) };
  const clock = { now: () => now, until: async () => undefined, resolution: seconds(resolution), scale: 1 };
  const watch = new Watch({ health, clock }, 'r', new AbortController().signal, () => undefined);
  for (const [at, says] of samples) {
    now = instant(at * 1000);
    verdict = says;
    await sampleAt(watch, at);
  }
  return watch;
}

async function sampleAt(watch: Watch, second: number): Promise<void> {
  watch.sampleDue(updated(), instant(second * 1000));
  await new Promise((resolve) => setImmediate(resolve));
}

const stretches = (watch: Watch) =>
  watch
    .lines()
    .flatMap(({ event }) =>
      event.type === 'sampled' ? [[event.verdict, event.from / 1000, event.until / 1000, event.samples]] : [],
    );

describe('watching health', () => {
  it('records equal samples as one stretch, a turn as another', async () => {
    const watch = await watched([
      [1, 'healthy'],
      [11, 'healthy'],
      [21, 'healthy'],
      [31, 'unhealthy'],
      [41, 'unhealthy'],
    ]);
    expect(stretches(watch)).to.deep.equal([
      ['healthy', 1, 21, 3],
      ['unhealthy', 31, 41, 2],
    ]);
  });

  it('never bridges a gap of more than two intervals', async () => {
    const watch = await watched([
      [1, 'healthy'],
      [11, 'healthy'],
      [60, 'healthy'],
      [70, 'healthy'],
    ]);
    expect(stretches(watch)).to.deep.equal([
      ['healthy', 1, 11, 2],
      ['healthy', 60, 70, 2],
    ]);
    expect(healthOf(watch.onTopOf(updated()), 'eu-1', instant(70_000)).soaked).to.equal(seconds(20));
  });

  it("samples at the check's interval and no more often", async () => {
    const watch = await watched([
      [1, 'healthy'],
      [2, 'healthy'],
      [10, 'healthy'],
      [11, 'healthy'],
    ]);
    expect(stretches(watch)).to.deep.equal([['healthy', 1, 11, 2]]);
  });

  it('leads to the same state recorded as unrecorded, wherever it was cut', async () => {
    const samples = [
      [1, 'healthy'],
      [11, 'healthy'],
      [21, 'unknown'],
      [31, 'healthy'],
      [41, 'healthy'],
    ] as const;
    const whole = (await watched(samples)).onTopOf(updated());
    for (let cut = 1; cut < samples.length; cut++) {
      const first = await watched(samples.slice(0, cut));
      const recorded = first
        .lines()
        .reduce(
          (state, { event, at }) => advance(state, { event, at: at ?? instant(0), actor: '' }),
          updated(),
        );
      const rest = await watched(samples.slice(cut));
      expect(healthOf(rest.onTopOf(recorded), 'eu-1', instant(41_000))).to.deep.equal(
        healthOf(whole, 'eu-1', instant(41_000)),
      );
      first.recorded(first.lines());
      expect(first.lines()).to.deep.equal([]);
    }
  });

  it('takes a busy machine for no gap where a fast clock asks for more samples than it can take', async () => {
    const watch = await watched(
      [
        [10, 'healthy'],
        [30, 'healthy'],
        [80, 'healthy'],
      ],
      { resolution: 20 },
    );
    expect(stretches(watch)).to.deep.equal([['healthy', 10, 80, 3]]);
  });

  it('loses no sample that comes while others are on their way into the ledger, and hands none over twice', async () => {
    const watch = await watched([
      [1, 'healthy'],
      [11, 'healthy'],
    ]);
    const onTheirWay = watch.lines();
    await sampleAt(watch, 21);
    watch.recorded(onTheirWay);
    expect(stretches(watch)).to.deep.equal([['healthy', 21, 21, 1]]);
    await sampleAt(watch, 31);
    expect(watch.lines().map(({ key }) => key)).not.to.include(onTheirWay[0]?.key);
    const recorded = [...onTheirWay, ...watch.lines()].reduce(
      (state, { event, at }) => advance(state, { event, at: at ?? instant(0), actor: '' }),
      updated(),
    );
    expect(healthOf(recorded, 'eu-1', instant(31_000)).soaked).to.equal(seconds(30));
  });

  it('asks nothing of a world that is gone: a sample that comes after the end counts for nothing', async () => {
    let answer = (): void => undefined;
    let isGone = false;
    let asked = 0;
    const clock = {
      now: () => {
        if (isGone) asked += 1;
        return instant(1_000);
      },
      until: async () => undefined,
      resolution: seconds(1),
      scale: 1,
    };
    const health = {
      sample: (_: unknown, __: unknown, signal: AbortSignal) =>
        new Promise<{ verdict: Verdict; reason: string }>((resolve) => {
          answer = () => resolve({ verdict: 'healthy', reason: `cancelled: ${signal.aborted}` });
        }),
    };
    let samples = 0;
    const watch = new Watch({ health, clock }, 'r', new AbortController().signal, () => {
      samples += 1;
    });
    await sampleAt(watch, 1);
    watch.close();
    isGone = true;
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    expect([asked, samples, stretches(watch)]).to.deep.equal([0, 0, []]);
  });

  it('takes no sample that is as old as the update itself', async () => {
    expect(stretches(await watched([[0, 'healthy']]))).to.deep.equal([]);
  });
});
